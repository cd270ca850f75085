using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Reduce;

/// <summary>Positions of extremes of float32 in rows; NaN is passed over, and the first of equals is taken.</summary>
internal static unsafe class ArgRow<TOrder>
    where TOrder : struct, IArgOrder
{
    /// <summary>Of a line of the cache.</summary>
    private const int LineFloats = 16;

    /// <summary>The position in each of some rows of n; 0 where nothing is beyond the lowest (highest) finite value.</summary>
    public static void Run<TIndex>(float* x, TIndex* y, int rows, int n)
        where TIndex : unmanaged, INumber<TIndex>
    {
        int bits = LaneWidth.Current;
        if (bits >= 512 && n >= 2 * Lanes512<float>.Count)
            Pairs<TIndex, Lanes512<float>>(x, y, rows, n);
        else if (bits >= 256 && n >= 2 * Lanes256<float>.Count)
            Pairs<TIndex, Lanes256<float>>(x, y, rows, n);
        else if (bits >= 128 && n >= 2 * Lanes128<float>.Count)
            Pairs<TIndex, Lanes128<float>>(x, y, rows, n);
        else
            Scalars(x, y, rows, n);
    }

    private static void Scalars<TIndex>(float* x, TIndex* y, int rows, int n)
        where TIndex : unmanaged, INumber<TIndex>
    {
        for (int row = 0; row < rows; row++, x += n)
        {
            float best = TOrder.Start;
            int at = 0;
            for (int i = 0; i < n; i++)
            {
                if (TOrder.IsBeyond(x[i], best))
                    (best, at) = (x[i], i);
            }

            y[row] = TIndex.CreateTruncating(at);
        }
    }

    private static void Pairs<TIndex, V>(float* x, TIndex* y, int rows, int n)
        where TIndex : unmanaged, INumber<TIndex>
        where V : struct, ILanes<V, float>
    {
        if (n >= 4 * V.Count)
            Lanes<TIndex, Twin<Twin<V, float>, float>>(x, y, rows, n);
        else
            Lanes<TIndex, Twin<V, float>>(x, y, rows, n);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Lanes<TIndex, W>(float* x, TIndex* y, int rows, int n)
        where TIndex : unmanaged, INumber<TIndex>
        where W : struct, ILanes<W, float>
    {
        for (int row = 0; row < rows; row++, x += n)
            y[row] = TIndex.CreateTruncating(Find<W>(x, n));
    }

    // The extreme first, then where it is: both in the first cache for a block.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Find<W>(float* x, int n)
        where W : struct, ILanes<W, float>
    {
        W lanes = W.Create(TOrder.Start);
        int last = n - W.Count;
        for (int i = 0; i < last; i += W.Count)
        {
            // The same place of the row behind: while the extreme's place is sought nothing would be on its way from memory.
            for (int line = 0; line < W.Count && Sse.IsSupported; line += LineFloats)
                Sse.Prefetch0(x + n + i + line);
            lanes = TOrder.Further(W.Load(x + i), lanes);
        }

        float best = TOrder.Furthest(TOrder.Further(W.Load(x + last), lanes));
        if (best == TOrder.Start)
            return 0;
        W wanted = W.Create(best);
        for (int i = 0; ; i += W.Count)
        {
            i = Math.Min(i, last);
            W found = W.Equal(W.Load(x + i), wanted);
            if (W.Any(found))
                return i + BitOperations.TrailingZeroCount(W.Bits(found));
        }
    }
}
