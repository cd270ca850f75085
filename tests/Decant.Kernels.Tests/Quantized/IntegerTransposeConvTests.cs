using System.Runtime.InteropServices;
using Decant.Kernels.Conv;
using Decant.Kernels.Quantized;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Tests.Quantized;

public sealed class IntegerTransposeConvTests
{
    public static TheoryData<string> Geometries => [.. Shapes.Keys];

    // Of the convolution whose transpose is meant: its input is the output.
    private static readonly Dictionary<string, ConvGeometry> Shapes = new()
    {
        ["4x4/2, 24 to 16"] = ConvGeometry.Create2D(1, WindowAxis.Same(12, 4, 2), WindowAxis.Same(10, 4, 2), 16, 24),
        ["3x3/2, 13 to 5, batch 2"] = ConvGeometry.Create2D(2, WindowAxis.Same(9, 3, 2), WindowAxis.Same(7, 3, 2), 5, 13),
        ["2x2/2, 8 to 33"] = ConvGeometry.Create2D(1, WindowAxis.Valid(8, 2, 2), WindowAxis.Valid(6, 2, 2), 33, 8),
        ["3x5/1 valid, 7 to 1"] = ConvGeometry.Create2D(1, WindowAxis.Valid(9, 3, 1), WindowAxis.Valid(11, 5, 1), 1, 7),
        ["2x1/3, gaps between windows"] = ConvGeometry.Create2D(2, WindowAxis.Valid(8, 2, 3), WindowAxis.Valid(7, 1, 3), 4, 12),
        ["5x5/2, more windows than fit"] = ConvGeometry.Create2D(1, WindowAxis.Same(9, 5, 2) with { Output = 7 }, WindowAxis.Same(9, 5, 2) with { Output = 6 }, 8, 40),
        ["4x4/2, in bands"] = ConvGeometry.Create2D(1, WindowAxis.Same(66, 4, 2), WindowAxis.Same(62, 4, 2), 24, 16),
    };

    [Theory]
    [MemberData(nameof(Geometries))]
    public void Every_kernel_gives_the_bits_of_the_definition(string name)
    {
        ConvGeometry g = Shapes[name];
        foreach (IntegerCase of in IntegerCase.All())
        {
            byte[] x = of.Bytes(1, g.OutputCount * (of.Kind == IntegerKind.Int16 ? 2 : 1)), filter = of.Bytes(2, g.FilterCount);
            (FixedPoint[] factors, int[] bias) = of.Scales(g.InChannels, g.Taps * g.OutChannels);
            long[] sums = Sums(IntegerCase.Shorts(x, of.Kind, of.ZeroPoint), of.Weights(filter), g);
            byte[] expected = of.Expected(factors, bias, g.InputCount, sink =>
            {
                for (int i = 0; i < sums.Length; i++)
                    sink.Store(i, i % g.InChannels, sums[i]);
            });
            IntegerConvTests.EachDotAndWidth(row =>
            {
                IntegerMatrix[] packed = IntegerTransposeConv.Pack(filter, of.SignedWeights, of.WeightZeroPoint, g, of.Kind == IntegerKind.Int16);
                byte[] y = new byte[expected.Length];
                IntegerTransposeConv.Run(x, of.Form, g, packed, new Requantizer(factors, bias, of.Output, of.Form, IntegerTransposeConv.Weights(packed, g)), y, WorkerPool.Inline);
                Assert.True(expected.AsSpan().SequenceEqual(y), $"{name}, {of}, {row}: element {expected.AsSpan().CommonPrefixLength(y)} of {expected.Length}");
            });
        }
    }

    [Fact]
    public void Biases_of_64_bits_give_the_bits_of_the_definition()
    {
        ConvGeometry g = Shapes["4x4/2, 24 to 16"];
        IntegerCase of = IntegerCase.All().First(c => c.Kind == IntegerKind.Int16);
        byte[] x = of.Bytes(1, g.OutputCount * 2), filter = of.Bytes(2, g.FilterCount), expected = new byte[g.InputCount * 2], y = new byte[g.InputCount * 2];
        (FixedPoint[] factors, int[] bias) = of.Scales(g.InChannels, g.Taps * g.OutChannels);
        long[] biases = Array.ConvertAll(bias, b => b * 1000L);
        short[] shorts = IntegerCase.Shorts(x, of.Kind, 0);
        long[] sums = Sums(shorts, of.Weights(filter), g);
        var sink = new IntegerConvTests.LongSink(factors, biases, expected);
        for (int i = 0; i < sums.Length; i++)
            sink.Store(i, i % g.InChannels, sums[i]);
        IntegerMatrix[] packed = IntegerTransposeConv.Pack(filter, true, 0, g, isWide: true);
        var requantizer = new LongRequantizer(factors, biases, of.Output, IntegerTransposeConv.Weights(packed, g));
        Assert.True(requantizer.HasShortSums);
        IntegerTransposeConv.Run(shorts, g, packed, requantizer, y, WorkerPool.Inline);
        Assert.Equal(MemoryMarshal.Cast<byte, short>(expected).ToArray(), MemoryMarshal.Cast<byte, short>(y).ToArray());
    }

    [Fact]
    public void Results_do_not_depend_on_the_number_of_threads()
    {
        ConvGeometry g = Shapes["4x4/2, in bands"];
        IntegerCase of = IntegerCase.All().ElementAt(3);
        byte[] x = of.Bytes(1, g.OutputCount), filter = of.Bytes(2, g.FilterCount);
        (FixedPoint[] factors, int[] bias) = of.Scales(g.InChannels, g.Taps * g.OutChannels);
        IntegerMatrix[] packed = IntegerTransposeConv.Pack(filter, of.SignedWeights, of.WeightZeroPoint, g);
        var requantizer = new Requantizer(factors, bias, of.Output, of.Form, IntegerTransposeConv.Weights(packed, g));
        Variants.SameOnAnyThreads(pool =>
        {
            byte[] y = new byte[g.InputCount];
            IntegerTransposeConv.Run(x, of.Form, g, packed, requantizer, y, pool);
            return Array.ConvertAll(y, b => (float)b);
        }, "an integer transposed convolution");
    }

    /// <summary>Each pixel of the activations adds its products to a window of the output; filters are [output channels, taps, depth].</summary>
    private static long[] Sums(short[] x, short[] filter, ConvGeometry g)
    {
        long[] sums = new long[g.InputCount];
        for (int i = 0; i < x.Length; i++)
        {
            (int pixel, int d) = Math.DivRem(i, g.OutChannels);
            (int line, int ix) = Math.DivRem(pixel, g.Width.Output);
            (int n, int iy) = Math.DivRem(line, g.Height.Output);
            for (int o = 0; o < g.InChannels; o++)
            {
                for (int t = 0; t < g.Taps; t++)
                {
                    int oy = (iy * g.Height.Stride) - g.Height.PadBefore + (t / g.Width.Kernel), ox = (ix * g.Width.Stride) - g.Width.PadBefore + (t % g.Width.Kernel);
                    if ((uint)oy < (uint)g.Height.Input && (uint)ox < (uint)g.Width.Input)
                        sums[((((n * g.Height.Input) + oy) * g.Width.Input + ox) * g.InChannels) + o] += x[i] * filter[(((o * g.Taps) + t) * g.OutChannels) + d];
                }
            }
        }

        return sums;
    }
}
