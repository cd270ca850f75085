using Decant.Kernels.Conv;
using Decant.Kernels.Quantized;
using Decant.Kernels.Threading;

namespace Decant.Bench;

/// <summary>Products and convolutions of bytes, judged by what the dot-product instruction in force reaches.</summary>
internal static class KernelsIntegerRows
{
    public static IEnumerable<KernelsRow> All() => [.. Products(), .. Convolutions(), .. Depthwise()];

    private static IEnumerable<KernelsRow> Products()
    {
        foreach ((int m, int k, int n) in new[] { (1024, 1024, 1024), (12544, 32, 64), (3136, 128, 128), (196, 512, 512), (49, 1024, 1024), (1, 1024, 1001) })
        {
            yield return Convolution("int8 gemm", $"{m}x{k}x{n}", IntegerConv.Rows(m, k, n), IntegerKind.Int8, 0, "95 %");
            yield return Convolution("uint8 gemm, zero points", $"{m}x{k}x{n}", IntegerConv.Rows(m, k, n), IntegerKind.UInt8, 120, "");
        }
    }

    private static IEnumerable<KernelsRow> Convolutions()
    {
        foreach ((int size, int kernel, int stride, int channelsIn, int channelsOut) in new[] { (56, 3, 1, 64, 64), (14, 3, 1, 256, 256), (224, 3, 2, 3, 32) })
        {
            ConvGeometry g = ConvGeometry.Create2D(1, WindowAxis.Same(size, kernel, stride), WindowAxis.Same(size, kernel, stride), channelsIn, channelsOut);
            yield return Convolution($"int8 conv {kernel}x{kernel}/{stride}", $"{size}x{size}x{channelsIn} to {channelsOut}", g, IntegerKind.Int8, 0, "");
        }
    }

    private static IEnumerable<KernelsRow> Depthwise()
    {
        foreach ((int size, int channels) in new[] { (112, 32), (56, 128), (14, 512) })
        {
            DepthwiseGeometry g = new(1, WindowAxis.Same(size, 3, 1), WindowAxis.Same(size, 3, 1), channels);
            byte[] x = Bytes(g.InputCount), y = new byte[g.OutputCount];
            ActivationForm form = new(IntegerKind.Int8, -3);
            IntegerDepthwiseFilter filter = IntegerDepthwiseFilter.Pack(Bytes(g.FilterCount), true, 0, g);
            var requantizer = new Requantizer([FixedPoint.Of(0.001)], new int[channels], Output(IntegerKind.Int8, Rounding.AwayFromZero), form, filter.Weights);
            yield return new("int8 depthwise 3x3", $"{size}x{size}x{channels}", KernelsLimit.Dot, 18.0 * g.OutputCount, "", pool => IntegerDepthwise.Run(x, form, g, filter, requantizer, y, pool));
        }
    }

    private static KernelsRow Convolution(string name, string shape, ConvGeometry g, IntegerKind kind, int weightZero, string goal)
    {
        byte[] x = Bytes(g.InputCount), y = new byte[g.OutputCount];
        ActivationForm form = new(kind, kind == IntegerKind.Int8 ? -3 : 125);
        IntegerMatrix[] filter = IntegerConv.Pack(Bytes(g.FilterCount), kind == IntegerKind.Int8, weightZero, g);
        var requantizer = new Requantizer([FixedPoint.Of(0.001)], new int[g.OutChannels], Output(kind, Rounding.HalfUp), form, WeightSums.Of(filter));
        return new(name, shape, KernelsLimit.Dot, 2.0 * g.OutputCount * g.Taps * g.GroupIn, goal, pool => IntegerConv.Run(x, form, g, filter, requantizer, y, pool));
    }

    private static QuantizedOutput Output(IntegerKind kind, Rounding rounding) => kind == IntegerKind.Int8 ? new(kind, -3, -128, 127, rounding) : new(kind, 125, 0, 255, rounding);

    private static byte[] Bytes(long count)
    {
        byte[] bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
