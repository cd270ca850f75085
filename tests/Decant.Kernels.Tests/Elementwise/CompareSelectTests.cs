using System.Numerics;
using System.Runtime.InteropServices;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Tests.Elementwise;

public sealed class CompareSelectTests
{
    [Fact]
    public void Comparisons_of_floats_match_the_scalar_operators() => Compares(i => i % 7 == 0 ? float.NaN : i % 5 == 0 ? -0f : (i * 37 % 11) - 5);

    [Fact]
    public void Comparisons_of_doubles_match_the_scalar_operators() => Compares(i => i % 7 == 0 ? double.NaN : (i * 37 % 11) - 5.0);

    [Fact]
    public void Comparisons_of_integers_match_the_scalar_operators()
    {
        Compares(i => (sbyte)(i * 37));
        Compares(i => (byte)(i * 37));
        Compares(i => (short)(i * 1237));
        Compares(i => (ushort)(i * 1237));
        Compares(i => i * 123_456_789);
        Compares(i => (uint)i * 123_456_789);
        Compares(i => i * 1_234_567_890_123_456_789L);
        Compares(i => (ulong)i * 1_234_567_890_123_456_789UL);
    }

    [Fact]
    public void A_comparison_of_bytes_may_be_written_over_an_input() => Variants.EachWidth(width =>
    {
        foreach (int n in (int[])[7, 32, 45, 64, 95, 200])
        {
            byte[] a = [.. Enumerable.Range(0, n).Select(i => (byte)(i * 37))], b = [.. Enumerable.Range(0, n).Select(i => (byte)(i * 91))];
            byte[] left = [.. a], right = [.. b];
            BroadcastPlan plan = BroadcastPlan.Create([n], [n]);
            Binary.Combine<byte, byte, bool, LessOperator<byte>>(left, b, MemoryMarshal.Cast<byte, bool>(left.AsSpan()), plan, default, WorkerPool.Inline);
            Binary.Combine<byte, byte, bool, LessOperator<byte>>(a, right, MemoryMarshal.Cast<byte, bool>(right.AsSpan()), plan, default, WorkerPool.Inline);
            byte[] expected = [.. a.Zip(b, (p, q) => p < q ? (byte)1 : (byte)0)];
            Assert.Equal(expected, left);
            Assert.Equal(expected, right);
        }
    });

    [Fact]
    public void Choices_of_every_size_match_the_scalar_operator()
    {
        Selects(i => (byte)i);
        Selects(i => (short)(i * 3));
        Selects(i => (float)i);
        Selects(i => i * 5L);
        Selects(i => new Complex(i, -i));
    }

    [Fact]
    public void Logic_of_bools_matches_the_scalar_operators() => Variants.EachWidth(width =>
    {
        foreach (int n in (int[])[1, 15, 64, 200])
        {
            bool[] a = [.. Enumerable.Range(0, n).Select(i => i % 3 == 0)], b = [.. Enumerable.Range(0, n).Select(i => i % 2 == 0)], y = new bool[n];
            BroadcastPlan plan = BroadcastPlan.Create([n], [n]);
            Binary.Combine<bool, bool, bool, LogicalAndOperator>(a, b, y, plan, default, WorkerPool.Inline);
            Assert.Equal(a.Zip(b, (p, q) => p && q), y);
            Binary.Combine<bool, bool, bool, LogicalOrOperator>(a, b, y, plan, default, WorkerPool.Inline);
            Assert.Equal(a.Zip(b, (p, q) => p || q), y);
            Unary.Map<bool, bool, LogicalNotOperator>(a, y, default, WorkerPool.Inline);
            Assert.Equal(a.Select(p => !p), y);
        }
    });

    private static void Compares<T>(Func<int, T> value)
        where T : unmanaged, INumber<T> => Variants.EachWidth(width =>
    {
        foreach ((int left, int right) in (ReadOnlySpan<(int, int)>)[(1, 1), (9, 9), (31, 31), (32, 32), (33, 33), (63, 63), (203, 203), (1, 7), (9, 1), (1, 32), (65, 1), (1, 77), (77, 1)])
        {
            T[] a = [.. Enumerable.Range(1, left).Select(value)], b = [.. Enumerable.Range(1, right).Select(i => value(i * 3))];
            Compare<T, EqualOperator<T>>(a, b, (p, q) => p == q, width);
            Compare<T, NotEqualOperator<T>>(a, b, (p, q) => p != q, width);
            Compare<T, LessOperator<T>>(a, b, (p, q) => p < q, width);
            Compare<T, LessEqualOperator<T>>(a, b, (p, q) => p <= q, width);
            Compare<T, GreaterOperator<T>>(a, b, (p, q) => p > q, width);
            Compare<T, GreaterEqualOperator<T>>(a, b, (p, q) => p >= q, width);
        }
    });

    private static void Compare<T, TOp>(T[] a, T[] b, Func<T, T, bool> expected, string width)
        where T : unmanaged
        where TOp : struct, ICombineOperator<T, T, bool>
    {
        bool[] y = new bool[Math.Max(a.Length, b.Length)];
        Binary.Combine<T, T, bool, TOp>(a, b, y, BroadcastPlan.Create([a.Length], [b.Length]), default, WorkerPool.Inline);
        for (int i = 0; i < y.Length; i++)
            Assert.True(expected(a[i % a.Length], b[i % b.Length]) == y[i], $"{width} {typeof(TOp)} of {a.Length} and {b.Length} at {i}");
    }

    private static void Selects<T>(Func<int, T> value)
        where T : unmanaged => Variants.EachWidth(width =>
    {
        foreach (long[] lengths in (ReadOnlySpan<long[]>)[[1, 1, 1], [50, 50, 50], [1, 50, 50], [50, 1, 50], [50, 50, 1], [50, 1, 1], [1, 1, 50]])
        {
            bool[] condition = [.. Enumerable.Range(0, (int)lengths[0]).Select(i => i * 5 % 3 == 0)];
            T[] a = [.. Enumerable.Range(0, (int)lengths[1]).Select(value)], b = [.. Enumerable.Range(100, (int)lengths[2]).Select(value)], y = new T[lengths.Max()];
            Selection.Run<T>(condition, a, b, y, BroadcastPlan.Create([lengths[0]], [lengths[1]], [lengths[2]]), WorkerPool.Inline);
            Assert.Equal(Enumerable.Range(0, y.Length).Select(i => condition[i % condition.Length] ? a[i % a.Length] : b[i % b.Length]), y);
        }
    });
}
