using System.Runtime.CompilerServices;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Elementwise;

/// <summary>
/// sin and cos of float32 on lanes; formally generic in T, to be called with float only. |x| = n π + r, or (n - 1/2) π + r for cos, |r| up to π/2,
/// with π in three parts: n times the first is taken off without rounding, since both are multiples of 2^-23. Then (-1)^n sin r, by the
/// minimax polynomial of sin r / r up to 1.577, which is off by less than 0.11 · 2^-24.
/// </summary>
internal static unsafe class FloatTrigonometry
{
    /// <summary>1.5 · 2^23: adding it rounds a float below 2^22 to the nearest integer, which stands in the low bits of the sum.</summary>
    private const double ToInteger = 12582912;

    /// <summary>Up to here the third part of π ends below a float's last place; beyond, lanes are computed one by one in double.</summary>
    private const double LargestReduced = 1e5;

    private const double First = 3.1415927410125732;
    private const double Second = -8.742277657347586e-08;
    private const double Third = -3.4302490200117637e-15;

    /// <summary>sin x within 2 ulp; NaN for infinities.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sin<V, T>(V x)
        where V : struct, ILanes<V, T>
        where T : unmanaged
    {
        V magnitude = V.Abs(x), shifted = V.Fma(magnitude, V.Constant(1 / Math.PI), V.Constant(ToInteger));
        V sin = Turned<V, T>(magnitude, shifted - V.Constant(ToInteger), shifted) ^ (x & V.Constant(-0.0));
        return IsReduced<V, T>(magnitude) ? sin : OneByOne<V, T>(x, isSine: true);
    }

    /// <summary>cos x within 2 ulp; NaN for infinities.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Cos<V, T>(V x)
        where V : struct, ILanes<V, T>
        where T : unmanaged
    {
        V magnitude = V.Abs(x), shifted = V.Fma(magnitude, V.Constant(1 / Math.PI), V.Constant(0.5)) + V.Constant(ToInteger);
        V cos = Turned<V, T>(magnitude, shifted - V.Constant(ToInteger) - V.Constant(0.5), shifted);
        return IsReduced<V, T>(magnitude) ? cos : OneByOne<V, T>(x, isSine: false);
    }

    /// <summary>NaN is reduced as well: it stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsReduced<V, T>(V magnitude)
        where V : struct, ILanes<V, T>
        where T : unmanaged => !V.LessAny(V.Constant(LargestReduced), magnitude);

    /// <summary>sin(x - n π), with the other sign where <paramref name="turns"/> is odd.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Turned<V, T>(V x, V n, V turns)
        where V : struct, ILanes<V, T>
        where T : unmanaged
    {
        V r = V.Fma(n, V.Constant(-First), x);
        r = V.Fma(n, V.Constant(-Third), V.Fma(n, V.Constant(-Second), r));
        V z = r * r;
        V p = V.Fma(V.Constant(2.6054663067043293e-06), z, V.Constant(-0.00019809554214589298));
        p = V.Fma(V.Fma(p, z, V.Constant(0.008333067409694195)), z, V.Constant(-0.16666659712791443));
        // Near π/2 the square's rounding alone would be half a unit of the result's last place.
        V cube = V.Fma(z, r, V.Fma(r, r, -z) * r);
        return V.Fma(cube, p, r) ^ V.ShiftLeft32(turns, 31);
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
