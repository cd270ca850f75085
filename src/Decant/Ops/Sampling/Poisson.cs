using System.Numerics;
using Decant.Kernels.Elementwise;

namespace Decant.Ops.Sampling;

/// <summary>Poisson numbers: small rates count exponential steps (Knuth); others are Hörmann's transformed rejection PTRS, 1993.</summary>
internal static class Poisson
{
    /// <summary>The next number for a rate that is not negative.</summary>
    public static T Next<T>(ref PhiloxVariates<T> variates, T rate)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        T.IsInfinity(rate) ? rate : rate < Of<T>(10) ? Small(ref variates, rate) : Large(ref variates, rate);

    private static T Of<T>(double value)
        where T : INumberBase<T> => T.CreateTruncating(value);

    private static T Small<T>(ref PhiloxVariates<T> variates, T rate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        (T limit, T product, T count) = (T.Exp(-rate), T.One, T.Zero);
        while (true)
        {
            product *= variates.Uniform();
            if (product <= limit)
                return count;
            count += T.One;
        }
    }

    private static T Large<T>(ref PhiloxVariates<T> variates, T rate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T half = Of<T>(0.5), two = T.One + T.One;
        T b = Of<T>(0.931) + (Of<T>(2.53) * T.Sqrt(rate)), a = Of<T>(-0.059) + (Of<T>(0.02483) * b);
        T inverse = Of<T>(1.1239) + (Of<T>(1.1328) / (b - Of<T>(3.4)));
        while (true)
        {
            T u = variates.Uniform() - half, v = variates.Uniform(), edge = half - T.Abs(u);
            T k = T.Floor((((two * a / edge) + b) * u) + rate + Of<T>(0.43));
            if (edge >= Of<T>(0.07) && v <= Of<T>(0.9277) - (Of<T>(3.6224) / (b - two)))
                return k;
            if (k < T.Zero || (edge < Of<T>(0.013) && v > edge))
                continue;
            T gamma = Of<T>(default(LgammaOperator<double>).Invoke(double.CreateTruncating(k + T.One)));
            if (T.Log(v * inverse / ((a / (edge * edge)) + b)) <= (k * T.Log(rate)) - rate - gamma)
                return k;
        }
    }
}
