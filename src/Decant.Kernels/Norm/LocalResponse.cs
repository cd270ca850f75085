using System.Runtime.CompilerServices;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Lanes;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Norm;

/// <summary>Local response normalisation over channels: y[c] = x[c] / (bias + α Σ x[c - radius .. c + radius]²)^β, the power as e^(-β ln), 1/x for β = 1 and 1/√x for β = 1/2, as TensorFlow takes it.</summary>
public static unsafe class LocalResponse
{
    /// <summary>Sums that are taken to their power at once: a part of the L1 cache.</summary>
    private const int BlockElements = 2048;

    /// <summary>x and y are [rows, channels].</summary>
    public static void Run(ReadOnlySpan<float> x, Span<float> y, int rows, int channels, int radius, float bias, float alpha, float beta, WorkerPool pool)
    {
        Guard.Length(x, (long)rows * channels);
        Guard.Length(y, (long)rows * channels);
        if (channels == 0)
            return;
        fixed (float* px = x, py = y)
            pool.For(rows, 1 + (4096 / channels), new Job(px, py, channels, Math.Clamp(radius, 0, channels), bias, alpha, beta));
    }

    private readonly struct Job(float* x, float* y, int channels, int radius, float bias, float alpha, float beta) : IRangeJob
    {
        public void Run(int start, int end)
        {
            // A border of zeros on both sides of the squares, so that every sum has 2·radius + 1 terms.
            int padded = channels + (2 * radius), block = Math.Max(1, BlockElements / channels);
            float* squares = Scratch.Get<float>(padded + ((long)block * channels), 2), sums = squares + padded;
            new Span<float>(squares, padded).Clear();
            float exponent = -beta;
            for (long row = start; row < end; row += block)
            {
                int rows = (int)Math.Min(block, end - row), count = rows * channels;
                float* source = x + (row * channels);
                for (int r = 0; r < rows; r++)
                {
                    UnaryLoop.Run(source + ((nint)r * channels), squares + radius, channels, default(SquareOperator<float>));
                    WindowSums(squares, sums + ((nint)r * channels));
                }

                if (beta == 1)
                {
                    UnaryLoop.Run(sums, sums, count, default(ReciprocalOperator<float>));
                }
                else if (beta == 0.5f)
                {
                    UnaryLoop.Run(sums, sums, count, default(RsqrtOperator<float>));
                }
                else
                {
                    UnaryLoop.Run(sums, sums, count, default(LogOperator<float>));
                    BinaryLoop.Run(sums, 1, &exponent, 0, sums, count, default(MultiplyOperator<float>));
                    UnaryLoop.Run(sums, sums, count, default(ExpOperator<float>));
                }

                BinaryLoop.Run(source, 1, sums, 1, y + (row * channels), count, default(MultiplyOperator<float>));
            }
        }

        /// <summary>bias + α Σ of the squares around each channel.</summary>
        private void WindowSums(float* squares, float* sums)
        {
            int bits = LaneWidth.Current;
            if (bits >= 512 && channels >= Lanes512<float>.Count)
                WindowSums<Lanes512<float>>(squares, sums);
            else if (bits >= 256 && channels >= Lanes256<float>.Count)
                WindowSums<Lanes256<float>>(squares, sums);
            else if (bits >= 128 && channels >= Lanes128<float>.Count)
                WindowSums<Lanes128<float>>(squares, sums);
            else
            {
                for (int c = 0; c < channels; c++)
                {
                    float sum = squares[c];
                    for (int i = 1; i <= 2 * radius; i++)
                        sum += squares[c + i];
                    sums[c] = (sum * alpha) + bias;
                }
            }
        }

        // The last register ends at the last channel.
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private void WindowSums<V>(float* squares, float* sums)
            where V : struct, ILanes<V, float>
        {
            for (int c = 0; c < channels; c += V.Count)
            {
                c = Math.Min(c, channels - V.Count);
                float* p = squares + c;
                V sum = V.Load(p);
                for (int i = 1; i <= 2 * radius; i++)
                    sum += V.Load(p + i);
                ((sum * V.Create(alpha)) + V.Create(bias)).Store(sums + c);
            }
        }
    }
}
