using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Reduce;

/// <summary>Positions of extremes of float32; NaN is passed over, and the first of equals is taken.</summary>
internal static unsafe class ArgRow
{
    /// <summary>Of a line of the cache.</summary>
    private const int LineFloats = 16;

    /// <summary>The position in a row; 0 where nothing is beyond the lowest (highest) finite value.</summary>
    public static int Find(float* x, int n, bool max)
    {
        int bits = LaneWidth.Current;
        if (bits >= 512 && n >= 2 * Lanes512<float>.Count)
            return Find<Lanes512<float>>(x, n, max);
        if (bits >= 256 && n >= 2 * Lanes256<float>.Count)
            return Find<Lanes256<float>>(x, n, max);
        if (bits >= 128 && n >= 2 * Lanes128<float>.Count)
            return Find<Lanes128<float>>(x, n, max);
        float best = Start(max);
        int at = 0;
        for (int i = 0; i < n; i++)
        {
            if (max ? x[i] > best : x[i] < best)
                (best, at) = (x[i], i);
        }

        return at;
    }

    /// <summary>Where x is beyond the best, it is the best, at <paramref name="index"/>. How many columns, whole registers of them, are done.</summary>
    public static int Update(float* x, float* best, int* at, int columns, int index, bool max) => LaneWidth.Current switch
    {
        >= 512 => Update<Lanes512<float>>(x, best, at, columns, index, max),
        >= 256 => Update<Lanes256<float>>(x, best, at, columns, index, max),
        >= 128 => Update<Lanes128<float>>(x, best, at, columns, index, max),
        _ => 0,
    };

    private static float Start(bool max) => max ? float.MinValue : float.MaxValue;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Beyond<V>(V best, V v, bool max)
        where V : struct, ILanes<V, float> => max ? V.Less(best, v) : V.Less(v, best);

    private static int Find<V>(float* x, int n, bool max)
        where V : struct, ILanes<V, float> => n >= 4 * V.Count ? Find<V, Twin<Twin<V, float>, float>>(x, n, max) : Find<V, Twin<V, float>>(x, n, max);

    // The extreme first, then where it is: both in the first cache for a block.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Find<V, W>(float* x, int n, bool max)
        where V : struct, ILanes<V, float>
        where W : struct, ILanes<W, float>
    {
        W lanes = W.Create(Start(max));
        int last = n - W.Count;
        for (int i = 0; i < last; i += W.Count)
        {
            // The same place of the row behind: while the extreme's place is sought nothing would be on its way from memory.
            for (int line = 0; line < W.Count && Sse.IsSupported; line += LineFloats)
                Sse.Prefetch0(x + n + i + line);
            lanes = Further(W.Load(x + i), lanes, max);
        }

        lanes = Further(W.Load(x + last), lanes, max);
        float best = max ? W.LargestNumber(lanes) : -W.LargestNumber(-lanes);
        if (best == Start(max))
            return 0;
        V wanted = V.Create(best);
        for (int i = 0; ; i += V.Count)
        {
            i = Math.Min(i, n - V.Count);
            ulong found = V.Bits(V.Equal(V.Load(x + i), wanted));
            if (found != 0)
                return i + BitOperations.TrailingZeroCount(found);
        }
    }

    /// <summary>The value where it is beyond the best, which is a number; x86 takes the second where one of both is not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Further<V>(V v, V best, bool max)
        where V : struct, ILanes<V, float> =>
        !Sse.IsSupported ? V.Select(Beyond(best, v, max), v, best) : max ? V.MaxOrSecond(v, best) : V.MinOrSecond(v, best);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Update<V>(float* x, float* best, int* at, int columns, int index, bool max)
        where V : struct, ILanes<V, float>
    {
        V position = V.Int32(index);
        int c = 0;
        for (; c <= columns - V.Count; c += V.Count)
        {
            V v = V.Load(x + c), old = V.Load(best + c);
            V mask = Beyond(old, v, max);
            Further(v, old, max).Store(best + c);
            V.Select(mask, position, V.Load((float*)at + c)).Store((float*)at + c);
        }

        return c;
    }
}
