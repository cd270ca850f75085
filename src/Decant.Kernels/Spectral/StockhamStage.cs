using System.Runtime.CompilerServices;

namespace Decant.Kernels.Spectral;

/// <summary>
/// One stage of <see cref="Stockham"/>. Registers lie along the s neighbours that share a root; the last one is placed so that it ends with them,
/// and computes some of the one before again. Where a register has more lanes than there are neighbours, a narrower one is taken.
/// </summary>
internal static unsafe class StockhamStage
{
    private const MethodImplOptions Hot = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    // Of radix 2h + 1 at h.
    private static readonly double[][] Odd = [.. Enumerable.Range(0, 7).Select(OddRoots)];

    public static void Run(Planes x, Planes y, double* roots, int radix, nint m, nint s, int lanes)
    {
        switch ((int)Math.Min(lanes, s))
        {
            case >= 8:
                Run<Reals8>(x, y, roots, radix, m, s);
                break;
            case >= 4:
                Run<Reals4>(x, y, roots, radix, m, s);
                break;
            case >= 2:
                Run<Reals2>(x, y, roots, radix, m, s);
                break;
            default:
                Run<Reals1>(x, y, roots, radix, m, s);
                break;
        }
    }

    private static void Run<V>(Planes x, Planes y, double* roots, int radix, nint m, nint s)
        where V : unmanaged, IReals<V>
    {
        switch (radix)
        {
            case 2:
                Radix2<V>(x, y, roots, m, s);
                break;
            case 4:
                Radix4<V>(x, y, roots, m, s);
                break;
            default:
                fixed (double* odd = Odd[radix / 2])
                    RadixOdd<V>(x, y, roots, odd, radix, m, s);
                break;
        }
    }

    [MethodImpl(Hot)]
    private static void Radix2<V>(Planes x, Planes y, double* roots, nint m, nint s)
        where V : unmanaged, IReals<V>
    {
        nint far = m * s;
        for (nint p = 0; p < m; p++, roots += 2)
        {
            V c = V.Create(roots[0]), d = V.Create(roots[1]);
            double* xr = x.Re + (p * s), xi = x.Im + (p * s), yr = y.Re + (2 * p * s), yi = y.Im + (2 * p * s);
            for (nint q = 0; q < s; q += V.Count)
            {
                nint at = Math.Min(q, s - V.Count);
                V ar = V.Load(xr + at), ai = V.Load(xi + at), br = V.Load(xr + far + at), bi = V.Load(xi + far + at);
                (ar + br).Store(yr + at);
                (ai + bi).Store(yi + at);
                StoreTimes(ar - br, ai - bi, c, d, yr + s + at, yi + s + at);
            }
        }
    }

    [MethodImpl(Hot)]
    private static void Radix4<V>(Planes x, Planes y, double* roots, nint m, nint s)
        where V : unmanaged, IReals<V>
    {
        nint far = m * s;
        for (nint p = 0; p < m; p++, roots += 6)
        {
            V c1 = V.Create(roots[0]), d1 = V.Create(roots[1]), c2 = V.Create(roots[2]), d2 = V.Create(roots[3]), c3 = V.Create(roots[4]), d3 = V.Create(roots[5]);
            double* xr = x.Re + (p * s), xi = x.Im + (p * s), yr = y.Re + (4 * p * s), yi = y.Im + (4 * p * s);
            for (nint q = 0; q < s; q += V.Count)
            {
                nint at = Math.Min(q, s - V.Count);
                V ar = V.Load(xr + at), br = V.Load(xr + far + at), cr = V.Load(xr + (2 * far) + at), dr = V.Load(xr + (3 * far) + at);
                V ai = V.Load(xi + at), bi = V.Load(xi + far + at), ci = V.Load(xi + (2 * far) + at), di = V.Load(xi + (3 * far) + at);
                V sumR = ar + cr, sumI = ai + ci, otherR = br + dr, otherI = bi + di;
                (sumR + otherR).Store(yr + at);
                (sumI + otherI).Store(yi + at);
                StoreTimes(sumR - otherR, sumI - otherI, c2, d2, yr + (2 * s) + at, yi + (2 * s) + at);

                // (a - c) ± i(b - d): i exchanges the parts and negates one.
                V lessR = ar - cr, lessI = ai - ci, turnR = br - dr, turnI = bi - di;
                StoreTimes(lessR + turnI, lessI - turnR, c1, d1, yr + s + at, yi + s + at);
                StoreTimes(lessR - turnI, lessI + turnR, c3, d3, yr + (3 * s) + at, yi + (3 * s) + at);
            }
        }
    }

    /// <summary>
    /// With t = x[j] + x[r-j] and u = x[j] - x[r-j], j = 1 to h = (r-1)/2: X[k] = x[0] + Σ cos(2πjk/r)·t[j] - i·Σ sin(2πjk/r)·u[j], and X[r-k]
    /// with the other sign. Four sums for a pair of results.
    /// </summary>
    [MethodImpl(Hot)]
    private static void RadixOdd<V>(Planes x, Planes y, double* roots, double* odd, int radix, nint m, nint s)
        where V : unmanaged, IReals<V>
    {
        nint far = m * s;
        int half = (radix - 1) / 2;
        V* sums = stackalloc V[4 * half];
        for (nint p = 0; p < m; p++, roots += 2 * (radix - 1))
        {
            double* xr = x.Re + (p * s), xi = x.Im + (p * s), yr = y.Re + (radix * p * s), yi = y.Im + (radix * p * s);
            for (nint q = 0; q < s; q += V.Count)
            {
                nint at = Math.Min(q, s - V.Count);
                V firstR = V.Load(xr + at), firstI = V.Load(xi + at), totalR = firstR, totalI = firstI;
                for (int j = 0; j < half; j++)
                {
                    nint low = ((j + 1) * far) + at, high = ((radix - 1 - j) * far) + at;
                    V ar = V.Load(xr + low), ai = V.Load(xi + low), br = V.Load(xr + high), bi = V.Load(xi + high);
                    (sums[4 * j], sums[(4 * j) + 1], sums[(4 * j) + 2], sums[(4 * j) + 3]) = (ar + br, ai + bi, ar - br, ai - bi);
                    totalR += ar + br;
                    totalI += ai + bi;
                }

                totalR.Store(yr + at);
                totalI.Store(yi + at);
                double* factor = odd;
                for (int k = 1; k <= half; k++)
                {
                    V evenR = firstR, evenI = firstI, oddR = V.Create(0), oddI = oddR;
                    for (int j = 0; j < half; j++, factor += 2)
                    {
                        V cos = V.Create(factor[0]), sin = V.Create(factor[1]);
                        evenR = V.MultiplyAdd(cos, sums[4 * j], evenR);
                        evenI = V.MultiplyAdd(cos, sums[(4 * j) + 1], evenI);
                        oddR = V.MultiplyAdd(sin, sums[(4 * j) + 2], oddR);
                        oddI = V.MultiplyAdd(sin, sums[(4 * j) + 3], oddI);
                    }

                    double* near = roots + (2 * (k - 1)), mirrored = roots + (2 * (radix - 1 - k));
                    StoreTimes(evenR + oddI, evenI - oddR, V.Create(near[0]), V.Create(near[1]), yr + (k * s) + at, yi + (k * s) + at);
                    StoreTimes(evenR - oddI, evenI + oddR, V.Create(mirrored[0]), V.Create(mirrored[1]), yr + ((radix - k) * s) + at, yi + ((radix - k) * s) + at);
                }
            }
        }
    }

    /// <summary>Stores (re + i·im)·(c + i·d).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreTimes<V>(V re, V im, V c, V d, double* yr, double* yi)
        where V : unmanaged, IReals<V>
    {
        V.MultiplyAdd(re, c, -(im * d)).Store(yr);
        V.MultiplyAdd(re, d, im * c).Store(yi);
    }

    /// <summary>cos and sin of 2πjk/r, r = 2h + 1, for k and within that j from 1 to h.</summary>
    private static double[] OddRoots(int half)
    {
        double[] roots = new double[2 * half * half];
        for (int i = 0; i < half * half; i++)
        {
            (double sin, double cos) = Roots.Of((long)((i / half) + 1) * ((i % half) + 1), (2 * half) + 1);
            (roots[2 * i], roots[(2 * i) + 1]) = (cos, -sin);
        }

        return roots;
    }
}
