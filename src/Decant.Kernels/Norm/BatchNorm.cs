using System.Runtime.CompilerServices;
using Decant.Kernels.Lanes;
using Decant.Kernels.Reduce;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Norm;

/// <summary>Batch normalisation of x [rows, channels] (NHWC collapsed) in float32.</summary>
public static unsafe class BatchNorm
{
    /// <summary>Fewer channels than this are repeated, so that pixels of one channel fill registers too.</summary>
    private const int LeastWidth = 256;

    /// <summary>y = (x - mean) · scale / √(variance + ε) + offset, as one multiplication and addition per element.</summary>
    public static void Inference(ReadOnlySpan<float> x, ReadOnlySpan<float> scale, ReadOnlySpan<float> offset, ReadOnlySpan<float> mean, ReadOnlySpan<float> variance, Span<float> y, int rows, int channels, float epsilon, WorkerPool pool)
    {
        Guard.Length(scale, channels);
        Guard.Length(offset, channels);
        Guard.Length(mean, channels);
        Guard.Length(variance, channels);
        Guard.Length(x, (long)rows * channels);
        Guard.Length(y, (long)rows * channels);
        if (channels == 0 || rows == 0)
            return;
        int repeats = Math.Clamp(LeastWidth / channels, 1, rows), width = repeats * channels;
        float* factor = Scratch.Get<float>(width, 0);
        float* shift = Scratch.Get<float>(width, 1);
        for (int c = 0; c < channels; c++)
        {
            factor[c] = scale[c] / MathF.Sqrt(variance[c] + epsilon);
            shift[c] = offset[c] - (mean[c] * factor[c]);
        }

        for (int i = channels; i < width; i++)
            (factor[i], shift[i]) = (factor[i - channels], shift[i - channels]);
        fixed (float* px = x, py = y)
            pool.For((rows + repeats - 1) / repeats, 1 + (16384 / width), new Job(px, py, factor, shift, width, (long)rows * channels));
    }

    /// <summary>
    /// Normalises by the batch's own moments. Gives the mean, the biased variance that normalised, and the unbiased variance (rows / (rows - 1)) that feeds running averages.
    /// </summary>
    public static void Training(ReadOnlySpan<float> x, ReadOnlySpan<float> scale, ReadOnlySpan<float> offset, Span<float> y, Span<float> mean, Span<float> biasedVariance, Span<float> unbiasedVariance, int rows, int channels, float epsilon, WorkerPool pool)
    {
        Moments.Run(x, mean, biasedVariance, rows, channels, pool);
        float correction = rows > 1 ? rows / (float)(rows - 1) : 1;
        for (int c = 0; c < channels; c++)
            unbiasedVariance[c] = biasedVariance[c] * correction;
        Inference(x, scale, offset, mean, biasedVariance, y, rows, channels, epsilon, pool);
    }

    private readonly struct Job(float* x, float* y, float* factor, float* shift, int width, long length) : IRangeJob
    {
        public void Run(int start, int end)
        {
            int bits = LaneWidth.Current;
            for (int part = start; part < end; part++)
            {
                long first = (long)part * width;
                float* from = x + first, to = y + first;
                int count = (int)Math.Min(width, length - first), i = 0;
                if (bits >= 512)
                    i = Registers<Lanes512<float>>(from, to, i, count);
                if (bits >= 256)
                    i = Registers<Lanes256<float>>(from, to, i, count);
                if (bits >= 128)
                    i = Registers<Lanes128<float>>(from, to, i, count);
                for (; i < count; i++)
                    to[i] = (from[i] * factor[i]) + shift[i];
            }
        }

        /// <summary>The values from <paramref name="i"/> on that fill registers; where they end.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private int Registers<V>(float* from, float* to, int i, int count)
            where V : struct, ILanes<V, float>
        {
            for (; i <= count - V.Count; i += V.Count)
                ((V.Load(from + i) * V.Load(factor + i)) + V.Load(shift + i)).Store(to + i);
            return i;
        }
    }
}
