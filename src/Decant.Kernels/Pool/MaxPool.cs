using System.Numerics;
using System.Runtime.CompilerServices;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Lanes;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Pool;

/// <summary>
/// Max pooling, NHWC or NDHWC. As in TensorFlow on the CPU a window starts from the lowest finite value and NaN never wins, so a window of NaN, or of
/// -inf, gives the lowest finite value.
/// </summary>
public static unsafe class MaxPool
{
    public static void Run<T>(ReadOnlySpan<T> x, Span<T> y, in PoolGeometry geometry, WorkerPool pool)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        Guard.Length(x, geometry.InputCount);
        Guard.Length(y, geometry.OutputCount);
        if (geometry.OutputCount == 0)
            return;
        fixed (T* px = x, py = y)
        {
            if (typeof(T) == typeof(float) && PoolLines.Fits(geometry))
                PoolLines.Run((float*)px, (float*)py, geometry, default(PoolMaxOperator<float>), float.MinValue, divides: false, pool);
            else
                pool.For(checked((int)geometry.OutputPixels), 1 + (8192 / geometry.Channels), new Job<T>(px, py, geometry));
        }
    }

    /// <summary>
    /// Also the flat input index of each maximum: ((h·W + w)·C + c), with n·H·W·C added when <paramref name="includeBatch"/>. The first element of a
    /// window is taken whatever it is; a later one wins only if greater.
    /// </summary>
    public static void WithArgmax<T, TIndex>(ReadOnlySpan<T> x, Span<T> y, Span<TIndex> argmax, bool includeBatch, in PoolGeometry geometry, WorkerPool pool)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
        where TIndex : unmanaged, INumber<TIndex>
    {
        Guard.Length(x, geometry.InputCount);
        Guard.Length(y, geometry.OutputCount);
        Guard.Length(argmax, geometry.OutputCount);
        if (geometry.OutputCount == 0)
            return;
        fixed (T* px = x, py = y)
        fixed (TIndex* pa = argmax)
        {
            if (typeof(T) == typeof(float) && PoolArgmax.Fits<TIndex>(geometry))
                PoolArgmax.Run((float*)px, (float*)py, pa, includeBatch, geometry, pool);
            else
                pool.For(checked((int)geometry.OutputPixels), 1 + (4096 / Math.Max(1, geometry.Channels)), new ArgmaxJob<T, TIndex>(px, py, pa, includeBatch, geometry));
        }
    }

    /// <summary>dx = dy put where each window's maximum was (the first of equals), summed where windows overlap.</summary>
    public static void Gradient<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dx, in PoolGeometry geometry)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        Guard.Length(x, geometry.InputCount);
        Guard.Length(dy, geometry.OutputCount);
        Guard.Length(dx, geometry.InputCount);
        dx[..(int)geometry.InputCount].Clear();
        for (long pixel = 0; pixel < geometry.OutputPixels; pixel++)
        {
            PoolWindow window = geometry.Window(pixel);
            for (int c = 0; c < geometry.Channels; c++)
            {
                (_, long index) = Best(x, window, c, geometry);
                if (index >= 0)
                    dx[(int)index] += dy[(int)((pixel * geometry.Channels) + c)];
            }
        }
    }

    private static (T Value, long Index) Best<T>(ReadOnlySpan<T> x, in PoolWindow window, int c, in PoolGeometry geometry)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        T best = T.MinValue;
        long at = -1;
        for (int i = 0; i < window.Count; i++)
        {
            (int d, int h, int w) = window.At(i);
            long index = (geometry.Pixel(window.Batch, d, h, w) * geometry.Channels) + c;
            T value = x[(int)index];
            if (at < 0 || best < value)
                (best, at) = (value, index);
        }

        return (best, at);
    }

    private readonly struct ArgmaxJob<T, TIndex>(T* x, T* y, TIndex* argmax, bool includeBatch, PoolGeometry geometry) : IRangeJob
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
        where TIndex : unmanaged, INumber<TIndex>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run(int start, int end)
        {
            int channels = geometry.Channels;
            int* at = Scratch.Get<int>(channels, 3);
            for (int pixel = start; pixel < end; pixel++)
            {
                PoolWindow window = geometry.Window(pixel);
                T* target = y + ((long)pixel * channels);
                TIndex* indices = argmax + ((long)pixel * channels);
                if (window.Count == 0)
                {
                    new Span<T>(target, channels).Fill(T.MinValue);
                    new Span<TIndex>(indices, channels).Fill(TIndex.CreateTruncating(-1));
                    continue;
                }

                long image = includeBatch ? 0 : geometry.Pixel(window.Batch, 0, 0, 0) * channels;
                for (int i = 0; i < window.Count; i++)
                    Take(x + (Start(window, i) * channels), target, at, i, channels);
                for (int i = 0; i < window.Count; i++)
                {
                    long first = (Start(window, i) * channels) - image;
                    for (int c = 0; c < channels; c++)
                    {
                        if (at[c] == i)
                            indices[c] = TIndex.CreateTruncating(first + c);
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private long Start(in PoolWindow window, int i)
        {
            (int d, int h, int w) = window.At(i);
            return geometry.Pixel(window.Batch, d, h, w);
        }

        private static void Take(T* from, T* best, int* at, int i, int channels)
        {
            if (i == 0)
            {
                new ReadOnlySpan<T>(from, channels).CopyTo(new Span<T>(best, channels));
                new Span<int>(at, channels).Clear();
                return;
            }

            for (int c = 0; c < channels; c++)
            {
                if (best[c] < from[c])
                    (best[c], at[c]) = (from[c], i);
            }
        }
    }

    private readonly struct Job<T>(T* x, T* y, PoolGeometry geometry) : IRangeJob
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        public void Run(int start, int end)
        {
            int channels = geometry.Channels;
            for (int pixel = start; pixel < end; pixel++)
            {
                PoolWindow window = geometry.Window(pixel);
                T* target = y + ((long)pixel * channels);
                new Span<T>(target, channels).Fill(T.MinValue);
                for (int i = 0; i < window.Count; i++)
                {
                    (int d, int h, int w) = window.At(i);
                    BinaryLoop.Run(target, 1, x + (geometry.Pixel(window.Batch, d, h, w) * channels), 1, target, channels, default(PoolMaxOperator<T>));
                }
            }
        }
    }
}
