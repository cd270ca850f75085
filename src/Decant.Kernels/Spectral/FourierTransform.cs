using Decant.Kernels.Threading;

namespace Decant.Kernels.Spectral;

/// <summary>
/// The discrete Fourier transform X[k] = Σ x[n]·e^(∓2πi·kn/N) of one length in float64; the inverse divides by N. Made once with its roots, then run
/// from any number of threads. Lengths with prime factors up to 13 take <see cref="Stockham"/>'s form, others <see cref="Chirp"/>'s.
/// </summary>
public sealed unsafe class FourierTransform
{
    private readonly Lazy<Stockham>? _whole;
    private readonly Chirp? _chirp;

    // A single line of 4M elements is four interleaved ones of M beside one another, which a last stage of radix 4 joins.
    private readonly Stockham? _quarter;
    private readonly QuarterRoots? _quarterRoots;

    /// <exception cref="ArgumentOutOfRangeException">The length is not from 1 to 2^28.</exception>
    public FourierTransform(int length)
        : this(length, isInner: false)
    {
    }

    internal FourierTransform(int length, bool isInner)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        if (!isInner)
            ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxLength);
        Length = length;
        if (!Stockham.Fits(length))
        {
            _chirp = new Chirp(length);
            return;
        }

        _whole = new(() => new Stockham(length));
        if (length % 4 == 0)
            (_quarter, _quarterRoots) = (new Stockham(length / 4), new QuarterRoots(length));
    }

    /// <summary>The longest transform.</summary>
    public static int MaxLength => 1 << 28;

    /// <summary>N.</summary>
    public int Length { get; }

    /// <summary>The elements that planes need for each line.</summary>
    internal int Room => _chirp?.Room ?? Length;

    /// <summary>
    /// Transforms lines of N complex numbers, x and y [lines, N]. Numbers are pairs of float32 or float64, the real part first; both may be the same
    /// memory if they are of the same type.
    /// </summary>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public void Rows<TIn, TOut>(ReadOnlySpan<TIn> x, Span<TOut> y, int lines, bool inverse, WorkerPool pool)
        where TIn : unmanaged
        where TOut : unmanaged
    {
        Guard.Length(x, 2L * lines * Length);
        Guard.Length(y, 2L * lines * Length);
        fixed (TIn* from = x)
        fixed (TOut* to = y)
            LinesJob.For(new ComplexRows<TIn, TOut>(from, to, this, inverse), lines, Grain(Length), pool);
    }

    /// <summary>
    /// Transforms columns of a matrix of complex numbers, x [n, columns] to y [N, columns]: of n rows that are fewer than N the rest is zero, of more
    /// only the first N count. Numbers as in <see cref="Rows"/>; both may be the same memory where their rows are at the same distance.
    /// </summary>
    /// <param name="x">The matrix, from its first element on.</param>
    /// <param name="xStep">Complex numbers from one row of x to the next.</param>
    /// <param name="rows">n.</param>
    /// <param name="y">The result, from its first element on.</param>
    /// <param name="yStep">Complex numbers from one row of y to the next.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="inverse">Whether to transform back.</param>
    /// <param name="pool">The threads.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public void Columns<TIn, TOut>(ReadOnlySpan<TIn> x, int xStep, int rows, Span<TOut> y, int yStep, int columns, bool inverse, WorkerPool pool)
        where TIn : unmanaged
        where TOut : unmanaged
    {
        int read = Math.Min(rows, Length);
        if (columns == 0)
            return;
        Guard.Length(x, read == 0 ? 0 : 2 * (((read - 1L) * xStep) + columns));
        Guard.Length(y, 2 * (((Length - 1L) * yStep) + columns));
        fixed (TIn* from = x)
        fixed (TOut* to = y)
        {
            var job = new ComplexColumns<TIn, TOut>(from, xStep, read, to, yStep, columns, this, inverse);
            LinesJob.For(job, job.Groups, Grain(8L * Length), pool);
        }
    }

    /// <summary>Lines of so many elements that a thread takes at once: some ten microseconds of work.</summary>
    internal static int Grain(long length) => (int)Math.Max(1, 8192 / length);

    /// <summary>
    /// The transform of lines side by side, element n of line l at n·lines + l. Both planes have <see cref="Room"/> · lines elements; the result is in x
    /// afterwards, which may have been exchanged with <paramref name="work"/>.
    /// </summary>
    internal void Run(ref Planes x, ref Planes work, int lines, int lanes)
    {
        if (_chirp is not null)
        {
            _chirp.Run(ref x, ref work, lines, lanes);
        }
        else if (lines == 1 && _quarter is not null)
        {
            _quarter.Run(ref x, ref work, 4, lanes);
            _quarterRoots!.Join(x, work, lanes);
            (x, work) = (work, x);
        }
        else
        {
            _whole!.Value.Run(ref x, ref work, lines, lanes);
        }
    }
}
