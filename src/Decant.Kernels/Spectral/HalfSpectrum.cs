using System.Runtime.CompilerServices;

namespace Decant.Kernels.Spectral;

/// <summary>
/// From the transform Z of z[n] = x[2n] + i·x[2n+1], H = N/2 numbers, to the spectrum X of the N real ones, and back. With B = conj Z[H-k] and
/// g = -i/2·e^(-2πi·k/N): X[k] = (Z[k] + B)/2 + g·(Z[k] - B) for k = 0 to H, where Z[H] = Z[0]; and with B = conj X[H-k] the same formula with conj g
/// gives Z. Lanes are neighbours of k, those of H-k are read backwards; the last register is placed so that it ends with them.
/// </summary>
internal sealed unsafe class HalfSpectrum
{
    private readonly int _half;
    private readonly double[] _re;
    private readonly double[] _im;

    public HalfSpectrum(int length)
    {
        _half = length / 2;
        (_re, _im) = (new double[_half + 1], new double[_half + 1]);
        for (int k = 0; k <= _half; k++)
        {
            (double sin, double cos) = Roots.Of(k, length);
            (_re[k], _im[k]) = (sin / 2, -cos / 2);
        }
    }

    /// <summary>Gives X in pairs; Z has room for H + 1 elements.</summary>
    public void Store<V, T>(Planes z, T* x)
        where V : unmanaged, IReals<V>
        where T : unmanaged
    {
        (z.Re[_half], z.Im[_half]) = (z.Re[0], z.Im[0]);
        fixed (double* re = _re, im = _im)
        {
            if (_half < V.Count)
                Store<Reals1, T>(z, x, re, im, _half);
            else
                Store<V, T>(z, x, re, im, _half);
        }
    }

    /// <summary>Gives Z · <paramref name="scale"/> of X, which has H + 1 elements.</summary>
    public void Fold<V>(Planes x, Planes z, double scale)
        where V : unmanaged, IReals<V>
    {
        fixed (double* re = _re, im = _im)
        {
            if (_half < V.Count)
                Fold<Reals1>(x, z, re, im, _half, scale);
            else
                Fold<V>(x, z, re, im, _half, scale);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Store<V, T>(Planes z, T* x, double* re, double* im, nint half)
        where V : unmanaged, IReals<V>
        where T : unmanaged
    {
        for (nint k = 0; k <= half; k += V.Count)
        {
            nint at = Math.Min(k, half + 1 - V.Count);
            (V r, V i) = Combine(z, at, half, V.Load(re + at), V.Load(im + at));
            (V low, V high) = V.Zip(r, i);
            low.Store(x + (2 * at));
            high.Store(x + (2 * at) + V.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Fold<V>(Planes x, Planes z, double* re, double* im, nint half, double scale)
        where V : unmanaged, IReals<V>
    {
        V factor = V.Create(scale);
        for (nint k = 0; k <= half; k += V.Count)
        {
            nint at = Math.Min(k, half + 1 - V.Count);
            (V r, V i) = Combine(x, at, half, V.Load(re + at), -V.Load(im + at));
            (r * factor).Store(z.Re + at);
            (i * factor).Store(z.Im + at);
        }
    }

    /// <summary>(a + B)/2 + g·(a - B).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (V Re, V Im) Combine<V>(Planes a, nint k, nint half, V re, V im)
        where V : unmanaged, IReals<V>
    {
        nint mirrored = half + 1 - V.Count - k;
        V ar = V.Load(a.Re + k), ai = V.Load(a.Im + k), br = V.Reverse(V.Load(a.Re + mirrored)), bi = V.Reverse(V.Load(a.Im + mirrored));
        V lessR = ar - br, lessI = ai + bi, middle = V.Create(0.5);
        V r = V.MultiplyAdd(ar + br, middle, V.MultiplyAdd(re, lessR, -(im * lessI)));
        V i = V.MultiplyAdd(ai - bi, middle, V.MultiplyAdd(re, lessI, im * lessR));
        return (r, i);
    }
}
