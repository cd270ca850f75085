using System.Runtime.CompilerServices;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Lanes;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Pool;

/// <summary>
/// Pooling of float32 with registers along the channels: each output is accumulated in a register over its whole window and stored
/// once.
/// </summary>
internal static unsafe class PoolLines
{
    /// <summary>Pointers to the lines of a window lie on the stack.</summary>
    private const int MostLines = 256;

    public static bool Fits(in PoolGeometry geometry) =>
        LaneWidth.Current > 0 && geometry.Channels >= Lanes128<float>.Count && (long)geometry.Depth.Kernel * geometry.Height.Kernel <= MostLines;

    /// <param name="x">The input.</param>
    /// <param name="y">The output.</param>
    /// <param name="geometry">The windows.</param>
    /// <param name="op">Takes one more value in: (so far, value).</param>
    /// <param name="initial">What a window starts from, and what an empty one gives.</param>
    /// <param name="divides">Whether the result is divided by the number of values in the window.</param>
    /// <param name="pool">The threads.</param>
    public static void Run<TOp>(float* x, float* y, in PoolGeometry geometry, TOp op, float initial, bool divides, WorkerPool pool)
        where TOp : struct, IBinaryOperator<float>
    {
        int bits = LaneWidth.Current;
        if (bits >= 512 && geometry.Channels >= Lanes512<float>.Count)
            Run<Lanes512<float>, TOp>(x, y, geometry, op, initial, divides, pool);
        else if (bits >= 256 && geometry.Channels >= Lanes256<float>.Count)
            Run<Lanes256<float>, TOp>(x, y, geometry, op, initial, divides, pool);
        else
            Run<Lanes128<float>, TOp>(x, y, geometry, op, initial, divides, pool);
    }

    private static void Run<V, TOp>(float* x, float* y, in PoolGeometry geometry, TOp op, float initial, bool divides, WorkerPool pool)
        where V : struct, ILanes<V, float>
        where TOp : struct, IBinaryOperator<float>
    {
        int lines = checked((int)(geometry.OutputPixels / geometry.Width.Output));
        long work = (long)geometry.Width.Output * geometry.Channels * geometry.Depth.Kernel * geometry.Height.Kernel * geometry.Width.Kernel;
        pool.For(lines, (int)Math.Max(1, 16384 / Math.Max(1, work)), new Job<V, TOp>(x, y, geometry, op, initial, divides));
    }

    private readonly struct Job<V, TOp>(float* x, float* y, PoolGeometry geometry, TOp op, float initial, bool divides) : IRangeJob
        where V : struct, ILanes<V, float>
        where TOp : struct, IBinaryOperator<float>
    {
        public void Run(int start, int end)
        {
            float** lines = stackalloc float*[MostLines];
            for (int line = start; line < end; line++)
            {
                PoolWindow window = geometry.Window((long)line * geometry.Width.Output);
                int count = 0;
                for (int d = 0; d < window.Depth.Count; d++)
                {
                    for (int h = 0; h < window.Height.Count; h++)
                        lines[count++] = x + (geometry.Pixel(window.Batch, window.Depth.Start + (d * window.Depth.Step), window.Height.Start + (h * window.Height.Step), 0) * geometry.Channels);
                }

                Line(lines, count, y + ((long)line * geometry.Width.Output * geometry.Channels));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private void Line(float** lines, int count, float* target)
        {
            nint channels = geometry.Channels;
            for (int w = 0; w < geometry.Width.Output; w++, target += channels)
            {
                (int first, int end) = geometry.Width.Taps(w);
                nint from = (((nint)w * geometry.Width.Stride) - geometry.Width.PadBefore + ((nint)first * geometry.Width.Dilation)) * channels;
                Pixel(lines, count, from, end - first, geometry.Width.Dilation * channels, target);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Pixel(float** lines, int count, nint from, int taps, nint step, float* target)
        {
            nint c = 0;
            if (geometry.Channels >= 4 * V.Count)
                c = Registers<Twin<Twin<V, float>, float>>(lines, count, from, taps, step, target, 0);
            if (c < geometry.Channels)
                Registers<V>(lines, count, from, taps, step, target, c);
        }

        /// <summary>The channels from <paramref name="c"/> on; with single registers all of them, the last of which ends at the last channel and computes some of those before again.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private nint Registers<W>(float** lines, int count, nint from, int taps, nint step, float* target, nint c)
            where W : struct, ILanes<W, float>
        {
            bool isDivided = divides && count * taps > 0;
            W divisor = W.Create(count * taps);
            nint last = geometry.Channels - W.Count, end = W.Count == V.Count ? geometry.Channels : last + 1;
            for (; c < end; c += W.Count)
            {
                c = Math.Min(c, last);
                W sum = W.Create(initial);
                for (int line = 0; line < count; line++)
                {
                    float* p = lines[line] + from + c;
                    for (int t = 0; t < taps; t++, p += step)
                        sum = op.Invoke(sum, W.Load(p));
                }

                (isDivided ? sum / divisor : sum).Store(target + c);
            }

            return c;
        }
    }
}
