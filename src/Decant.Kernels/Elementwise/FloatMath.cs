using System.Runtime.CompilerServices;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Elementwise;

/// <summary>
/// float32 functions on lanes; formally generic in T, to be called with float only. Error bounds are measured over all
/// binades by the tests. NaN gives NaN, infinities and denormals are handled.
/// </summary>
internal static class FloatMath
{
    private const double Log2E = 1.4426950408889634;
    private const double Ln2 = 0.6931471805599453;
    private const double Ln2High = 0.693359375;
    private const double Ln2Low = -2.12194440054690583e-4;

    /// <summary>ln 2^-126, rounded up.</summary>
    private const double LeastNormalExponent = -87.33654;

    /// <summary>1.5 · 2^23: adding it rounds a float below 2^22 to the nearest integer, which stands in the low bits of the sum.</summary>
    private const double ToInteger = 12582912;

    /// <summary>e^x within 1 ulp: x = n ln2 + r, a polynomial on |r| &lt;= 0.3475, scaled so that denormals round once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V, T>(V x)
        where V : struct, ILanes<V, T>
        where T : unmanaged
    {
        V clamped = V.MaxOrSecond(V.Constant(-105), x);
        // Beyond 2^22 the remainder r below is far from 0, but the polynomial of even degree stays positive.
        return ExpOfClamped<V, T>(V.ScaleSaturates ? clamped : V.MinOrSecond(V.Constant(89), clamped));
    }

    /// <summary>
    /// <see cref="Exp"/> of x up to 0, or NaN; 0 instead of denormals, which TensorFlow flushes too: an instruction with such a result takes
    /// some 150 cycles.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ExpBelowOne<V, T>(V x)
        where V : struct, ILanes<V, T>
        where T : unmanaged
    {
        V least = V.Constant(LeastNormalExponent);
        V clamped = V.MaxOrSecond(least, x);
        if (V.ScaleSaturates)
            return V.Select(V.Less(x, least), V.Constant(0), ExpOfClamped<V, T>(clamped));
        // 2^n is normal here, and its n stands in the low bits of the shifted value.
        V shifted = V.Fma(clamped, V.Constant(Log2E), V.Constant(ToInteger));
        V n = shifted - V.Constant(ToInteger);
        V r = V.Fma(n, V.Constant(-Ln2Low), V.Fma(n, V.Constant(-Ln2High), clamped));
        V scale = V.AddInt32(V.ShiftLeft32(shifted, 23), V.Int32(0x3f800000));
        return V.AndNot(ExpOfRemainder<V, T>(r) * scale, V.Less(x, least));
    }

    /// <summary>e^x - 1 within 2 ulp, exact to first order near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Expm1<V, T>(V x)
        where V : struct, ILanes<V, T>
        where T : unmanaged
    {
        V clamped = V.MinOrSecond(V.Constant(89), V.MaxOrSecond(V.Constant(-40), x));
        V n = V.Round(clamped * V.Constant(Log2E));
        V r = V.Fma(n, V.Constant(-Ln2Low), V.Fma(n, V.Constant(-Ln2High), clamped));
        V e = V.Fma(ExpTail<V, T>(r), r * r, r);
        V half = Power2<V, T>(V.AddInt32(V.ToInt32Bits(n), V.Int32(-1)));
        V result = V.Fma(half, e, half - V.Constant(0.5));
        return V.Select(V.Equal(x, V.Constant(0)), x, result + result);
    }

    /// <summary>
    /// ln x within 1 ulp: x = 2^k (1 + f), f in [-1/4, 1/2). -inf at 0, NaN below.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log<V, T>(V x)
        where V : struct, ILanes<V, T>
        where T : unmanaged
    {
        V f = V.Significand(x) - V.Constant(1);
        return V.Fma(V.Exponent(x), V.Constant(Ln2), V.Fma(LogTail<V, T>(f), f * f, f));
    }

    /// <summary>ln(1 + x) within 2 ulp: the rounding of 1 + x is put back as a correction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log1p<V, T>(V x)
        where V : struct, ILanes<V, T>
        where T : unmanaged
    {
        V one = V.Constant(1);
        V u = x + one;
        V bits = V.AddInt32(u, V.Int32(0x3f800000 - 0x3f3504f3));
        V ki = V.AddInt32(V.ShiftRight32(bits, 23), V.Int32(-127));
        V m = V.AddInt32(bits & V.Int32(0x007fffff), V.Int32(0x3f3504f3));
        V large = V.LessOrEqual(one, x);
        V correction = V.Select(large, one - (u - x), x - (u - one)) / u;
        V k = V.FromInt32Bits(ki);
        V small = V.Equal(k, V.Constant(0));
        V f = V.Select(small, V.Select(V.Less(V.Abs(x), V.Constant(0.25)), x, m - one), m - one);
        correction = V.Select(V.Less(V.Abs(x), V.Constant(0.25)), V.Constant(0), correction);
        V result = LogCore<V, T>(f, k, correction);
        result = V.Select(V.Equal(x, V.Constant(0)), x, result);
        result = V.Select(V.Less(V.Constant(float.MaxValue), x), x, result);
        result = V.Select(V.Equal(x, V.Constant(-1)), V.Constant(float.NegativeInfinity), result);
        return V.Select(V.LessOrEqual(V.Constant(-1), x), result, V.Constant(float.NaN));
    }

    /// <summary>Within 3 ulp everywhere, near 0 too: h / (h + 1) of h = (e^2|x| - 1) / 2 with the sign put back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V, T>(V x)
        where V : struct, ILanes<V, T>
        where T : unmanaged
    {
        // |x| = n ln2 / 2 + r: up to 10, one constant for ln2 is exact enough.
        V magnitude = V.MinOrSecond(V.Constant(10), V.Abs(x));
        V shifted = V.Fma(magnitude, V.Constant(2 * Log2E), V.Constant(ToInteger));
        V r = V.Fma(shifted - V.Constant(ToInteger), V.Constant(-Ln2 / 2), magnitude);
        // The polynomial of ExpTail for 2r: e = (e^2r - 1) / 2.
        V e = V.Fma(V.Constant(0.001392637612298131 * 32), r, V.Constant(0.008363333530724049 * 16));
        e = V.Fma(e, r, V.Constant(0.04166655242443085 * 8));
        e = V.Fma(e, r, V.Constant(0.16666576266288757 * 4));
        e = V.Fma(V.Fma(e, r, V.Constant(1)), r * r, r);
        // 2^n: the integer n stands in the low bits of the shifted value.
        V scale = V.AddInt32(V.ShiftLeft32(shifted, 23), V.Int32(0x3f800000));
        V h = V.Fma(scale, e, V.Fma(scale, V.Constant(0.5), V.Constant(-0.5)));
        return V.Select(V.Constant(-0.0), x, h / (h + V.Constant(1)));
    }

    /// <summary>1 / (1 + e^-x) within 3 ulp on both sides: 1 from 18 on, and 0 below -88.72, where e^-x is infinite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<V, T>(V x)
        where V : struct, ILanes<V, T>
        where T : unmanaged
    {
        V clamped = V.MaxOrSecond(V.Constant(-18), -x);
        V e = ExpOfClamped<V, T>(V.ScaleSaturates ? clamped : V.MinOrSecond(V.Constant(89), clamped));
        return V.Constant(1) / (V.Constant(1) + e);
    }

    /// <summary>ln(1 + e^x) = max(x, 0) + ln(1 + e), e = e^-|x|, within 3 ulp: 1 + e = 1 + f below 1.5, 2 (1 + f) above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Softplus<V, T>(V x)
        where V : struct, ILanes<V, T>
        where T : unmanaged
    {
        V e = ExpOfClamped<V, T>(V.MaxOrSecond(V.Constant(-105), x | V.Constant(-0.0)));
        V doubled = V.Less(V.Constant(0.5), e);
        V f = V.Select(doubled, V.Fma(e, V.Constant(0.5), V.Constant(-0.5)), e);
        V logarithm = V.Fma(LogTail<V, T>(f), f * f, f) + (doubled & V.Constant(Ln2));
        return V.MaxOrSecond(V.Constant(0), x) + logarithm;
    }

    /// <summary>
    /// erf within 2 ulp. Below 1.1: x + x P(x²); from there 1 - e^Q(t), t = |x| - 1.1, ±1 from 4 on. P and Q interpolate
    /// erf(x) / x - 1 and ln erfc(x) at Chebyshev nodes; their own errors are below 0.01 ulp.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf<V, T>(V x)
        where V : struct, ILanes<V, T>
        where T : unmanaged
    {
        V s = x * x;
        V p = V.Constant(-8.794189113463124e-06);
        p = V.Fma(p, s, V.Constant(0.00010950645344463413));
        p = V.Fma(p, s, V.Constant(-0.0008439431539642235));
        p = V.Fma(p, s, V.Constant(0.005217906730402152));
        p = V.Fma(p, s, V.Constant(-0.026864312845426886));
        p = V.Fma(p, s, V.Constant(0.1128376356714697));
        p = V.Fma(p, s, V.Constant(-0.37612637275891436));
        p = V.Fma(p, s, V.Constant(0.12837916694029805));
        V magnitude = V.Abs(x);
        V t = V.MinOrSecond(V.Constant(4), magnitude) - V.Constant(1.1);
        V q = V.Constant(1.6131267658212294e-06);
        q = V.Fma(q, t, V.Constant(-3.1370582121766385e-05));
        q = V.Fma(q, t, V.Constant(0.00029629478597159554));
        q = V.Fma(q, t, V.Constant(-0.001865703420754568));
        q = V.Fma(q, t, V.Constant(0.009093071607998406));
        q = V.Fma(q, t, V.Constant(-0.03774045780422264));
        q = V.Fma(q, t, V.Constant(-0.8549940389031065));
        q = V.Fma(q, t, V.Constant(-2.8087964662988476));
        q = V.Fma(q, t, V.Constant(-2.121973914437717));
        // e^q < 0.13 is taken from 1: a polynomial of one degree less and one constant for ln2 are exact enough.
        V n = V.Fma(q, V.Constant(Log2E), V.Constant(ToInteger)) - V.Constant(ToInteger);
        V r = V.Fma(n, V.Constant(-Ln2), q);
        V e = V.Fma(V.Constant(0.008312373409126564), r, V.Constant(0.04189127393080831));
        e = V.Fma(e, r, V.Constant(0.16667119734289895));
        e = V.Fma(e, r, V.Constant(0.49999223950788474));
        e = V.Scale(V.Fma(V.Fma(e, r, V.Constant(1)), r, V.Constant(1)), n);
        V tail = V.Select(V.Constant(-0.0), x, V.Constant(1) - e);
        return V.Select(V.Less(magnitude, V.Constant(1.1)), V.Fma(p, x, x), tail);
    }

    /// <summary>e^x for x in [-105, 89] or NaN; above 89 too where scaling saturates.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpOfClamped<V, T>(V x)
        where V : struct, ILanes<V, T>
        where T : unmanaged
    {
        V n = V.Fma(x, V.Constant(Log2E), V.Constant(ToInteger)) - V.Constant(ToInteger);
        V r = V.Fma(n, V.Constant(-Ln2Low), V.Fma(n, V.Constant(-Ln2High), x));
        return V.Scale(ExpOfRemainder<V, T>(r), n);
    }

    /// <summary>e^r of |r| up to 0.3475.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V ExpOfRemainder<V, T>(V r)
        where V : struct, ILanes<V, T>
        where T : unmanaged => V.Fma(V.Fma(ExpTail<V, T>(r), r, V.Constant(1)), r, V.Constant(1));

    /// <summary>(e^r - 1 - r) / r^2, interpolated at the Chebyshev nodes of |r| &lt;= 0.3475; e^r made of it is off by less than 0.2 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpTail<V, T>(V r)
        where V : struct, ILanes<V, T>
        where T : unmanaged
    {
        V p = V.Fma(V.Constant(0.001392637612298131), r, V.Constant(0.008363333530724049));
        p = V.Fma(p, r, V.Constant(0.04166655242443085));
        p = V.Fma(p, r, V.Constant(0.16666576266288757));
        return V.Fma(p, r, V.Constant(0.5));
    }

    /// <summary>(ln(1 + f) - f) / f² on [-1/4, 1/2], the minimax polynomial; ln(1 + f) made of it is off by less than 0.1 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogTail<V, T>(V f)
        where V : struct, ILanes<V, T>
        where T : unmanaged
    {
        V q = V.Fma(V.Constant(-0.04490993938556835), f, V.Constant(0.10448365363017777));
        q = V.Fma(q, f, V.Constant(-0.13162237188892154));
        q = V.Fma(q, f, V.Constant(0.14482057521289032));
        q = V.Fma(q, f, V.Constant(-0.16647766183582074));
        q = V.Fma(q, f, V.Constant(0.19990606904766955));
        q = V.Fma(q, f, V.Constant(-0.25000054618102324));
        q = V.Fma(q, f, V.Constant(0.33333454441352145));
        return V.Fma(q, f, V.Constant(-0.5000000082235315));
    }

    /// <summary>2^n for int32 lanes n in [-126, 127].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Power2<V, T>(V n)
        where V : struct, ILanes<V, T>
        where T : unmanaged => V.ShiftLeft32(V.AddInt32(n, V.Int32(127)), 23);

    /// <summary>ln(1 + f) + k ln2 + correction, f in [sqrt(1/2) - 1, sqrt 2 - 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogCore<V, T>(V f, V k, V correction)
        where V : struct, ILanes<V, T>
        where T : unmanaged
    {
        V s = f / (f + V.Constant(2));
        V z = s * s;
        V w = z * z;
        V t1 = w * V.Fma(w, V.Constant(0.24279078841), V.Constant(0.40000972152));
        V t2 = z * V.Fma(w, V.Constant(0.28498786688), V.Constant(0.66666662693));
        V halfSquare = V.Constant(0.5) * f * f;
        V low = V.Fma(k, V.Constant(9.0580006145e-06), correction);
        return V.Fma(k, V.Constant(6.9313812256e-01), f - (halfSquare - V.Fma(s, halfSquare + t1 + t2, low)));
    }
}
