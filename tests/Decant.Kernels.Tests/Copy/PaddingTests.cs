using Decant.Kernels.Copy;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Tests.Copy;

public sealed class PaddingTests
{
    [Fact]
    public void Random_paddings_match_plain_loops_at_every_width_and_element_size() => Variants.EachWidth(width =>
    {
        Random random = new(7);
        for (int i = 0; i < 60; i++)
        {
            int rank = random.Next(0, 6);
            long[] Amounts(int most) => [.. Enumerable.Range(0, rank).Select(_ => (long)(random.Next(2) * random.Next(most)))];
            long[] dims = [.. Enumerable.Range(0, rank).Select(d => (long)random.Next(d == rank - 1 && i % 2 == 0 ? 90 : 9))], before = Amounts(4), after = Amounts(12);
            Check<byte>(width, dims, before, after);
            Check<float>(width, dims, before, after);
            Check<UInt128>(width, dims, before, after);
        }
    });

    [Fact]
    public void Threads_do_not_change_a_padding() => Variants.SameOnAnyThreads(
        pool =>
        {
            float[] y = new float[3 * 62 * 70 * 9];
            Padding.Run(Seeded.Floats(1, 3 * 60 * 66 * 9), [3, 60, 66, 9], y, [0, 2, 1, 0], [0, 0, 3, 0], 0.5f, pool);
            return y;
        },
        "padding");

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Padding.Run<int>(new int[4], [2, 2], new int[8], [1, 0], [1, 1], 0, WorkerPool.Inline));
        Assert.Throws<ArgumentException>(() => Padding.Run<int>(new int[3], [2, 2], new int[9], [1, 0], [0, 1], 0, WorkerPool.Inline));
        Assert.Throws<ArgumentException>(() => Padding.Run<int>(new int[4], [2, 2], new int[9], [-1, 0], [0, 1], 0, WorkerPool.Inline));
    }

    private static void Check<T>(string width, long[] dims, long[] before, long[] after)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        long[] padded = [.. dims.Select((d, i) => before[i] + d + after[i])];
        T[] x = [.. Enumerable.Range(0, (int)dims.Aggregate(1L, (p, d) => p * d)).Select(i => T.CreateTruncating(i % 100))];
        T[] expected = new T[padded.Aggregate(1L, (p, d) => p * d)], y = new T[expected.Length];
        T value = T.CreateTruncating(111);
        for (int i = 0; i < expected.Length; i++)
        {
            long rest = i, at = 0, stride = 1;
            bool isInside = true;
            for (int d = dims.Length - 1; d >= 0; d--)
            {
                (rest, long index) = Math.DivRem(rest, padded[d]);
                isInside &= index >= before[d] && index < before[d] + dims[d];
                at += (index - before[d]) * stride;
                stride *= dims[d];
            }

            expected[i] = isInside ? x[at] : value;
        }

        Padding.Run<T>(x, dims, y, before, after, value, WorkerPool.Inline);
        Assert.True(expected.AsSpan().SequenceEqual(y), $"{width} {typeof(T).Name} [{string.Join(", ", dims)}] + [{string.Join(", ", before)}] + [{string.Join(", ", after)}]");
    }
}
