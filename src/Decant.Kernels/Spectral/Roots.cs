namespace Decant.Kernels.Spectral;

/// <summary>Roots of unity, each from an angle that is exact.</summary>
internal static class Roots
{
    /// <summary>sin and cos of -2π·k/n.</summary>
    public static (double Sin, double Cos) Of(long k, long n)
    {
        double halfTurns = -2.0 * (k % n) / n;
        return (double.SinPi(halfTurns), double.CosPi(halfTurns));
    }
}
