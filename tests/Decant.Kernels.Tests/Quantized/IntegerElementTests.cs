using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Decant.Kernels.Conv;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Pool;
using Decant.Kernels.Quantized;
using Decant.Kernels.Reduce;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Tests.Quantized;

public sealed class IntegerElementTests
{
    [Theory]
    [InlineData(new long[] { 1000 }, new long[] { 1000 })]
    [InlineData(new long[] { 7, 33 }, new long[] { 33 })]
    [InlineData(new long[] { 200, 3 }, new long[] { 3 })]
    [InlineData(new long[] { 3 }, new long[] { 200, 3 })]
    [InlineData(new long[] { 5, 1, 40 }, new long[] { 1, 6, 1 })]
    [InlineData(new long[] { 50 }, new long[] { 1 })]
    [InlineData(new long[] { 5 }, new long[] { 5 })]
    public void Sums_and_products_that_broadcast_give_the_bits_of_the_formula(long[] a, long[] b)
    {
        BroadcastPlan plan = BroadcastPlan.Create(a, b);
        foreach (IntegerKind kind in Enum.GetValues<IntegerKind>())
        {
            foreach (IntegerBinaryOp op in Enum.GetValues<IntegerBinaryOp>())
            {
                int size = kind == IntegerKind.Int16 ? 2 : 1, zero = kind switch { IntegerKind.UInt8 => 131, IntegerKind.Int8 => -5, _ => 0 };
                var output = new QuantizedOutput(kind, zero, kind switch { IntegerKind.UInt8 => 0, IntegerKind.Int8 => -120, _ => short.MinValue }, kind switch { IntegerKind.UInt8 => 255, IntegerKind.Int8 => 127, _ => short.MaxValue }, Rounding.AwayFromZero);
                double result = op == IntegerBinaryOp.Multiply ? kind == IntegerKind.Int16 ? 1e-4 : 0.011 : kind == IntegerKind.Int16 ? Math.Pow(2, -14) : 1.3 * Math.Pow(2, -19);
                var binary = new IntegerBinary(op, new(kind, zero), new(kind, zero), kind == IntegerKind.Int16 ? 15 : 20, FixedPoint.Of(0.5), FixedPoint.Of(0.3217), FixedPoint.Of(result), output);
                byte[] x = Bytes(1, Count(a) * size), y = Bytes(2, Count(b) * size);
                byte[] expected = new byte[plan.Count * size];
                for (int i = 0; i < plan.Count; i++)
                    Store(expected, size, i, binary.One(Load(x, kind, At(plan, 0, i)), Load(y, kind, At(plan, 1, i))));
                Variants.EachWidth(width =>
                {
                    byte[] actual = new byte[expected.Length];
                    binary.Run(x, y, actual, plan, WorkerPool.Inline);
                    Assert.True(expected.AsSpan().SequenceEqual(actual), $"{kind} {op} {width}: byte {expected.AsSpan().CommonPrefixLength(actual)}");
                });
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(1000)]
    public void A_table_is_looked_up_for_every_byte(int count)
    {
        byte[] x = Bytes(1, count), table = Bytes(2, 256), y = new byte[count];
        ByteTable.Run(x, table, y, WorkerPool.Inline);
        Assert.Equal(Array.ConvertAll(x, v => table[v]), y);
    }

    [Fact]
    public void A_table_for_each_channel_gives_its_entries()
    {
        const int Channels = 7;
        byte[] x = new byte[Channels * 3001], tables = new byte[Channels * 256], y = new byte[x.Length];
        new Random(1).NextBytes(x);
        new Random(2).NextBytes(tables);
        Variants.SameOnAnyThreads(pool =>
        {
            ByteTable.RunChannels(x, tables, Channels, y, pool);
            return Array.ConvertAll(y, b => (float)b);
        }, "tables of channels");
        Assert.Equal([.. x.Select((v, i) => tables[(i % Channels * 256) + v])], y);
        Assert.Throws<ArgumentException>(() => ByteTable.RunChannels(x, tables, Channels - 1, y.AsSpan(1), WorkerPool.Inline));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(37)]
    public void Pools_average_and_take_the_largest(int channels)
    {
        Pools<sbyte>(channels, -100, 120);
        Pools<byte>(channels, 3, 250);
        Pools<short>(channels, -30000, 32000);
    }

    private static void Pools<T>(int channels, int low, int high)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        PoolGeometry[] geometries =
        [
            PoolGeometry.Create2D(2, WindowAxis.Same(5, 3, 2), WindowAxis.Same(7, 2, 1), channels),
            PoolGeometry.Create2D(3, WindowAxis.Valid(4, 2, 2), WindowAxis.Valid(2, 2, 2), channels),
            PoolGeometry.Create2D(1, WindowAxis.Valid(40, 40, 1), WindowAxis.Valid(30, 30, 1), channels),
        ];
        foreach (PoolGeometry g in geometries)
        {
            T[] x = MemoryMarshal.Cast<byte, T>(Bytes(1, g.InputCount * Unsafe.SizeOf<T>())).ToArray();
            foreach (bool isMax in new[] { false, true })
            {
                // What lies behind the results stays as it is.
                T[] y = new T[g.OutputCount + 40];
                IntegerPool.Run<T>(x, y.AsSpan(0, (int)g.OutputCount), g, isMax, low, high, WorkerPool.Inline);
                for (int i = 0; i < y.Length; i++)
                {
                    if (i >= g.OutputCount)
                    {
                        Assert.Equal(T.Zero, y[i]);
                        continue;
                    }

                    (int pixel, int c) = Math.DivRem(i, channels);
                    PoolWindow window = g.Window(pixel);
                    List<int> values = [.. Enumerable.Range(0, window.Count).Select(window.At).Select(p => int.CreateTruncating(x[(g.Pixel(window.Batch, p.D, p.H, p.W) * channels) + c]))];
                    double value = isMax ? values.Max() : Math.Round(values.Average(), MidpointRounding.AwayFromZero);
                    Assert.Equal((int)Math.Clamp(value, low, high), int.CreateTruncating(y[i]));
                }
            }
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(21)]
    public void Resizing_blends_the_four_neighbours(int channels)
    {
        byte[] x = Bytes(1, 2 * 4 * 5 * channels), real = new byte[2 * 3 * 2 * channels];
        sbyte[] signed = Array.ConvertAll(x, v => (sbyte)v), integer = new sbyte[real.Length];
        ResizeNeighbours[] rows = [new(0, 1, 300, 0.3f), new(2, 3, 1023, 0.999f), new(3, 3, -512, -0.5f)], columns = [new(1, 2, 0, 0), new(3, 4, 700, 0.7f)];
        IntegerResize.Bilinear<byte>(x, real, 2, 4, 5, channels, rows, columns, WorkerPool.Inline);
        IntegerResize.Bilinear<sbyte>(signed, integer, 2, 4, 5, channels, rows, columns, WorkerPool.Inline);
        for (int i = 0; i < real.Length; i++)
        {
            (int pixel, int c) = Math.DivRem(i, channels);
            ResizeNeighbours row = rows[pixel / 2 % 3], column = columns[pixel % 2];
            int Index(int iy, int ix) => ((((pixel / 6 * 4) + iy) * 5) + ix) * channels + c;
            (int p, int q, int r, int s) = (Index(row.Lower, column.Lower), Index(row.Lower, column.Upper), Index(row.Upper, column.Lower), Index(row.Upper, column.Upper));
            (float fy, float fx) = (row.Real, column.Real);
            Assert.Equal((byte)(int)((x[p] * (1 - fy) * (1 - fx)) + (x[r] * fy * (1 - fx)) + (x[q] * (1 - fy) * fx) + (x[s] * fy * fx) + 0.5f), real[i]);
            long sum = ((1024L - row.Fixed) * (((1024L - column.Fixed) * signed[p]) + ((long)column.Fixed * signed[q]))) + (row.Fixed * (((1024L - column.Fixed) * signed[r]) + ((long)column.Fixed * signed[s])));
            Assert.Equal((sbyte)((sum + (sum > 0 ? 1 << 19 : -(1 << 19))) / (1 << 20)), integer[i]);
        }
    }

    [Fact]
    public void Real_numbers_are_rounded_to_integers_and_back()
    {
        float[] x = [.. Seeded.Floats(1, 77), 0.5f, -0.5f, 1.5f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1e30f];
        sbyte[] q = new sbyte[x.Length];
        RealConversion.Quantize(x, q, 0.01f, -7, -128, 127, WorkerPool.Inline);
        for (int i = 0; i < x.Length; i++)
            Assert.Equal((sbyte)Math.Clamp((float.IsNaN(x[i]) ? 0 : (double)MathF.Round(x[i] / 0.01f, MidpointRounding.AwayFromZero)) - 7, -128, 127), q[i]);
        float[] y = new float[x.Length];
        RealConversion.Dequantize(q, y, 0.01f, -7, WorkerPool.Inline);
        for (int i = 0; i < x.Length; i++)
            Assert.Equal(0.01f * (q[i] + 7), y[i]);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(21)]
    [InlineData(100)]
    public void The_first_extreme_of_a_row_of_bytes_is_found(int axis)
    {
        sbyte[] x = Array.ConvertAll(Bytes(1, 50 * axis), v => (sbyte)(v % 9 * 14 - 60));
        int[] most = new int[50], least = new int[50];
        ArgExtreme.Max(x, most, 50, axis, 1, WorkerPool.Inline);
        ArgExtreme.Min(x, least, 50, axis, 1, WorkerPool.Inline);
        for (int row = 0; row < 50; row++)
        {
            sbyte[] values = x[(row * axis)..((row + 1) * axis)];
            Assert.Equal(Array.IndexOf(values, values.Max()), most[row]);
            Assert.Equal(Array.IndexOf(values, values.Min()), least[row]);
        }
    }

    [Fact]
    public void Rows_of_floats_get_a_scale_and_a_zero_point_of_their_own()
    {
        float[] x = [.. Seeded.Floats(1, 70), .. new float[70], .. Seeded.Floats(2, 70).Select(v => MathF.Abs(v) * 5)];
        sbyte[] q = new sbyte[x.Length];
        float[] scales = new float[3];
        int[] zeros = new int[3];
        foreach (bool isAsymmetric in new[] { false, true })
        {
            RowQuantization.Run(x, q, scales, zeros, isAsymmetric, WorkerPool.Inline);
            Assert.Equal((1, 0), (scales[1], zeros[1]));
            Assert.Equal(isAsymmetric ? -128 : 0, zeros[2]);
            for (int i = 0; i < x.Length; i++)
                Assert.InRange(x[i] - (scales[i / 70] * (q[i] - zeros[i / 70])), -0.51 * scales[i / 70], 0.51 * scales[i / 70]);
        }
    }

    [Fact]
    public void Floats_are_rounded_away_from_zero_and_cut_to_every_narrow_type()
    {
        const float Scale = 0.25f;
        float[] some = [0, -0f, 0.125f, -0.125f, 0.375f, -0.375f, MathF.BitDecrement(0.125f), MathF.BitIncrement(-0.125f), 31.625f, -31.875f, 8000.125f, -9000, 1e9f, -1e30f, float.PositiveInfinity, float.NegativeInfinity, float.NaN];
        float[] x = [.. Enumerable.Range(0, 151).Select(i => some[i % some.Length])];
        long[] Expected(int zero, int min, int max) =>
            Array.ConvertAll(x, v => Math.Clamp((float.IsNaN(v) ? 0 : (long)Math.Clamp(MathF.Round(v / Scale, MidpointRounding.AwayFromZero), -1e9f, 1e9f)) + zero, min, max));
        sbyte[] signed = new sbyte[x.Length];
        RealConversion.Quantize(x, signed, Scale, -5, -128, 127, WorkerPool.Inline);
        Assert.Equal(Expected(-5, -128, 127), Array.ConvertAll(signed, v => (long)v));
        byte[] unsigned = new byte[x.Length];
        RealConversion.Quantize(x, unsigned, Scale, 131, 0, 255, WorkerPool.Inline);
        Assert.Equal(Expected(131, 0, 255), Array.ConvertAll(unsigned, v => (long)v));
        short[] shorts = new short[x.Length];
        RealConversion.Quantize(x, shorts, Scale, 0, short.MinValue, short.MaxValue, WorkerPool.Inline);
        Assert.Equal(Expected(0, short.MinValue, short.MaxValue), Array.ConvertAll(shorts, v => (long)v));
    }

    [Fact]
    public void Floats_halfway_between_bytes_are_rounded_away_from_zero()
    {
        float[] some = [127, 0.5f, -0.5f, 1.5f, 2.5f, -2.5f, 126.5f, -126.5f, MathF.BitDecrement(0.5f), -MathF.BitDecrement(0.5f), MathF.BitDecrement(2.5f), MathF.BitIncrement(-63.5f), -0f];
        float[] x = [.. Enumerable.Range(0, 139).Select(i => some[i % some.Length])];
        sbyte[] q = new sbyte[x.Length];
        float[] scales = new float[1];
        int[] zeros = new int[1];
        RowQuantization.Run(x, q, scales, zeros, false, WorkerPool.Inline);
        Assert.Equal(1, scales[0]);
        Assert.Equal(Array.ConvertAll(x, v => (sbyte)MathF.Round(v, MidpointRounding.AwayFromZero)), q);
    }

    [Theory]
    [InlineData(float.NaN, 0)]
    [InlineData(float.NaN, 36)]
    [InlineData(float.NaN, 69)]
    [InlineData(float.PositiveInfinity, 36)]
    [InlineData(float.NegativeInfinity, 69)]
    public void A_row_with_a_number_that_is_not_finite_spoils_itself_alone(float number, int at)
    {
        float[] x = [.. Enumerable.Range(0, 3 * 70).Select(i => (float)(i % 70) - 20)];
        x[70 + at] = number;
        foreach (bool isAsymmetric in new[] { false, true })
        {
            sbyte[] q = new sbyte[x.Length];
            float[] scales = new float[3];
            int[] zeros = new int[3];
            RowQuantization.Run(x, q, scales, zeros, isAsymmetric, WorkerPool.Inline);
            for (int i = 0; i < x.Length; i++)
            {
                float back = scales[i / 70] * (q[i] - zeros[i / 70]);
                if (i / 70 == 1)
                    Assert.Equal(float.NaN, back);
                else
                    Assert.InRange(x[i] - back, -0.51 * scales[i / 70], 0.51 * scales[i / 70]);
            }
        }
    }

    private static byte[] Bytes(int seed, long count)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static long Count(long[] dims) => dims.Aggregate(1L, (a, d) => a * d);

    private static int At(BroadcastPlan plan, int input, int index)
    {
        (int row, int column) = Math.DivRem(index, plan.Inner);
        return (int)(plan.Offset(input, row) + (column * plan.InnerStride(input)));
    }

    private static int Load(byte[] x, IntegerKind kind, int at) => kind switch { IntegerKind.UInt8 => x[at], IntegerKind.Int8 => (sbyte)x[at], _ => BitConverter.ToInt16(x, at * 2) };

    private static void Store(byte[] y, int size, int at, int value)
    {
        if (size == 2)
            BitConverter.TryWriteBytes(y.AsSpan(at * 2), (short)value);
        else
            y[at] = (byte)value;
    }
}
