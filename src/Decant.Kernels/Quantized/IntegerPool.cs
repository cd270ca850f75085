using System.Numerics;
using System.Runtime.CompilerServices;
using Decant.Kernels.Pool;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Quantized;

/// <summary>Averages and maxima of integers over windows: an average is rounded, halves away from zero.</summary>
public static unsafe class IntegerPool
{
    private const long PieceWork = 32768;

    /// <summary>y = clamp(average or maximum of the window's elements, low, high); an empty window gives 0, or low.</summary>
    public static void Run<T>(ReadOnlySpan<T> x, Span<T> y, in PoolGeometry geometry, bool isMax, int low, int high, WorkerPool pool)
        where T : unmanaged, IBinaryInteger<T>
    {
        Guard.Length(x, geometry.InputCount);
        Guard.Length(y, geometry.OutputCount);
        fixed (T* px = x, py = y)
        {
            int pixels = checked((int)geometry.OutputPixels);
            long work = Math.Max(1, (long)geometry.Channels * geometry.Height.Kernel * geometry.Width.Kernel);
            pool.For(pixels, (int)Math.Clamp(PieceWork / work, 1, Math.Max(1, pixels)), new Job<T>(px, py, geometry, isMax, low, high));
        }
    }

    private readonly struct Job<T>(T* x, T* y, PoolGeometry g, bool isMax, int low, int high) : IRangeJob
        where T : unmanaged, IBinaryInteger<T>
    {
        public void Run(int start, int end)
        {
            int channels = g.Channels;
            int* values = Scratch.Get<int>(channels, 1);
            for (int pixel = start; pixel < end; pixel++)
            {
                PoolWindow window = g.Window(pixel);
                new Span<int>(values, channels).Fill(isMax ? int.MinValue : 0);
                for (int h = 0; h < window.Height.Count; h++)
                {
                    for (int w = 0; w < window.Width.Count; w++)
                    {
                        T* from = x + (g.Pixel(window.Batch, 0, window.Height.Start + (h * window.Height.Step), window.Width.Start + (w * window.Width.Step)) * channels);
                        if (isMax)
                            Largest(from, values, channels);
                        else
                            IntegerSums.Add(from, values, channels);
                    }
                }

                int count = window.Height.Count * window.Width.Count;
                T* to = y + ((nint)pixel * channels);
                for (int c = 0; c < channels; c++)
                {
                    int value = values[c];
                    if (!isMax)
                        value = count == 0 ? 0 : (value > 0 ? value + (count / 2) : value - (count / 2)) / count;
                    to[c] = T.CreateTruncating(Math.Clamp(value, low, high));
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Largest(T* from, int* values, int count)
        {
            int c = 0;
            for (; c <= count - Vector<int>.Count; c += Vector<int>.Count)
                Vector.Max(Vector.Load(values + c), Widening.Load(from + c)).Store(values + c);
            for (; c < count; c++)
                values[c] = Math.Max(values[c], int.CreateTruncating(from[c]));
        }
    }
}
