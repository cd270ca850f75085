using System.Numerics;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Pool;

/// <summary>Average pooling, NHWC or NDHWC; the divisor is the number of window positions inside the input. An empty window gives 0.</summary>
public static unsafe class AvgPool
{
    public static void Run<T>(ReadOnlySpan<T> x, Span<T> y, in PoolGeometry geometry, WorkerPool pool)
        where T : unmanaged, INumber<T>
    {
        Guard.Length(x, geometry.InputCount);
        Guard.Length(y, geometry.OutputCount);
        if (geometry.OutputCount == 0)
            return;
        fixed (T* px = x, py = y)
        {
            if (typeof(T) == typeof(float) && PoolLines.Fits(geometry))
                PoolLines.Run((float*)px, (float*)py, geometry, default(AddOperator<float>), 0, divides: true, pool);
            else
                pool.For(checked((int)geometry.OutputPixels), 1 + (8192 / geometry.Channels), new Job<T>(px, py, geometry));
        }
    }

    /// <summary>dx = each dy divided by its window's count and added to every position of the window.</summary>
    public static void Gradient<T>(ReadOnlySpan<T> dy, Span<T> dx, in PoolGeometry geometry)
        where T : unmanaged, INumber<T>
    {
        Guard.Length(dy, geometry.OutputCount);
        Guard.Length(dx, geometry.InputCount);
        dx[..(int)geometry.InputCount].Clear();
        for (long pixel = 0; pixel < geometry.OutputPixels; pixel++)
        {
            PoolWindow window = geometry.Window(pixel);
            T count = T.CreateTruncating(window.Count);
            for (int i = 0; i < window.Count; i++)
            {
                (int d, int h, int w) = window.At(i);
                long source = pixel * geometry.Channels, target = geometry.Pixel(window.Batch, d, h, w) * geometry.Channels;
                for (int c = 0; c < geometry.Channels; c++)
                    dx[(int)(target + c)] += dy[(int)(source + c)] / count;
            }
        }
    }

    private readonly struct Job<T>(T* x, T* y, PoolGeometry geometry) : IRangeJob
        where T : unmanaged, INumber<T>
    {
        public void Run(int start, int end)
        {
            int channels = geometry.Channels;
            for (int pixel = start; pixel < end; pixel++)
            {
                PoolWindow window = geometry.Window(pixel);
                T* target = y + ((long)pixel * channels);
                new Span<T>(target, channels).Clear();
                if (window.Count == 0)
                    continue;
                for (int i = 0; i < window.Count; i++)
                {
                    (int d, int h, int w) = window.At(i);
                    BinaryLoop.Run(target, 1, x + (geometry.Pixel(window.Batch, d, h, w) * channels), 1, target, channels, default(AddOperator<T>));
                }

                T count = T.CreateTruncating(window.Count);
                BinaryLoop.Run(target, 1, &count, 0, target, channels, default(DivideOperator<T>));
            }
        }
    }
}
