using Decant.Kernels.Elementwise;
using Decant.Kernels.Reduce;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Tests.Reduce;

public sealed class ReductionTests
{
    public static TheoryData<long[], int[]> Cases => new()
    {
        { [7], [0] }, { [], [] }, { [5, 7], [] }, { [5, 70], [1] }, { [70, 5], [0] }, { [3, 4, 5], [1] }, { [3, 4, 5], [0, 2] }, { [2, 3, 4, 5, 6], [0, 2, 4] },
        { [2, 3, 4, 5, 6], [1, 3] }, { [2, 3, 4], [0, 1, 2] }, { [40000], [0] }, { [5000, 7], [0] }, { [3, 2000], [0] }, { [2, 700, 33], [1] }, { [1, 5, 1], [-1, 0] }, { [3, 70000], [-1] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Reductions_match_index_arithmetic(long[] dims, int[] axes)
    {
        ReducePlan plan = ReducePlan.Create(dims, axes);
        float[] x = Seeded.Whole(1, plan.InputCount);
        bool[] flags = Array.ConvertAll(x, v => v > -4);
        double[] sum = new double[plan.OutputCount];
        float[] max = new float[plan.OutputCount], min = new float[plan.OutputCount];
        bool[] any = new bool[plan.OutputCount], all = new bool[plan.OutputCount];
        Array.Fill(max, float.NegativeInfinity);
        Array.Fill(min, float.PositiveInfinity);
        Array.Fill(all, true);
        for (int i = 0; i < x.Length; i++)
        {
            long o = OutputIndex(i, dims, axes);
            sum[o] += x[i];
            max[o] = Math.Max(max[o], x[i]);
            min[o] = Math.Min(min[o], x[i]);
            any[o] |= !flags[i];
            all[o] &= flags[i];
        }

        Variants.EachWidth(width =>
        {
            float[] y = new float[plan.OutputCount];
            Reduction.Sum<float>(x, y, plan, WorkerPool.Inline);
            Close.To(sum, y, 0, $"{width} sum");
            Reduction.Mean<float>(x, y, plan, WorkerPool.Inline);
            Close.To(Array.ConvertAll(sum, s => s / plan.ReducedCount), y, 1e-6, $"{width} mean");
            Reduction.Max<float>(x, y, plan, WorkerPool.Inline);
            Close.Identical(max, y, $"{width} max");
            Reduction.Min<float>(x, y, plan, WorkerPool.Inline);
            Close.Identical(min, y, $"{width} min");
            bool[] b = new bool[plan.OutputCount];
            Reduction.All(flags, b, plan, WorkerPool.Inline);
            Assert.Equal(all, b);
            Reduction.Any(Array.ConvertAll(flags, f => !f), b, plan, WorkerPool.Inline);
            Assert.Equal(any, b);
        });
    }

    [Theory]
    [InlineData(0, 137)]
    [InlineData(1, 137)]
    [InlineData(0, 9)]
    [InlineData(1, 21)]
    [InlineData(1, 32)]
    [InlineData(1, 64)]
    [InlineData(1, 1100)]
    public void An_extreme_finds_NaN_infinities_and_the_sign_of_zero_wherever_they_are(int axis, int length)
    {
        // Special values in a place each among others: random ones of the sign of 1, of -1, or zeros.
        float negativeNaN = BitConverter.Int32BitsToSingle(unchecked((int)0xFFC0_0001));
        float[][] specials = [[float.NaN], [negativeNaN], [float.PositiveInfinity], [float.NegativeInfinity], [float.PositiveInfinity, float.NegativeInfinity], [0f], [-0f], [0f, -0f], [float.MaxValue, float.MaxValue], [float.Epsilon, -float.Epsilon]];
        float[] others = [1, -1, 0f, -0f];
        Random random = new(3);
        int kinds = specials.Length * others.Length, places = Math.Min(length, 137);
        float[][] rows = new float[kinds * places][];
        for (int r = 0; r < rows.Length; r++)
        {
            float[] special = specials[r % specials.Length];
            float other = others[r / specials.Length % others.Length];
            rows[r] = Enumerable.Range(0, length).Select(_ => other * (1 - random.NextSingle())).ToArray();
            for (int i = 0; i < special.Length; i++)
                rows[r][((r / kinds) + (i * 64)) % places * length / places] = special[i];
        }

        float[] max = Array.ConvertAll(rows, row => row.Aggregate(MathF.Max)), min = Array.ConvertAll(rows, row => row.Aggregate(MathF.Min));
        float[] x = axis == 1 ? [.. rows.SelectMany(row => row)] : [.. Enumerable.Range(0, length).SelectMany(i => rows.Select(row => row[i]))];
        ReducePlan plan = ReducePlan.Create(axis == 1 ? [rows.Length, length] : [length, rows.Length], [axis]);
        Variants.EachWidth(width =>
        {
            float[] y = new float[rows.Length];
            Reduction.Max<float>(x, y, plan, WorkerPool.Inline);
            Close.Identical(max, y, $"{width} max");
            Reduction.Min<float>(x, y, plan, WorkerPool.Inline);
            Close.Identical(min, y, $"{width} min");
        });
    }

    [Fact]
    public void A_float_sum_of_a_million_terms_is_accurate()
    {
        float[] x = Seeded.Floats(9, 1_000_000);
        for (int i = 0; i < x.Length; i++)
            x[i] = Math.Abs(x[i]);
        double exact = x.Sum(v => (double)v);
        foreach ((long[] dims, int axis) in new[] { (new long[] { 1_000_000 }, 0), ([1_000_000, 1], 0), ([100_000, 10], 0) })
        {
            ReducePlan plan = ReducePlan.Create(dims, [axis]);
            float[] y = new float[plan.OutputCount];
            Reduction.Sum<float>(x, y, plan, WorkerPool.Inline);
            Assert.Equal(1, y.Sum(v => (double)v) / exact, 3e-6);
        }
    }

    [Fact]
    public void Empty_and_integer_reductions_have_their_identities()
    {
        ReducePlan plan = ReducePlan.Create([2, 0], [1]);
        float[] y = new float[2];
        Reduction.Sum<float>([], y, plan, WorkerPool.Inline);
        Assert.Equal([0f, 0f], y);
        Reduction.Max<float>([], y, plan, WorkerPool.Inline);
        Assert.Equal([float.NegativeInfinity, float.NegativeInfinity], y);
        Reduction.Mean<float>([], y, plan, WorkerPool.Inline);
        Assert.Equal([float.NaN, float.NaN], y);
        int[] z = new int[1];
        Reduction.Mean<int>([7, -2, 3], z, ReducePlan.Create([3], [0]), WorkerPool.Inline);
        Assert.Equal(2, z[0]);
        Reduction.Prod<int>([7, -2, 3], z, ReducePlan.Create([3], [0]), WorkerPool.Inline);
        Assert.Equal(-42, z[0]);
        Assert.Equal([1L, 3L], ReducePlan.Create([2, 3], [0], keepDims: true).OutputDims);
        Assert.Throws<ArgumentOutOfRangeException>(() => ReducePlan.Create([2], [1]));
    }

    [Fact]
    public void Threads_do_not_change_a_sum()
    {
        float[] x = Seeded.Floats(2, 300_000);
        foreach ((long[] dims, int axis) in new[] { (new long[] { 300_000 }, 0), ([3000, 100], 0), ([100, 3000], 1), ([10, 300, 100], 1) })
        {
            ReducePlan plan = ReducePlan.Create(dims, [axis]);
            Variants.SameOnAnyThreads(
                pool =>
                {
                    float[] y = new float[plan.OutputCount];
                    Reduction.Sum<float>(x, y, plan, pool);
                    return y;
                },
                string.Join('x', dims));
        }
    }

    [Fact]
    public void Arg_extremes_take_the_first_and_pass_over_nan()
    {
        int[] y = new int[2];
        ArgExtreme.Max<float, int>([1, 3, 3, float.NaN, float.NaN, float.NaN], y, 2, 3, 1, WorkerPool.Inline);
        Assert.Equal([1, 0], y);
        ArgExtreme.Min<int, int>([5, 2, 1, 2, 0, 9], y, 1, 3, 2, WorkerPool.Inline);
        Assert.Equal([2, 0], y);
    }

    [Fact]
    public void Arg_extremes_match_plain_loops_at_every_width_and_on_threads() => Variants.EachWidth(width =>
    {
        using WorkerPool pool = new(3);
        foreach ((int outer, int axis, int inner) in (ReadOnlySpan<(int, int, int)>)[(3, 1, 1), (9, 16, 1), (5, 31, 1), (9, 64, 1), (4, 67, 1), (70, 1000, 1), (2, 9, 5), (3, 16, 8), (2, 17, 29), (2, 7, 70), (1, 3, 1100), (1, 41, 1100)])
        {
            // Ties of few values, zeros of both signs, NaN; here and there a row of NaN, of zeros, or of infinities and NaN.
            float[] x = Array.ConvertAll(Seeded.Whole(axis, outer * axis * inner), v => v == 4 ? float.NaN : v == -4 ? float.NegativeInfinity : v == 0 ? -0f : v == 1 ? 0f : v);
            for (int i = 0; i < x.Length; i++)
            {
                int row = (i / (axis * inner) * inner) + (i % inner);
                x[i] = (row % 7) switch { 2 => float.NaN, 4 => x[i] > 0 ? 0f : -0f, 6 => x[i] > 0 ? float.PositiveInfinity : x[i] < 0 ? float.NegativeInfinity : float.NaN, _ => x[i] };
            }

            long[] max = new long[outer * inner], min = new long[outer * inner];
            ArgExtreme.Max<float, long>(x, max, outer, axis, inner, WorkerPool.Inline);
            ArgExtreme.Min<float, long>(x, min, outer, axis, inner, pool);
            for (int i = 0; i < max.Length; i++)
            {
                int high = 0, low = 0;
                (float highest, float lowest) = (float.MinValue, float.MaxValue);
                for (int a = 0; a < axis; a++)
                {
                    float v = x[(((i / inner * axis) + a) * inner) + (i % inner)];
                    if (v > highest)
                        (highest, high) = (v, a);
                    if (v < lowest)
                        (lowest, low) = (v, a);
                }

                Assert.Equal((high, low), (max[i], min[i]));
            }
        }
    });

    [Fact]
    public void Scans_of_rows_match_plain_loops() => Variants.EachWidth(width =>
    {
        foreach (bool exclusive in (bool[])[false, true])
        {
            foreach (bool reverse in (bool[])[false, true])
            {
                foreach ((int rows, int axis) in (ReadOnlySpan<(int, int)>)[(7, 13), (37, 131), (16, 64), (9, 402), (8, 1), (8, 3), (9, 4), (21, 5), (1, 40), (0, 6)])
                {
                    float[] x = Seeded.Floats(1, rows * axis), y = [.. x];
                    Scan.Run<float, AddOperator<float>>(y, y, rows, axis, 1, exclusive, reverse, 0, default, WorkerPool.Inline);
                    for (int row = 0; row < rows; row++)
                    {
                        float sum = 0;
                        for (int i = 0; i < axis; i++)
                        {
                            int at = (row * axis) + (reverse ? axis - 1 - i : i);
                            Assert.Equal(exclusive ? sum : sum + x[at], y[at]);
                            sum += x[at];
                        }
                    }
                }
            }
        }
    });

    [Fact]
    public void Scans_of_rows_are_the_same_wherever_the_result_lies() => Variants.EachWidth(width =>
    {
        // Rows a page apart, or nearly; results from the same place in a page on, and from others.
        const int rows = 21, pageFloats = 1024;
        foreach (int axis in (int[])[pageFloats, pageFloats - 9, pageFloats + 3, 2 * pageFloats, 200])
        {
            int pages = ((rows * axis) + pageFloats - 1) / pageFloats * pageFloats;
            float[] memory = new float[(2 * pages) + pageFloats];
            float[] x = Seeded.Floats(1, rows * axis), expected = new float[x.Length];
            x[0] = x[axis - 1] = -0f;
            foreach ((bool exclusive, bool reverse) in (ReadOnlySpan<(bool, bool)>)[(false, false), (false, true), (true, false), (true, true)])
            {
                for (int row = 0; row < rows; row++)
                {
                    float sum = 0;
                    for (int i = 0; i < axis; i++)
                    {
                        int at = (row * axis) + (reverse ? axis - 1 - i : i);
                        float before = sum;
                        sum = i == 0 && !exclusive ? x[at] : sum + x[at];
                        expected[at] = exclusive ? before : sum;
                    }
                }

                foreach (int offset in (int[])[0, 20, 512])
                {
                    Span<float> source = memory.AsSpan(0, x.Length), y = memory.AsSpan(pages + offset, x.Length);
                    x.CopyTo(source);
                    Scan.Run<float, AddOperator<float>>(source, y, rows, axis, 1, exclusive, reverse, 0, default, WorkerPool.Inline);
                    Close.Identical(expected, y, $"{width}, axis {axis}, offset {offset}, exclusive {exclusive}, reverse {reverse}");
                }
            }
        }
    });

    [Fact]
    public void Scans_are_exclusive_and_reversed_as_asked()
    {
        int[] x = [1, 2, 3, 4], y = new int[4];
        int[] Run(bool exclusive, bool reverse)
        {
            Scan.Run<int, AddOperator<int>>(x, y, 1, 4, 1, exclusive, reverse, 0, default, WorkerPool.Inline);
            return [.. y];
        }

        Assert.Equal([1, 3, 6, 10], Run(false, false));
        Assert.Equal([0, 1, 3, 6], Run(true, false));
        Assert.Equal([10, 9, 7, 4], Run(false, true));
        Assert.Equal([9, 7, 4, 0], Run(true, true));
        Scan.Run<int, MultiplyOperator<int>>(x, y, 1, 2, 2, false, false, 1, default, WorkerPool.Inline);
        Assert.Equal([1, 2, 3, 8], y);
    }

    [Fact]
    public void Scans_of_columns_are_shared_out_without_a_difference()
    {
        foreach (bool exclusive in (bool[])[false, true])
        {
            foreach (bool reverse in (bool[])[false, true])
            {
                const int axis = 9, inner = 1301;
                float[] x = Seeded.Floats(1, 2 * axis * inner), expected = new float[x.Length];
                for (int at = 0; at < x.Length; at++)
                {
                    int a = at / inner % axis, from = reverse ? axis - 1 : 0, step = reverse ? -1 : 1;
                    for (int i = from; exclusive ? i != a : i - step != a; i += step)
                        expected[at] += x[at + ((i - a) * inner)];
                }

                foreach (int outer in (int[])[1, 2])
                {
                    int count = outer * axis * inner;
                    Variants.SameOnAnyThreads(
                        pool =>
                        {
                            float[] y = new float[count];
                            Scan.Run<float, AddOperator<float>>(x.AsSpan(0, count), y, outer, axis, inner, exclusive, reverse, 0, default, pool);
                            Close.Identical(expected.AsSpan(0, count), y, $"{pool.Threads} threads");
                            return y;
                        },
                        "scan");
                }
            }
        }
    }

    [Fact]
    public void Softmax_rows_sum_to_one_and_survive_large_values() => Variants.EachWidth(width =>
    {
        foreach (int n in new[] { 1, 3, 17, 100, 1001 })
        {
            float[] x = Array.ConvertAll(Seeded.Floats(n, 3L * n), v => v * 90), y = new float[3 * n], log = new float[3 * n];
            Softmax.Run<float>(x, y, 3, n, WorkerPool.Inline);
            Softmax.Log<float>(x, log, 3, n, WorkerPool.Inline);
            for (int row = 0; row < 3; row++)
            {
                double max = x.Skip(row * n).Take(n).Max(), total = x.Skip(row * n).Take(n).Sum(v => Math.Exp(v - max));
                for (int i = row * n; i < (row + 1) * n; i++)
                {
                    Assert.Equal(Math.Exp(x[i] - max) / total, y[i], 1e-6);
                    Assert.Equal(x[i] - max - Math.Log(total), log[i], 2e-5);
                }
            }
        }
    });

    private static long OutputIndex(long flat, long[] dims, int[] axes)
    {
        long index = 0, stride = 1;
        for (int d = dims.Length - 1; d >= 0; d--)
        {
            (flat, long i) = Math.DivRem(flat, dims[d]);
            if (axes.Contains(d) || axes.Contains(d - dims.Length))
                continue;
            index += i * stride;
            stride *= dims[d];
        }

        return index;
    }
}
