using System.Runtime.CompilerServices;
using Decant.Kernels.Lanes;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Pool;

/// <summary>
/// The largest float32 of each channel of a window and its index in the input, registers along the channels: the first, unless a later one is greater.
/// Starts of a window's positions are the same for all pixels of a line but those whose windows are cut off.
/// </summary>
internal static unsafe class PoolArgmax
{
    /// <summary>Positions of a window that lie on the stack.</summary>
    private const int MostTaps = 256;

    public static bool Fits<TIndex>(in PoolGeometry geometry) =>
        (typeof(TIndex) == typeof(int) || typeof(TIndex) == typeof(long)) && LaneWidth.Current > 0 && geometry.Channels >= Lanes128<float>.Count &&
        (long)geometry.Depth.Kernel * geometry.Height.Kernel * geometry.Width.Kernel <= MostTaps;

    public static void Run<TIndex>(float* x, float* y, TIndex* argmax, bool includeBatch, in PoolGeometry geometry, WorkerPool pool)
        where TIndex : unmanaged
    {
        int bits = LaneWidth.Current;
        if (bits >= 512 && geometry.Channels >= Lanes512<float>.Count)
            Run<Lanes512<float>, TIndex>(x, y, argmax, includeBatch, geometry, pool);
        else if (bits >= 256 && geometry.Channels >= Lanes256<float>.Count)
            Run<Lanes256<float>, TIndex>(x, y, argmax, includeBatch, geometry, pool);
        else
            Run<Lanes128<float>, TIndex>(x, y, argmax, includeBatch, geometry, pool);
    }

    private static void Run<V, TIndex>(float* x, float* y, TIndex* argmax, bool includeBatch, in PoolGeometry geometry, WorkerPool pool)
        where V : struct, ILanes<V, float>
        where TIndex : unmanaged
    {
        int lines = checked((int)(geometry.OutputPixels / geometry.Width.Output));
        long work = (long)geometry.Width.Output * geometry.Channels * geometry.Depth.Kernel * geometry.Height.Kernel * geometry.Width.Kernel;
        pool.For(lines, (int)Math.Max(1, 16384 / Math.Max(1, work)), new Job<V, TIndex>(x, y, argmax, includeBatch, geometry));
    }

    private readonly struct Job<V, TIndex>(float* x, float* y, TIndex* argmax, bool includeBatch, PoolGeometry geometry) : IRangeJob
        where V : struct, ILanes<V, float>
        where TIndex : unmanaged
    {
        public void Run(int start, int end)
        {
            int* rows = stackalloc int[MostTaps];
            for (int line = start; line < end; line++)
            {
                PoolWindow window = geometry.Window((long)line * geometry.Width.Output);
                int count = 0;
                for (int d = 0; d < window.Depth.Count; d++)
                {
                    for (int h = 0; h < window.Height.Count; h++)
                        rows[count++] = (int)(geometry.Pixel(window.Batch, window.Depth.Start + (d * window.Depth.Step), window.Height.Start + (h * window.Height.Step), 0) * geometry.Channels);
                }

                int image = includeBatch ? 0 : (int)(geometry.Pixel(window.Batch, 0, 0, 0) * geometry.Channels);
                long pixel = (long)line * geometry.Width.Output * geometry.Channels;
                int c = geometry.Channels / (2 * V.Count) * (2 * V.Count);
                if (c > 0)
                    Line<Twin<V, float>>(rows, count, y + pixel, argmax + pixel, -image, 0, c);
                if (c < geometry.Channels)
                    Line<V>(rows, count, y + pixel, argmax + pixel, -image, c, geometry.Channels);
            }
        }

        /// <summary>The channels from <paramref name="c0"/> to <paramref name="c1"/> of a line; the last register ends there and may compute some of those before again.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private void Line<W>(int* rows, int count, float* target, TIndex* indices, int offset, int c0, int c1)
            where W : struct, ILanes<W, float>
        {
            int* starts = stackalloc int[MostTaps];
            int* lanes = stackalloc int[W.Count];
            for (int i = 0; i < W.Count; i++)
                lanes[i] = i;
            int channels = geometry.Channels, step = geometry.Width.Stride * channels, first = 0, end = 0, taps = 0, last = c1 - W.Count;
            float* from = x;
            for (int w = 0; w < geometry.Width.Output; w++, from += step, offset += step, target += channels, indices += channels)
            {
                if (geometry.Width.Taps(w) != (first, end))
                {
                    (first, end) = geometry.Width.Taps(w);
                    taps = Starts(rows, count, first, end, starts);
                }

                if (taps == 0)
                {
                    new Span<float>(target + c0, c1 - c0).Fill(float.MinValue);
                    new Span<byte>(indices + c0, (c1 - c0) * sizeof(TIndex)).Fill(0xFF);
                    continue;
                }

                for (int c = c0; c < c1; c += W.Count)
                {
                    c = Math.Min(c, last);
                    float* p = from + c;
                    W largest = W.Load(p + starts[0]), place = W.Int32(starts[0]);
                    for (int i = 1; i < taps; i++)
                    {
                        W v = W.Load(p + starts[i]);
                        place = W.Blend(W.Less(largest, v), W.Int32(starts[i]), place);
                        largest = default(PoolMaxOperator<float>).Invoke(largest, v);
                    }

                    largest.Store(target + c);
                    place = W.AddInt32(place, W.AddInt32(W.Load((float*)lanes), W.Int32(c + offset)));
                    if (typeof(TIndex) == typeof(long))
                        place.StoreInt64((long*)indices + c);
                    else
                        place.Store((float*)indices + c);
                }
            }
        }

        /// <summary>Where each position of the window of pixel 0 would start, of taps [first, end) along the width, in row-major order; how many there are.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private int Starts(int* rows, int count, int first, int end, int* starts)
        {
            int taps = 0;
            for (int row = 0; row < count; row++)
            {
                for (int tap = first; tap < end; tap++)
                    starts[taps++] = rows[row] + (((tap * geometry.Width.Dilation) - geometry.Width.PadBefore) * geometry.Channels);
            }

            return taps;
        }
    }
}
