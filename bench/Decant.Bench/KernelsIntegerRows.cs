using System.Runtime.InteropServices;
using Decant.Kernels.Conv;
using Decant.Kernels.Quantized;
using Decant.Kernels.Threading;

namespace Decant.Bench;

/// <summary>Products and convolutions of bytes, judged by what the dot-product instruction in force reaches.</summary>
internal static class KernelsIntegerRows
{
    public static IEnumerable<KernelsRow> All() => [.. Products(), .. Convolutions(), .. Depthwise(), .. Wide(), .. Packing()];

    private static IEnumerable<KernelsRow> Products()
    {
        foreach ((int m, int k, int n) in new[] { (1024, 1024, 1024), (12544, 32, 64), (3136, 128, 128), (196, 512, 512), (49, 1024, 1024), (1, 1024, 1001), (3600, 8, 16), (125, 64, 64) })
        {
            yield return Convolution("int8 gemm", $"{m}x{k}x{n}", IntegerConv.Rows(m, k, n), IntegerKind.Int8, 0, "95 %");
            yield return Convolution("uint8 gemm, zero points", $"{m}x{k}x{n}", IntegerConv.Rows(m, k, n), IntegerKind.UInt8, 120, "");
        }
    }

    private static IEnumerable<KernelsRow> Convolutions()
    {
        foreach ((int size, int kernel, int stride, int channelsIn, int channelsOut) in new[] { (56, 3, 1, 64, 64), (14, 3, 1, 256, 256), (224, 3, 2, 3, 32), (62, 3, 1, 8, 8), (62, 3, 1, 1, 8) })
        {
            ConvGeometry g = ConvGeometry.Create2D(1, WindowAxis.Same(size, kernel, stride), WindowAxis.Same(size, kernel, stride), channelsIn, channelsOut);
            yield return Convolution($"int8 conv {kernel}x{kernel}/{stride}", $"{size}x{size}x{channelsIn} to {channelsOut}", g, IntegerKind.Int8, 0, "");
        }
    }

    private static IEnumerable<KernelsRow> Depthwise()
    {
        foreach ((int size, int channels) in new[] { (112, 32), (56, 128), (14, 512), (60, 8), (60, 16) })
        {
            DepthwiseGeometry g = new(1, WindowAxis.Same(size, 3, 1), WindowAxis.Same(size, 3, 1), channels);
            byte[] x = Bytes(g.InputCount), y = new byte[g.OutputCount];
            ActivationForm form = new(IntegerKind.Int8, -3);
            IntegerDepthwiseFilter filter = IntegerDepthwiseFilter.Pack(Bytes(g.FilterCount), true, 0, g);
            var requantizer = new Requantizer([FixedPoint.Of(0.001)], new int[channels], Output(IntegerKind.Int8, Rounding.AwayFromZero), form, filter.Weights);
            yield return new("int8 depthwise 3x3", $"{size}x{size}x{channels}", KernelsLimit.Dot, 18.0 * g.OutputCount, "", pool => IntegerDepthwise.Run(x, form, g, filter, requantizer, y, pool));
        }
    }

    /// <summary>16-bit activations with biases of 64 bits; sums that fit 32 bits, and longer ones.</summary>
    private static IEnumerable<KernelsRow> Wide()
    {
        foreach ((int m, int k, int n) in new[] { (3136, 128, 128), (49, 1024, 1024), (1, 1024, 1001) })
            yield return Wide("int16x8 gemm", $"{m}x{k}x{n}", IntegerConv.Rows(m, k, n));
        foreach ((int size, int channels) in new[] { (56, 64), (62, 8) })
            yield return Wide("int16x8 conv 3x3/1", $"{size}x{size}x{channels} to {channels}", ConvGeometry.Create2D(1, WindowAxis.Same(size, 3, 1), WindowAxis.Same(size, 3, 1), channels, channels));
        foreach ((int size, int channels) in new[] { (112, 32), (14, 512), (64, 8) })
        {
            DepthwiseGeometry g = new(1, WindowAxis.Same(size, 3, 1), WindowAxis.Same(size, 3, 1), channels);
            short[] x = Shorts(g.InputCount);
            byte[] y = new byte[g.OutputCount * sizeof(short)];
            IntegerDepthwiseFilter filter = IntegerDepthwiseFilter.Pack(Bytes(g.FilterCount), true, 0, g, isWide: true);
            var requantizer = new LongRequantizer([FixedPoint.Of(0.001)], new long[channels], Output(IntegerKind.Int16, Rounding.HalfUp), filter.Weights);
            yield return new("int16x8 depthwise 3x3", $"{size}x{size}x{channels}", KernelsLimit.Dot, 18.0 * g.OutputCount, "", pool => IntegerDepthwise.Run(x, g, filter, requantizer, y, pool));
        }
    }

    private static KernelsRow Wide(string name, string shape, ConvGeometry g)
    {
        short[] x = Shorts(g.InputCount);
        byte[] y = new byte[g.OutputCount * sizeof(short)];
        IntegerMatrix[] filter = IntegerConv.Pack(Bytes(g.FilterCount), true, 0, g, isWide: true);
        var requantizer = new LongRequantizer([FixedPoint.Of(0.001)], new long[g.OutChannels], Output(IntegerKind.Int16, Rounding.HalfUp), WeightSums.Of(filter));
        return new(name, shape, KernelsLimit.Dot, 2.0 * g.OutputCount * g.Taps * g.GroupIn, "", pool => IntegerConv.Run(x, g, filter, requantizer, y, pool));
    }

    private static IEnumerable<KernelsRow> Packing()
    {
        foreach ((int k, int n) in new[] { (1024, 1024), (27, 32) })
        {
            byte[] weights = Bytes((long)k * n);
            yield return new("int8 pack", $"{k}x{n}", KernelsLimit.Copy, 2.0 * k * n, "", _ => IntegerMatrix.Pack(weights, true, 0, k, n).Dispose());
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

    private static QuantizedOutput Output(IntegerKind kind, Rounding rounding) => kind switch
    {
        IntegerKind.Int8 => new(kind, -3, -128, 127, rounding),
        IntegerKind.UInt8 => new(kind, 125, 0, 255, rounding),
        _ => new(kind, 0, short.MinValue, short.MaxValue, rounding),
    };

    private static short[] Shorts(long count) => MemoryMarshal.Cast<byte, short>(Bytes(count * sizeof(short))).ToArray();

    private static byte[] Bytes(long count)
    {
        byte[] bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
