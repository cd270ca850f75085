using System.Runtime.CompilerServices;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Elementwise;

/// <summary>
/// sin and cos of float32 on lanes; formally generic in T, to be called with float only. |x| = n π/2 + r, |r| up to π/4, with π/2 in three parts:
/// n times the first is taken off without rounding, since both are multiples of 2^-24. Polynomials interpolate at Chebyshev nodes.
/// </summary>
internal static unsafe class FloatTrigonometry
{
    /// <summary>1.5 · 2^23: adding it rounds a float below 2^22 to the nearest integer, which stands in the low bits of the sum.</summary>
    private const double ToInteger = 12582912;

    /// <summary>Up to here the third part of π/2 ends below a float's last place; beyond, lanes are computed one by one in double.</summary>
    private const double LargestReduced = 1e5;

    private const double First = 1.5707963705062866;
    private const double Second = -4.371138828673793e-08;
    private const double Third = -1.7151245100058819e-15;

    /// <summary>sin x within 2 ulp; NaN for infinities.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sin<V, T>(V x)
        where V : struct, ILanes<V, T>
        where T : unmanaged
    {
        V magnitude = V.Abs(x);
        V sin = Turned<V, T>(magnitude, 0) ^ (x & V.Constant(-0.0));
        return IsReduced<V, T>(magnitude) ? sin : OneByOne<V, T>(x, isSine: true);
    }

    /// <summary>cos x within 2 ulp; NaN for infinities.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Cos<V, T>(V x)
        where V : struct, ILanes<V, T>
        where T : unmanaged
    {
        V magnitude = V.Abs(x), cos = Turned<V, T>(magnitude, 1);
        return IsReduced<V, T>(magnitude) ? cos : OneByOne<V, T>(x, isSine: false);
    }

    /// <summary>NaN is reduced as well: it stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsReduced<V, T>(V magnitude)
        where V : struct, ILanes<V, T>
        where T : unmanaged => V.Bits(V.Less(V.Constant(LargestReduced), magnitude)) == 0;

    /// <summary>sin(x + quarters π/2) of x from 0 up to <see cref="LargestReduced"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Turned<V, T>(V x, int quarters)
        where V : struct, ILanes<V, T>
        where T : unmanaged
    {
        V shifted = V.Fma(x, V.Constant(2 / Math.PI), V.Constant(ToInteger)), n = shifted - V.Constant(ToInteger);
        V r = V.Fma(n, V.Constant(-First), x);
        r = V.Fma(n, V.Constant(-Third), V.Fma(n, V.Constant(-Second), r));
        V z = r * r;
        V p = V.Fma(V.Constant(-0.000195873870684799), z, V.Constant(0.008332745936380564));
        V sin = V.Fma(V.Fma(p, z, V.Constant(-0.16666664650292085)), z * r, r);
        V q = V.Fma(V.Constant(2.454743721019101e-05), z, V.Constant(-0.0013888300696903938));
        q = V.Fma(V.Fma(q, z, V.Constant(0.04166666464745738)), z, V.Constant(-0.5));
        V cos = V.Fma(q, z, V.Constant(1));
        // Odd quarters take the other function, the second half turn the other sign.
        V turns = V.AddInt32(shifted, V.Int32(quarters));
        V result = V.Select(V.ShiftRight32(V.ShiftLeft32(turns, 31), 31), cos, sin);
        return result ^ (V.ShiftLeft32(turns, 30) & V.Constant(-0.0));
    }

    /// <summary>All lanes: those that <see cref="Turned"/> takes by it, the rest in double.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static V OneByOne<V, T>(V x, bool isSine)
        where V : struct, ILanes<V, T>
        where T : unmanaged
    {
        float* lanes = stackalloc float[V.Count];
        x.Store((T*)lanes);
        for (int i = 0; i < V.Count; i++)
        {
            float lane = lanes[i];
            if (Math.Abs(lane) <= (float)LargestReduced)
            {
                Lanes128<float> one = Lanes128<float>.Create(lane);
                lanes[i] = (isSine ? Sin<Lanes128<float>, float>(one) : Cos<Lanes128<float>, float>(one)).ToScalar();
            }
            else
            {
                lanes[i] = (float)(isSine ? Math.Sin(lane) : Math.Cos(lane));
            }
        }

        return V.Load((T*)lanes);
    }
}
