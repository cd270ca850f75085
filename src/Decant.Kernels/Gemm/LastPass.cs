using System.Runtime.CompilerServices;
using Decant.Kernels.Lanes;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Gemm;

/// <summary>
/// What finished values go through once more, while they are in a cache: y · scale + shift of their column, or, without these, the hard swish
/// (y · factor) · min(max(y + offset, 0), 6). Each step is rounded, as if it were a node of its own.
/// </summary>
internal readonly unsafe struct LastPass(float* scale, float* shift, float offset, float factor)
{
    /// <summary>Values for which it pays to wake another thread.</summary>
    private const int Grain = 16384;

    public bool IsNothing => scale == null && factor == 0;

    /// <summary>The same for the columns from <paramref name="column"/> on.</summary>
    public LastPass From(int column) => new(scale == null ? null : scale + column, shift == null ? null : shift + column, offset, factor);

    /// <summary>All values of an output.</summary>
    public void Run(float* y, long pixels, int channels, WorkerPool pool)
    {
        if (!IsNothing)
            pool.For(checked((int)pixels), Math.Max(1, Grain / Math.Max(1, channels)), new Job(this, y, channels));
    }

    /// <summary>Rows that lie <paramref name="stride"/> apart, of the columns from <paramref name="column"/> on.</summary>
    public void Run(float* y, nint stride, int rows, int column, int columns)
    {
        int bits = LaneWidth.Current;
        if (bits >= 512 && columns >= Lanes512<float>.Count)
            Lanes<Lanes512<float>>(y, stride, rows, column, columns);
        else if (bits >= 256 && columns >= Lanes256<float>.Count)
            Lanes<Lanes256<float>>(y, stride, rows, column, columns);
        else if (bits >= 128 && columns >= Lanes128<float>.Count)
            Lanes<Lanes128<float>>(y, stride, rows, column, columns);
        else
            Scalars(y, stride, rows, column, columns);
    }

    private void Scalars(float* y, nint stride, int rows, int column, int columns)
    {
        for (int r = 0; r < rows; r++, y += stride)
        {
            for (int j = 0; j < columns; j++)
            {
                float x = y[j], sum = x + offset, scaled = x * (scale == null ? factor : scale[column + j]);
                y[j] = scale == null ? scaled * (sum < 0 ? 0 : sum > 6 ? 6 : sum) : scaled + shift[column + j];
            }
        }
    }

    // The last register of a row may overlap the one before: it is made before that is stored.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Lanes<V>(float* y, nint stride, int rows, int column, int columns)
        where V : struct, ILanes<V, float>
    {
        int last = columns - V.Count;
        if (scale == null)
        {
            V add = V.Create(offset), times = V.Create(factor), zero = V.Constant(0), six = V.Constant(6);
            for (int r = 0; r < rows; r++, y += stride)
            {
                V x = V.Load(y + last), end = x * times * V.MinOrSecond(six, V.MaxOrSecond(zero, x + add));
                for (int j = 0; j < last; j += V.Count)
                {
                    x = V.Load(y + j);
                    (x * times * V.MinOrSecond(six, V.MaxOrSecond(zero, x + add))).Store(y + j);
                }

                end.Store(y + last);
            }

            return;
        }

        float* s = scale + column;
        float* t = shift + column;
        V lastScale = V.Load(s + last), lastShift = V.Load(t + last);
        for (int r = 0; r < rows; r++, y += stride)
        {
            V end = (V.Load(y + last) * lastScale) + lastShift;
            for (int j = 0; j < last; j += V.Count)
                ((V.Load(y + j) * V.Load(s + j)) + V.Load(t + j)).Store(y + j);
            end.Store(y + last);
        }
    }

    private readonly struct Job(LastPass pass, float* y, int channels) : IRangeJob
    {
        public void Run(int start, int end) => pass.Run(y + ((long)start * channels), channels, end - start, 0, channels);
    }
}
