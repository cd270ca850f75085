using System.Numerics;
using Decant.Kernels.Pool;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Quantized;

/// <summary>
/// Averages and maxima of integers over windows: an average is rounded, halves away from zero. The lines under a row of windows are first folded
/// into one line, and then the pixels of that line: overlapping windows share the first step.
/// </summary>
public static unsafe class IntegerPool
{
    /// <summary>Bytes behind lines that may be read and written, so that the last channels of a pixel are no special case.</summary>
    internal const int Room = 64;

    private const long PieceWork = 32768;

    /// <summary>y = clamp(average or maximum of the window's elements, low, high); an empty window gives 0, or low.</summary>
    public static void Run<T>(ReadOnlySpan<T> x, Span<T> y, in PoolGeometry geometry, bool isMax, int low, int high, WorkerPool pool)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        Guard.Length(x, geometry.InputCount);
        Guard.Length(y, geometry.OutputCount);
        int rows = checked(geometry.Batch * geometry.Height.Output);
        long work = Math.Max(1, (long)geometry.Width.Input * geometry.Channels * geometry.Height.Kernel);
        int grain = (int)Math.Clamp(PieceWork / work, 1, Math.Max(1, rows));
        fixed (T* px = x, py = y)
        {
            if (isMax)
                pool.For(rows, grain, new Job<T, T, MaxFold<T>>(px, py, geometry, new MaxFold<T>(low, high)));
            else
                pool.For(rows, grain, new Job<T, int, AverageFold<T>>(px, py, geometry, new AverageFold<T>(low, high)));
        }
    }

    private readonly struct Job<T, S, TFold>(T* x, T* y, PoolGeometry g, TFold fold) : IRangeJob
        where T : unmanaged
        where S : unmanaged
        where TFold : struct, IPoolFold<T, S>
    {
        public void Run(int start, int end)
        {
            int channels = g.Channels, width = g.Width.Input * channels;
            nint rowLength = (nint)g.Width.Output * channels;
            S* line = Scratch.Get<S>(width + Room, 0);
            T* last = Scratch.Get<T>(rowLength + Room, 1);
            for (int row = start; row < end; row++)
            {
                (int n, int oy) = Math.DivRem(row, g.Height.Output);
                (int iy, int stepY, int lines) = PoolGeometry.Range(g.Height, oy);
                fold.Begin(line, width);
                for (int i = 0; i < lines; i++)
                    fold.Line(x + (g.Pixel(n, 0, iy + (i * stepY), 0) * channels), line, width);

                // Pixels are written with room behind them, which the next ones overwrite: but for rows close to the last one.
                T* to = y + (row * rowLength), made = (end - 1 - row) * rowLength < Room ? last : to;
                for (int ox = 0; ox < g.Width.Output; ox++)
                {
                    (int ix, int stepX, int pixels) = PoolGeometry.Range(g.Width, ox);
                    fold.Pixels(line + ((nint)ix * channels), (nint)stepX * channels, pixels, lines * pixels, made + ((nint)ox * channels), channels);
                }

                if (made == last)
                    Buffer.MemoryCopy(last, to, rowLength * sizeof(T), rowLength * sizeof(T));
            }
        }
    }
}
