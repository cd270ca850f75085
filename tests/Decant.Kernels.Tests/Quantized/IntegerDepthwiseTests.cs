using Decant.Kernels.Conv;
using Decant.Kernels.Quantized;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Tests.Quantized;

public sealed class IntegerDepthwiseTests
{
    public static TheoryData<string> Geometries => [.. Shapes.Keys];

    private static readonly Dictionary<string, DepthwiseGeometry> Shapes = new()
    {
        ["3x3, 32"] = new(1, WindowAxis.Same(9, 3, 1), WindowAxis.Same(11, 3, 1), 32),
        ["3x3/2, 40, batch 2"] = new(2, WindowAxis.Same(9, 3, 2), WindowAxis.Same(10, 3, 2), 40),
        ["3x3, 24"] = new(1, WindowAxis.Same(5, 3, 1), WindowAxis.Same(8, 3, 1), 24),
        ["3x3 valid, 64"] = new(1, WindowAxis.Valid(5, 3, 1), WindowAxis.Valid(6, 3, 1), 64),
        ["4x3, 33"] = new(1, WindowAxis.Same(5, 4, 1), WindowAxis.Same(6, 3, 1), 33),
        ["3x3, 16, long rows"] = new(1, WindowAxis.Same(3, 3, 1), WindowAxis.Same(600, 3, 1), 16),
        ["3x3, 4"] = new(2, WindowAxis.Same(4, 3, 1), WindowAxis.Same(9, 3, 1), 4),
        ["3x3, 1"] = new(1, WindowAxis.Same(4, 3, 1), WindowAxis.Same(37, 3, 1), 1),
        ["3x3, 8"] = new(1, WindowAxis.Same(6, 3, 1), WindowAxis.Same(7, 3, 1), 8),
        ["5x5, 7"] = new(1, WindowAxis.Same(6, 5, 1), WindowAxis.Same(7, 5, 2), 7),
        ["3x3 dilated by 4, 65"] = new(1, WindowAxis.Same(9, 3, 1, 4), WindowAxis.Same(5, 3, 1, 4), 65),
        ["2x1 valid, 3"] = new(2, WindowAxis.Valid(6, 2, 3), WindowAxis.Valid(7, 1, 1), 3),
        ["1x1, 100"] = new(1, WindowAxis.Same(3, 1, 1), WindowAxis.Same(200, 1, 1), 100),
    };

    [Theory]
    [MemberData(nameof(Geometries))]
    public void Every_kernel_gives_the_bits_of_the_reference(string name)
    {
        DepthwiseGeometry g = Shapes[name];
        foreach (IntegerCase of in IntegerCase.All())
        {
            byte[] x = of.Bytes(1, g.InputCount * (of.Kind == IntegerKind.Int16 ? 2 : 1)), filter = of.Bytes(2, g.FilterCount);
            (FixedPoint[] factors, int[] bias) = of.Scales(g.OutChannels, 9);
            short[] shorts = IntegerCase.Shorts(x, of.Kind, of.ZeroPoint), weights = of.Weights(filter);
            byte[] expected = of.Expected(factors, bias, g.OutputCount, sink => IntegerConvolution.Depthwise(shorts, weights, g, sink, WorkerPool.Inline));
            IntegerConvTests.EachDotAndWidth(row =>
            {
                IntegerDepthwiseFilter packed = IntegerDepthwiseFilter.Pack(filter, of.SignedWeights, of.WeightZeroPoint, g, of.Kind == IntegerKind.Int16);
                byte[] y = new byte[expected.Length];
                IntegerDepthwise.Run(x, of.Form, g, packed, new Requantizer(factors, bias, of.Output, of.Form, packed.Weights), y, WorkerPool.Inline);
                Assert.True(expected.AsSpan().SequenceEqual(y), $"{name}, {of}, {row}: element {expected.AsSpan().CommonPrefixLength(y)} of {expected.Length}");
            });
        }
    }

    [Theory]
    [MemberData(nameof(Geometries))]
    public void Biases_of_64_bits_give_the_bits_of_the_reference(string name)
    {
        DepthwiseGeometry g = Shapes[name];
        foreach (long biasFactor in new[] { 1, 1_000_000_000L })
        {
            IntegerCase of = IntegerCase.All().Last(c => c.Kind == IntegerKind.Int16);
            byte[] x = of.Bytes(1, g.InputCount * 2), filter = of.Bytes(2, g.FilterCount), expected = new byte[g.OutputCount * 2];
            (FixedPoint[] factors, int[] bias) = of.Scales(g.OutChannels, 9);
            long[] biases = Array.ConvertAll(bias, b => (b * biasFactor) + 1);
            short[] shorts = IntegerCase.Shorts(x, of.Kind, 0);
            IntegerConvolution.Depthwise(shorts, of.Weights(filter), g, new IntegerConvTests.LongSink(factors, biases, expected), WorkerPool.Inline);
            IntegerConvTests.EachDotAndWidth(row =>
            {
                IntegerDepthwiseFilter packed = IntegerDepthwiseFilter.Pack(filter, true, 0, g, isWide: true);
                byte[] y = new byte[expected.Length];
                IntegerDepthwise.Run(shorts, g, packed, new LongRequantizer(factors, biases, of.Output, packed.Weights), y, WorkerPool.Inline);
                Assert.True(expected.AsSpan().SequenceEqual(y), $"{name}, {row}: byte {expected.AsSpan().CommonPrefixLength(y)} of {expected.Length}");
            });
        }
    }

    [Fact]
    public void Results_do_not_depend_on_the_number_of_threads()
    {
        DepthwiseGeometry g = new(2, WindowAxis.Same(50, 3, 1), WindowAxis.Same(50, 3, 1), 48);
        IntegerCase of = IntegerCase.All().ElementAt(3);
        byte[] x = of.Bytes(1, g.InputCount), filter = of.Bytes(2, g.FilterCount);
        (FixedPoint[] factors, int[] bias) = of.Scales(g.OutChannels, 9);
        IntegerDepthwiseFilter packed = IntegerDepthwiseFilter.Pack(filter, of.SignedWeights, of.WeightZeroPoint, g);
        var requantizer = new Requantizer(factors, bias, of.Output, of.Form, packed.Weights);
        Variants.SameOnAnyThreads(pool =>
        {
            byte[] y = new byte[g.OutputCount];
            IntegerDepthwise.Run(x, of.Form, g, packed, requantizer, y, pool);
            return Array.ConvertAll(y, b => (float)b);
        }, "an integer depthwise convolution");
    }
}
