using System.Runtime.CompilerServices;

namespace Decant.Kernels.Spectral;

/// <summary>
/// Joins the transforms Y[l] of the four interleaved quarters x[4n + l] of a line: X[k + M·r] = Σ e^(-2πi·lk/N)·Y[l][k]·e^(-2πi·lr/4) over l, N = 4M.
/// Y lies at 4k + l and is turned in registers, whose lanes are neighbours of k; the last register is placed so that it ends with them.
/// </summary>
internal sealed unsafe class QuarterRoots
{
    private readonly int _quarter;

    // The real parts of the roots of l = 1, of 2 and of 3, each for all k, then the imaginary parts.
    private readonly double[] _roots;

    public QuarterRoots(int length)
    {
        _quarter = length / 4;
        _roots = new double[6 * (long)_quarter];
        for (int l = 1; l <= 3; l++)
        {
            for (int k = 0; k < _quarter; k++)
                (_roots[((l + 2L) * _quarter) + k], _roots[((l - 1L) * _quarter) + k]) = Roots.Of((long)l * k, length);
        }
    }

    public void Join(Planes y, Planes x, int lanes)
    {
        fixed (double* roots = _roots)
        {
            switch (Math.Min(lanes, _quarter))
            {
                case >= 8:
                    Join<Reals8>(y, x, roots, _quarter);
                    break;
                case >= 4:
                    Join<Reals4>(y, x, roots, _quarter);
                    break;
                case >= 2:
                    Join<Reals2>(y, x, roots, _quarter);
                    break;
                default:
                    Join<Reals1>(y, x, roots, _quarter);
                    break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Join<V>(Planes y, Planes x, double* re, nint m)
        where V : unmanaged, IReals<V>
    {
        double* im = re + (3 * m);
        for (nint k = 0; k < m; k += V.Count)
        {
            nint at = Math.Min(k, m - V.Count);
            (V ar, V br, V cr, V dr) = V.Columns(y.Re + (4 * at));
            (V ai, V bi, V ci, V di) = V.Columns(y.Im + (4 * at));
            (br, bi) = Times(br, bi, re + at, im + at);
            (cr, ci) = Times(cr, ci, re + m + at, im + m + at);
            (dr, di) = Times(dr, di, re + (2 * m) + at, im + (2 * m) + at);
            V sumR = ar + cr, sumI = ai + ci, otherR = br + dr, otherI = bi + di;
            V lessR = ar - cr, lessI = ai - ci, turnR = br - dr, turnI = bi - di;
            double* xr = x.Re + at, xi = x.Im + at;
            (sumR + otherR).Store(xr);
            (sumI + otherI).Store(xi);
            (lessR + turnI).Store(xr + m);
            (lessI - turnR).Store(xi + m);
            (sumR - otherR).Store(xr + (2 * m));
            (sumI - otherI).Store(xi + (2 * m));
            (lessR - turnI).Store(xr + (3 * m));
            (lessI + turnR).Store(xi + (3 * m));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (V Re, V Im) Times<V>(V a, V b, double* re, double* im)
        where V : unmanaged, IReals<V>
    {
        V c = V.Load(re), d = V.Load(im);
        return (V.MultiplyAdd(a, c, -(b * d)), V.MultiplyAdd(a, d, b * c));
    }
}
