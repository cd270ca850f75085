using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Reduce;

/// <summary>Which of two float32 an arg-extreme prefers, as a type, so that loops do not ask.</summary>
internal interface IArgOrder
{
    /// <summary>What a search begins with: the lowest (highest) finite value.</summary>
    static abstract float Start { get; }

    static abstract bool IsBeyond(float v, float best);

    /// <summary>All bits set where the value is beyond the best.</summary>
    static abstract V Beyond<V>(V v, V best)
        where V : struct, ILanes<V, float>;

    /// <summary>The value where it is beyond the best, which is a number; x86 takes the second where one of both is not.</summary>
    static abstract V Further<V>(V v, V best)
        where V : struct, ILanes<V, float>;

    /// <summary>The lane beyond all others; all are numbers.</summary>
    static abstract float Furthest<V>(V best)
        where V : struct, ILanes<V, float>;
}

internal readonly struct ArgMaxOrder : IArgOrder
{
    public static float Start => float.MinValue;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsBeyond(float v, float best) => v > best;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Beyond<V>(V v, V best)
        where V : struct, ILanes<V, float> => V.Less(best, v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Further<V>(V v, V best)
        where V : struct, ILanes<V, float> => Sse.IsSupported ? V.MaxOrSecond(v, best) : V.Select(Beyond(v, best), v, best);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Furthest<V>(V best)
        where V : struct, ILanes<V, float> => V.LargestNumber(best);
}

internal readonly struct ArgMinOrder : IArgOrder
{
    public static float Start => float.MaxValue;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsBeyond(float v, float best) => v < best;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Beyond<V>(V v, V best)
        where V : struct, ILanes<V, float> => V.Less(v, best);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Further<V>(V v, V best)
        where V : struct, ILanes<V, float> => Sse.IsSupported ? V.MinOrSecond(v, best) : V.Select(Beyond(v, best), v, best);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Furthest<V>(V best)
        where V : struct, ILanes<V, float> => -V.LargestNumber(-best);
}
