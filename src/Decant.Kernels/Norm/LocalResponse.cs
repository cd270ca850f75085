using Decant.Kernels.Elementwise;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Norm;

/// <summary>Local response normalisation over channels: y[c] = x[c] / (bias + α Σ x[c - radius .. c + radius]²)^β, the power as e^(-β ln), 1/x for β = 1 and 1/√x for β = 1/2, as TensorFlow takes it.</summary>
public static unsafe class LocalResponse
{
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
            int padded = channels + (2 * radius);
            float* squares = Scratch.Get<float>(padded + channels, 2), sums = squares + padded;
            new Span<float>(squares, padded).Clear();
            float scale = alpha, offset = bias, exponent = -beta;
            for (long row = start; row < end; row++)
            {
                float* source = x + (row * channels), target = y + (row * channels);
                UnaryLoop.Run(source, squares + radius, channels, default(SquareOperator<float>));
                BinaryLoop.Run(squares, 1, squares + 1, 1, sums, radius > 0 ? channels : 0, default(AddOperator<float>));
                if (radius == 0)
                    new ReadOnlySpan<float>(squares, channels).CopyTo(new Span<float>(sums, channels));
                for (int i = 2; i <= 2 * radius; i++)
                    BinaryLoop.Run(sums, 1, squares + i, 1, sums, channels, default(AddOperator<float>));
                BinaryLoop.Run(sums, 1, &scale, 0, sums, channels, default(MultiplyOperator<float>));
                BinaryLoop.Run(sums, 1, &offset, 0, sums, channels, default(AddOperator<float>));
                if (beta == 1)
                {
                    UnaryLoop.Run(sums, sums, channels, default(ReciprocalOperator<float>));
                }
                else if (beta == 0.5f)
                {
                    UnaryLoop.Run(sums, sums, channels, default(RsqrtOperator<float>));
                }
                else
                {
                    UnaryLoop.Run(sums, sums, channels, default(LogOperator<float>));
                    BinaryLoop.Run(sums, 1, &exponent, 0, sums, channels, default(MultiplyOperator<float>));
                    UnaryLoop.Run(sums, sums, channels, default(ExpOperator<float>));
                }

                BinaryLoop.Run(source, 1, sums, 1, target, channels, default(MultiplyOperator<float>));
            }
        }
    }
}
