using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Decant.Kernels.Spectral;

/// <summary>
/// The transform of any length N as a convolution with a chirp: with w = e^(-πi/N), X[k] = w^(k²) Σ x[n]·w^(n²)·w^(-(k-n)²), by transforms of
/// the power of two P from 2N - 1 on. After L. Bluestein, "A linear filtering approach to the computation of discrete Fourier transform", 1970.
/// </summary>
internal sealed unsafe class Chirp
{
    private readonly FourierTransform _inner;
    private readonly double[] _re;
    private readonly double[] _im;
    private readonly double[] _spectrumRe;
    private readonly double[] _spectrumIm;

    public Chirp(int length)
    {
        _inner = new FourierTransform((int)BitOperations.RoundUpToPowerOf2((uint)(2 * length) - 1), isInner: true);
        (_re, _im) = (new double[length], new double[length]);
        (_spectrumRe, _spectrumIm) = (new double[Room], new double[Room]);
        double[] work = new double[2 * (nint)Room];
        for (int k = 0; k < length; k++)
        {
            // The angle has period 2N in k², which keeps it small and exact.
            (_im[k], _re[k]) = Roots.Of((long)k * k % (2L * length), 2L * length);
            _spectrumRe[k] = _spectrumRe[k == 0 ? 0 : Room - k] = _re[k];
            _spectrumIm[k] = _spectrumIm[k == 0 ? 0 : Room - k] = -_im[k];
        }

        fixed (double* re = _spectrumRe, im = _spectrumIm, other = work)
        {
            Planes x = new(re, im), spare = new(other, other + Room);
            _inner.Run(ref x, ref spare, 1, 1);
            // The convolution divides by P.
            for (int k = 0; k < Room; k++)
                (re[k], im[k]) = (x.Re[k] / Room, x.Im[k] / Room);
        }
    }

    /// <summary>P.</summary>
    public int Room => _inner.Length;

    /// <summary>As <see cref="Stockham.Run"/> does; the planes have room for P · lines elements.</summary>
    public void Run(ref Planes x, ref Planes work, int lines, int lanes)
    {
        nint count = (nint)_re.Length * lines, room = (nint)Room * lines;
        fixed (double* re = _re, im = _im, spectrumRe = _spectrumRe, spectrumIm = _spectrumIm)
        {
            Multiply(x, new(re, im), _re.Length, lines, lanes);
            NativeMemory.Clear(x.Re + count, (nuint)(room - count) * sizeof(double));
            NativeMemory.Clear(x.Im + count, (nuint)(room - count) * sizeof(double));
            _inner.Run(ref x, ref work, lines, lanes);
            Multiply(x, new(spectrumRe, spectrumIm), Room, lines, lanes);
            (x, work) = (x.Swapped, work.Swapped);
            _inner.Run(ref x, ref work, lines, lanes);
            (x, work) = (x.Swapped, work.Swapped);
            Multiply(x, new(re, im), _re.Length, lines, lanes);
        }
    }

    private static void Multiply(Planes x, Planes by, nint length, int lines, int lanes)
    {
        switch (Math.Min(lanes, lines == 1 ? length : lines))
        {
            case >= 8:
                Multiply<Reals8>(x, by, length, lines);
                break;
            case >= 4:
                Multiply<Reals4>(x, by, length, lines);
                break;
            case >= 2:
                Multiply<Reals2>(x, by, length, lines);
                break;
            default:
                Multiply<Reals1>(x, by, length, lines);
                break;
        }
    }

    /// <summary>x[n] *= by[n] in all lines: a single one has a factor for each lane, others have one for all, and what is left of them goes one by one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Multiply<V>(Planes x, Planes by, nint length, int lines)
        where V : unmanaged, IReals<V>
    {
        if (lines == 1)
        {
            nint n = 0;
            for (; n <= length - V.Count; n += V.Count)
                Multiply(x.Re + n, x.Im + n, V.Load(by.Re + n), V.Load(by.Im + n));
            for (; n < length; n++)
                Multiply(x.Re + n, x.Im + n, Reals1.Create(by.Re[n]), Reals1.Create(by.Im[n]));
            return;
        }

        for (nint n = 0; n < length; n++)
        {
            nint at = n * lines, end = at + lines;
            for (; at <= end - V.Count; at += V.Count)
                Multiply(x.Re + at, x.Im + at, V.Create(by.Re[n]), V.Create(by.Im[n]));
            for (; at < end; at++)
                Multiply(x.Re + at, x.Im + at, Reals1.Create(by.Re[n]), Reals1.Create(by.Im[n]));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply<V>(double* re, double* im, V c, V d)
        where V : unmanaged, IReals<V>
    {
        V a = V.Load(re), b = V.Load(im);
        V.MultiplyAdd(a, c, -(b * d)).Store(re);
        V.MultiplyAdd(a, d, b * c).Store(im);
    }
}
