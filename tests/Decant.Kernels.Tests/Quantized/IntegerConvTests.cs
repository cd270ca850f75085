using System.Runtime.InteropServices;
using Decant.Kernels.Conv;
using Decant.Kernels.Quantized;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Tests.Quantized;

public sealed class IntegerConvTests
{
    public static TheoryData<string> Geometries => [.. Shapes.Keys];

    private static readonly Dictionary<string, ConvGeometry> Shapes = new()
    {
        ["1x1, 32 to 64"] = ConvGeometry.Create2D(1, WindowAxis.Same(7, 1, 1), WindowAxis.Same(5, 1, 1), 32, 64),
        ["1x1, 13 to 19, batch 2"] = ConvGeometry.Create2D(2, WindowAxis.Same(3, 1, 1), WindowAxis.Same(5, 1, 1), 13, 19),
        ["1x1/2, 64 to 33"] = ConvGeometry.Create2D(1, WindowAxis.Same(7, 1, 2), WindowAxis.Same(8, 1, 2), 64, 33),
        ["3x3, 3 to 8"] = ConvGeometry.Create2D(1, WindowAxis.Same(9, 3, 2), WindowAxis.Same(11, 3, 2), 3, 8),
        ["3x3, 36 to 40"] = ConvGeometry.Create2D(1, WindowAxis.Same(6, 3, 1), WindowAxis.Same(5, 3, 1), 36, 40),
        ["3x3 dilated, 5 to 9"] = ConvGeometry.Create2D(1, WindowAxis.Same(8, 3, 1, 2), WindowAxis.Same(7, 3, 1, 3), 5, 9),
        ["5x1 valid, 17 to 3"] = ConvGeometry.Create2D(1, WindowAxis.Valid(9, 5, 1), WindowAxis.Valid(4, 1, 1), 17, 3),
        ["3x3 in 3 groups"] = ConvGeometry.Create2D(2, WindowAxis.Same(5, 3, 1), WindowAxis.Same(6, 3, 1), 12, 21, 3),
        ["3x3, 8 to 8"] = ConvGeometry.Create2D(1, WindowAxis.Same(4, 3, 1), WindowAxis.Valid(26, 3, 1), 8, 8),
        ["a row, 300 to 70"] = IntegerConv.Rows(1, 300, 70),
        ["13 rows, 1 to 1"] = IntegerConv.Rows(13, 1, 1),
        ["3 rows, 1500 to 1100"] = IntegerConv.Rows(3, 1500, 1100),
    };

    [Theory]
    [MemberData(nameof(Geometries))]
    public void Every_kernel_gives_the_bits_of_the_reference(string name)
    {
        ConvGeometry g = Shapes[name];
        foreach (IntegerCase of in IntegerCase.All())
        {
            byte[] x = of.Bytes(1, g.InputCount * (of.Kind == IntegerKind.Int16 ? 2 : 1)), filter = of.Bytes(2, g.FilterCount);
            (FixedPoint[] factors, int[] bias) = of.Scales(g.OutChannels, g.Taps * g.GroupIn);
            short[] shorts = IntegerCase.Shorts(x, of.Kind, of.ZeroPoint), weights = of.Weights(filter);
            byte[] expected = of.Expected(factors, bias, g.OutputCount, sink => IntegerConvolution.Run(shorts, weights, g, true, sink, WorkerPool.Inline));
            EachDotAndWidth(row =>
            {
                IntegerMatrix[] packed = IntegerConv.Pack(filter, of.SignedWeights, of.WeightZeroPoint, g, of.Kind == IntegerKind.Int16);
                var requantizer = new Requantizer(factors, bias, of.Output, of.Form, WeightSums.Of(packed));
                byte[] y = new byte[expected.Length];
                IntegerConv.Run(x, of.Form, g, packed, requantizer, y, WorkerPool.Inline);
                Assert.True(expected.AsSpan().SequenceEqual(y), $"{name}, {of}, {row}: element {expected.AsSpan().CommonPrefixLength(y)} of {expected.Length}");
            });
        }
    }

    [Fact]
    public void Tiles_of_few_columns_give_the_bits_of_the_reference_for_any_number_of_rows()
    {
        IntegerCase of = IntegerCase.All().First(c => c.Kind == IntegerKind.Int8);
        foreach (int columns in new[] { 3, 4, 7, 8, 16 })
        {
            for (int rows = 1; rows <= 13; rows++)
            {
                var g = IntegerConv.Rows(rows, 38, columns);
                byte[] x = of.Bytes(1, g.InputCount), filter = of.Bytes(2, g.FilterCount);
                (FixedPoint[] factors, int[] bias) = of.Scales(columns, 38);
                byte[] expected = of.Expected(factors, bias, g.OutputCount, sink => IntegerConvolution.Run(IntegerCase.Shorts(x, of.Kind, of.ZeroPoint), of.Weights(filter), g, true, sink, WorkerPool.Inline));
                EachDotAndWidth(row =>
                {
                    IntegerMatrix[] packed = IntegerConv.Pack(filter, of.SignedWeights, of.WeightZeroPoint, g);
                    byte[] y = new byte[expected.Length];
                    IntegerConv.Run(x, of.Form, g, packed, new Requantizer(factors, bias, of.Output, of.Form, WeightSums.Of(packed)), y, WorkerPool.Inline);
                    Assert.True(expected.AsSpan().SequenceEqual(y), $"{rows} rows, {columns} columns, {row}: element {expected.AsSpan().CommonPrefixLength(y)} of {expected.Length}");
                });
            }
        }
    }

    [Theory]
    [MemberData(nameof(Geometries))]
    public void Biases_of_64_bits_give_the_bits_of_the_reference(string name)
    {
        foreach (int biasFactor in new[] { 1, 1_000_000, 1_000_000_000 })
        {
            foreach (IntegerCase of in IntegerCase.All().Where(c => c.Kind == IntegerKind.Int16))
                BiasesOf64Bits(name, of, biasFactor);
        }
    }

    /// <summary>Factors below 1 and biases that leave room are what networks have; each number of rows of a tile, with an odd and an even number of groups.</summary>
    [Theory]
    [InlineData(38)]
    [InlineData(41)]
    [InlineData(64)]
    public void Factors_below_1_give_the_bits_of_the_reference_for_any_number_of_rows(int k)
    {
        foreach (IntegerCase of in IntegerCase.All())
        {
            foreach ((int rows, int columns) in new[] { (1, 11), (2, 16), (3, 40), (4, 19), (5, 33), (6, 8), (7, 12), (8, 24), (9, 4), (11, 17), (13, 64) })
            {
                var g = IntegerConv.Rows(rows, k, columns);
                byte[] x = of.Bytes(1, g.InputCount * (of.Kind == IntegerKind.Int16 ? 2 : 1)), filter = of.Bytes(2, g.FilterCount);
                FixedPoint[] factors = [.. Enumerable.Range(0, columns).Select(c => FixedPoint.Of((c % 9) switch { 7 => 0, 8 => 1e-8, 6 => 0.7, _ => Math.Exp(-c % 5) / 100 }))];
                int[] bias = [.. Enumerable.Range(0, columns).Select(c => (c - 7) * 997)];
                byte[] expected = of.Expected(factors, bias, g.OutputCount, sink => IntegerConvolution.Run(IntegerCase.Shorts(x, of.Kind, of.ZeroPoint), of.Weights(filter), g, true, sink, WorkerPool.Inline));
                EachDotAndWidth(row =>
                {
                    IntegerMatrix[] packed = IntegerConv.Pack(filter, of.SignedWeights, of.WeightZeroPoint, g, of.Kind == IntegerKind.Int16);
                    byte[] y = new byte[expected.Length];
                    IntegerConv.Run(x, of.Form, g, packed, new Requantizer(factors, bias, of.Output, of.Form, WeightSums.Of(packed)), y, WorkerPool.Inline);
                    Assert.True(expected.AsSpan().SequenceEqual(y), $"{rows} rows, {columns} columns, {of}, {row}: element {expected.AsSpan().CommonPrefixLength(y)} of {expected.Length}");
                });
            }
        }
    }

    private static void BiasesOf64Bits(string name, IntegerCase of, long biasFactor)
    {
        ConvGeometry g = Shapes[name];
        byte[] x = of.Bytes(1, g.InputCount * 2), filter = of.Bytes(2, g.FilterCount);
        (FixedPoint[] factors, int[] bias) = of.Scales(g.OutChannels, g.Taps * g.GroupIn);
        long[] biases = Array.ConvertAll(bias, b => (b * biasFactor) + 1);
        byte[] expected = new byte[g.OutputCount * 2];
        short[] shorts = IntegerCase.Shorts(x, of.Kind, 0);
        IntegerConvolution.Run(shorts, of.Weights(filter), g, true, new LongSink(factors, biases, expected), WorkerPool.Inline);
        EachDotAndWidth(row =>
        {
            byte[] y = new byte[expected.Length];
            IntegerMatrix[] packed = IntegerConv.Pack(filter, true, 0, g, isWide: true);
            IntegerConv.Run(shorts, g, packed, new LongRequantizer(factors, biases, of.Output, WeightSums.Of(packed)), y, WorkerPool.Inline);
            Assert.True(expected.AsSpan().SequenceEqual(y), $"{name}, {of}, {row}: byte {expected.AsSpan().CommonPrefixLength(y)} of {expected.Length}");
        });
    }

    [Theory]
    [MemberData(nameof(Geometries))]
    public void Hybrid_products_give_the_bits_of_the_reference(string name)
    {
        ConvGeometry g = Shapes[name];
        IntegerCase of = IntegerCase.All().First();
        byte[] x = of.Bytes(1, g.InputCount), filter = of.Bytes(2, g.FilterCount);
        int[] zeros = [.. Enumerable.Range(0, g.Batch).Select(b => (b * 37 % 256) - 128)];
        float[] scales = Seeded.Floats(3, g.Batch), channelScales = Seeded.Floats(4, g.OutChannels), bias = Seeded.Floats(5, g.OutChannels);
        int perBatch = (int)(g.InputCount / g.Batch);
        short[] shorts = [.. x.Select((v, i) => (short)((sbyte)v - zeros[i / perBatch]))];
        float[] expected = new float[g.OutputCount];
        IntegerConvolution.Run(shorts, of.Weights(filter), g, false, new RealSink(expected, scales, g.OutputCount / g.Batch, channelScales, bias), WorkerPool.Inline);
        EachDotAndWidth(row =>
        {
            IntegerMatrix[] packed = IntegerConv.Pack(filter, true, 0, g);
            float[] y = new float[expected.Length];
            IntegerConv.RunHybrid(MemoryMarshal.Cast<byte, sbyte>(x), zeros, scales, g, packed, new HybridFinish(WeightSums.Of(packed), channelScales, bias, -1000, 1000), y, WorkerPool.Inline);
            Close.Identical(expected, y, $"{name}, {row}");
        });
    }

    [Theory]
    [InlineData(1e-7, 0)]
    [InlineData(1e-7, 3_000_000)]
    [InlineData(1e-4, 3_000_000)]
    [InlineData(0.9, 3_000_000)]
    [InlineData(1e-9, 3_000_000)]
    public void Biases_that_leave_no_room_in_32_bits_are_rounded_as_the_reference_does(double scale, int room)
    {
        ConvGeometry g = IntegerConv.Rows(5, 40, 20);
        IntegerCase of = IntegerCase.All().First();
        byte[] x = of.Bytes(1, g.InputCount), filter = of.Bytes(2, g.FilterCount);
        FixedPoint[] factors = [FixedPoint.Of(scale)];
        int[] bias = [.. Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? int.MaxValue - i - room : int.MinValue + i + room)];
        short[] shorts = IntegerCase.Shorts(x, of.Kind, of.ZeroPoint);
        byte[] expected = of.Expected(factors, bias, g.OutputCount, sink => IntegerConvolution.Run(shorts, of.Weights(filter), g, false, sink, WorkerPool.Inline));
        IntegerMatrix[] packed = IntegerConv.Pack(filter, true, 0, g);
        byte[] y = new byte[expected.Length];
        IntegerConv.Run(x, of.Form, g, packed, new Requantizer(factors, bias, of.Output, of.Form, WeightSums.Of(packed)), y, WorkerPool.Inline);
        Assert.Equal(expected, y);
    }

    /// <summary>What normalizations leave of channels that are never active: weights of 0, a large bias and a tiny factor.</summary>
    [Fact]
    public void Dead_channels_are_rounded_as_the_reference_does()
    {
        ConvGeometry g = IntegerConv.Rows(9, 40, 20);
        IntegerCase of = IntegerCase.All().First();
        byte[] x = of.Bytes(1, g.InputCount), filter = of.Bytes(2, g.FilterCount);
        filter.AsSpan(40, 120).Clear();
        FixedPoint[] factors = [.. Enumerable.Range(0, 20).Select(c => FixedPoint.Of(c is 1 or 2 or 3 ? Math.Pow(2, -26 - c) : c == 4 ? 1e-9 : c == 5 ? 1.7 : 0.002))];
        int[] bias = [.. Enumerable.Range(0, 20).Select(c => c is 1 or 2 ? -(1 << 30) + (64 * c) : c == 3 ? 1 << 30 : 100 * c)];
        short[] shorts = IntegerCase.Shorts(x, of.Kind, of.ZeroPoint);
        byte[] expected = of.Expected(factors, bias, g.OutputCount, sink => IntegerConvolution.Run(shorts, of.Weights(filter), g, false, sink, WorkerPool.Inline));
        EachDotAndWidth(row =>
        {
            IntegerMatrix[] packed = IntegerConv.Pack(filter, true, 0, g);
            byte[] y = new byte[expected.Length];
            IntegerConv.Run(x, of.Form, g, packed, new Requantizer(factors, bias, of.Output, of.Form, WeightSums.Of(packed)), y, WorkerPool.Inline);
            Assert.True(expected.AsSpan().SequenceEqual(y), $"{row}: element {expected.AsSpan().CommonPrefixLength(y)} of {expected.Length}");
        });
    }

    /// <summary>A channel in eight has a bias that leaves no room in 32 bits; more have a factor that is as good as 0, and as great a bias.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(20)]
    [InlineData(64)]
    public void Channels_that_registers_have_no_room_for_are_rounded_as_the_reference_does_beside_the_others(int columns)
    {
        foreach (IntegerCase of in IntegerCase.All().Where(c => c.Kind != IntegerKind.Int16))
        {
            ConvGeometry g = IntegerConv.Rows(9, 40, columns);
            byte[] x = of.Bytes(1, g.InputCount), filter = of.Bytes(2, g.FilterCount);
            FixedPoint[] factors = [.. Enumerable.Range(0, columns).Select(c => FixedPoint.Of((c % 8) switch { 1 => 0, 3 => Math.Pow(2, -24 - (c / 8 % 4)), 5 => 1e-11, _ => 0.002 }))];
            int[] bias = [.. Enumerable.Range(0, columns).Select(c => (c % 8) switch { 1 or 5 => c % 16 < 8 ? int.MaxValue : -int.MaxValue, 3 => (c % 16 < 8 ? 1 : -1) * ((1 << 30) + (977 * c)), _ => 100 * c })];
            short[] shorts = IntegerCase.Shorts(x, of.Kind, of.ZeroPoint);
            byte[] expected = of.Expected(factors, bias, g.OutputCount, sink => IntegerConvolution.Run(shorts, of.Weights(filter), g, true, sink, WorkerPool.Inline));
            EachDotAndWidth(row =>
            {
                IntegerMatrix[] packed = IntegerConv.Pack(filter, of.SignedWeights, of.WeightZeroPoint, g);
                byte[] y = new byte[expected.Length];
                IntegerConv.Run(x, of.Form, g, packed, new Requantizer(factors, bias, of.Output, of.Form, WeightSums.Of(packed)), y, WorkerPool.Inline);
                Assert.True(expected.AsSpan().SequenceEqual(y), $"{of}, {row}: element {expected.AsSpan().CommonPrefixLength(y)} of {expected.Length}");
            });
        }
    }

    [Fact]
    public void Results_do_not_depend_on_the_number_of_threads()
    {
        foreach (ConvGeometry g in new[] { Shapes["3x3, 36 to 40"] with { Height = WindowAxis.Same(60, 3, 1), Width = WindowAxis.Same(60, 3, 1) }, Shapes["3 rows, 1500 to 1100"] })
        {
            IntegerCase of = IntegerCase.All().ElementAt(3);
            byte[] x = of.Bytes(1, g.InputCount), filter = of.Bytes(2, g.FilterCount);
            (FixedPoint[] factors, int[] bias) = of.Scales(g.OutChannels, g.Taps * g.GroupIn);
            IntegerMatrix[] packed = IntegerConv.Pack(filter, of.SignedWeights, of.WeightZeroPoint, g);
            var requantizer = new Requantizer(factors, bias, of.Output, of.Form, WeightSums.Of(packed));
            Variants.SameOnAnyThreads(pool =>
            {
                byte[] y = new byte[g.OutputCount];
                IntegerConv.Run(x, of.Form, g, packed, requantizer, y, pool);
                return Array.ConvertAll(y, b => (float)b);
            }, "an integer convolution");
        }
    }

    /// <summary>Runs a body for each row of the table of products with the widest lanes, and for each other width of lanes with the last row.</summary>
    internal static void EachDotAndWidth(Action<string> body)
    {
        Variants.EachDot(body);
        Variants.EachWidth(body);
    }

    internal sealed class LongSink(FixedPoint[] factors, long[] bias, byte[] y) : IIntegerSink
    {
        public void Store(long position, int channel, long sum) =>
            BitConverter.TryWriteBytes(y.AsSpan((int)position * 2), (short)Math.Clamp(factors[channel].Times(sum + bias[channel]), short.MinValue, short.MaxValue));
    }

    private sealed class RealSink(float[] y, float[] scales, long perBatch, float[] channelScales, float[] bias) : IIntegerSink
    {
        public void Store(long position, int channel, long sum)
        {
            float scale = scales[position / perBatch] * channelScales[channel];
            float value = sum * scale;
            y[position] = Math.Clamp(value + bias[channel], -1000, 1000);
        }
    }
}
