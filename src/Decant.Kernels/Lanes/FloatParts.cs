using System.Runtime.CompilerServices;

namespace Decant.Kernels.Lanes;

/// <summary>Significand and exponent of float32 lanes by integer arithmetic on their bits.</summary>
internal static class FloatParts
{
    private const int ThreeQuarters = 0x3f400000;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Significand<V, T>(V x)
        where V : struct, ILanes<V, T>
        where T : unmanaged
    {
        V m = V.AddInt32(V.AddInt32(Normal<V, T>(x), V.Int32(-ThreeQuarters)) & V.Int32(0x007fffff), V.Int32(ThreeQuarters));
        return V.Select(V.LessOrEqual(V.Constant(0), x), m, V.Constant(float.NaN));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exponent<V, T>(V x)
        where V : struct, ILanes<V, T>
        where T : unmanaged
    {
        V k = V.FromInt32Bits(V.ShiftRight32(V.AddInt32(Normal<V, T>(x), V.Int32(-ThreeQuarters)), 23));
        k -= V.Select(Denormal<V, T>(x), V.Constant(25), V.Constant(0));
        k = V.Select(V.Less(V.Constant(float.MaxValue), x), x, k);
        return V.Select(V.Equal(x, V.Constant(0)), V.Constant(float.NegativeInfinity), k);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Denormal<V, T>(V x)
        where V : struct, ILanes<V, T>
        where T : unmanaged => V.Less(x, V.Constant(1.17549435e-38));

    /// <summary>x, or x · 2^25 where it is denormal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Normal<V, T>(V x)
        where V : struct, ILanes<V, T>
        where T : unmanaged => V.Select(Denormal<V, T>(x), x * V.Constant(33554432), x);
}
