using Decant.Kernels.Threading;

namespace Decant.Kernels.Spectral;

/// <summary>
/// The transform of N real numbers to the first N/2 + 1 columns of their spectrum, and back, in float64. Even lengths take a complex transform of N/2
/// numbers z[n] = x[2n] + i·x[2n+1] and <see cref="HalfSpectrum"/>, odd ones a complex transform of N.
/// </summary>
public sealed unsafe class RealFourierTransform
{
    /// <exception cref="ArgumentOutOfRangeException">The length is not from 1 to <see cref="FourierTransform.MaxLength"/>.</exception>
    public RealFourierTransform(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, FourierTransform.MaxLength);
        Length = length;
        if (length % 2 == 0)
            (Transform, Half) = (new FourierTransform(length / 2), new HalfSpectrum(length));
        else
            Transform = new FourierTransform(length);
    }

    /// <summary>N.</summary>
    public int Length { get; }

    /// <summary>The columns of the spectrum, N/2 + 1.</summary>
    public int Bins => (Length / 2) + 1;

    internal FourierTransform Transform { get; }

    internal HalfSpectrum? Half { get; }

    /// <summary>Elements of the planes of a line.</summary>
    internal int Room => Math.Max(Transform.Room, Bins);

    /// <summary>
    /// Transforms x [lines, columns] of float32 or float64 to y [lines, Bins] of complex numbers, which are pairs of float32 or float64. Columns are cut
    /// to N, or zeros added.
    /// </summary>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public void Forward<TIn, TOut>(ReadOnlySpan<TIn> x, int columns, Span<TOut> y, int lines, WorkerPool pool)
        where TIn : unmanaged
        where TOut : unmanaged
    {
        Guard.Length(x, (long)lines * columns);
        Guard.Length(y, 2L * lines * Bins);
        fixed (TIn* from = x)
        fixed (TOut* to = y)
            LinesJob.For(new RealRows<TIn, TOut>(from, columns, to, this), lines, FourierTransform.Grain(Length), pool);
    }

    /// <summary>
    /// Transforms x [lines, columns] of complex numbers back to y [lines, N] of float32 or float64. Columns are cut to Bins, or zeros added; the
    /// imaginary parts of the first, and for even N of the last, count as zero.
    /// </summary>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public void Inverse<TIn, TOut>(ReadOnlySpan<TIn> x, int columns, Span<TOut> y, int lines, WorkerPool pool)
        where TIn : unmanaged
        where TOut : unmanaged
    {
        Guard.Length(x, 2L * lines * columns);
        Guard.Length(y, (long)lines * Length);
        fixed (TIn* from = x)
        fixed (TOut* to = y)
            LinesJob.For(new SpectrumRows<TIn, TOut>(from, columns, to, this), lines, FourierTransform.Grain(Length), pool);
    }
}
