using System.Runtime.CompilerServices;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Elementwise;

/// <summary>
/// a^b of float32 on lanes, within 2 ulp; formally generic in T, to be called with float only. 2^(b log2 a), where the logarithm and its product
/// with b are sums of two floats: a = 2^k m, log2 m = 2 / ln2 · artanh(s), s = (m - 1) / (m + 1), |s| up to 1/5.
/// </summary>
internal static unsafe class FloatPower
{
    /// <summary>Exponents up to which products with logarithms are far from overflow; with larger ones lanes are computed one by one.</summary>
    private const double LargestExponent = 1e6;

    private const double ScaleHigh = 2.885390043258667;
    private const double ScaleLow = 3.85192597818218e-08;

    // The coefficient of s³; it and those of higher powers interpolate at Chebyshev nodes.
    private const double CubeHigh = 0.9617967009544373;
    private const double CubeLow = -1.2670315352458772e-08;

    /// <summary>
    /// Squares are products; bases that are not finite and above 0, and what is beyond <see cref="LargestExponent"/>, are the runtime's.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static V Pow<V, T>(V a, V b)
        where V : struct, ILanes<V, T>
        where T : unmanaged
    {
        V isSquare = V.Equal(b, V.Constant(2)), square = a * a;
        if (V.Bits(isSquare) == (1UL << V.Count) - 1)
            return square;
        V isPlain = V.Less(V.Constant(0), a) & V.LessOrEqual(a, V.Constant(float.MaxValue)) & V.LessOrEqual(V.Abs(b), V.Constant(LargestExponent));
        if (V.Bits(isPlain | isSquare) != (1UL << V.Count) - 1)
            return OneByOne<V, T>(a, b);
        V m = V.Significand(a), k = V.Exponent(a), f = m - V.Constant(1);
        V d = m + V.Constant(1), dLow = m - (d - V.Constant(1)), inverse = V.Constant(1) / d;
        V s = f * inverse, sLow = (V.Fma(-s, d, f) - (s * dLow)) * inverse;
        V t = s * V.Constant(ScaleHigh), tLow = V.Fma(s, V.Constant(ScaleHigh), -t) + V.Fma(s, V.Constant(ScaleLow), sLow * V.Constant(ScaleHigh));
        V z = s * s, zLow = V.Fma(s, s, -z) + (V.Constant(2) * s * sLow), w = s * z, wLow = V.Fma(s, z, -w) + V.Fma(s, zLow, sLow * z);
        V u = w * V.Constant(CubeHigh), uLow = V.Fma(w, V.Constant(CubeHigh), -u) + V.Fma(w, V.Constant(CubeLow), wLow * V.Constant(CubeHigh));
        V p = V.Fma(V.Constant(0.34262482747548423), z, V.Constant(0.4116393419505639));
        p = V.Fma(p, z, V.Constant(0.577082520547588)) * (w * z);
        V sum = t + u, high = k + sum, low = k - high + sum + (t - sum + u + (tLow + uLow + p));
        V log = high + low, logLow = high - log + low;
        V e = b * log, eLow = V.Fma(b, logLow, V.Fma(b, log, -e));
        // Beyond ±250 a power of 2 is 0 or infinite in any case.
        V n = V.Round(V.MinOrSecond(V.Constant(250), V.MaxOrSecond(V.Constant(-250), e)));
        V r = V.MinOrSecond(V.Constant(1), V.MaxOrSecond(V.Constant(-1), e - n + eLow));
        V power = V.Scale(FloatMath.ExpOfRemainder<V, T>(r * V.Constant(0.6931471805599453)), n);
        return V.Select(isSquare, square, power);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static V OneByOne<V, T>(V a, V b)
        where V : struct, ILanes<V, T>
        where T : unmanaged
    {
        float* bases = stackalloc float[V.Count];
        float* exponents = stackalloc float[V.Count];
        a.Store((T*)bases);
        b.Store((T*)exponents);
        for (int i = 0; i < V.Count; i++)
        {
            (float x, float y) = (bases[i], exponents[i]);
            bool isPlain = y == 2 || (x > 0 && x <= float.MaxValue && Math.Abs(y) <= (float)LargestExponent);
            bases[i] = isPlain ? Pow<Lanes128<float>, float>(Lanes128<float>.Create(x), Lanes128<float>.Create(y)).ToScalar() : MathF.Pow(x, y);
        }

        return V.Load((T*)bases);
    }
}
