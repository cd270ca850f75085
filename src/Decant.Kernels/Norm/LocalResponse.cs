using System.Runtime.CompilerServices;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Lanes;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Norm;

/// <summary>
/// Local response normalisation over channels: y[c] = x[c] / (bias + α Σ x[c - radius .. c + radius]²)^β, the power as 1/x for β = 1 and 1/√x for β = 1/2, as
/// TensorFlow takes it, by roots for β = 3/4, and as e^(-β ln) for any other.
/// </summary>
public static unsafe class LocalResponse
{
    /// <summary>Elements of the rows that are squared, and taken to their power, at once: a part of the L1 cache.</summary>
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
            // A border of zeros on both sides of a row's squares, so that every sum has 2·radius + 1 terms; the next row shares it.
            int pitch = channels + radius, block = Math.Max(1, BlockElements / channels);
            long padded = ((long)block * pitch) + radius;
            float* squares = Scratch.Get<float>(padded + ((long)block * channels), 2), sums = squares + padded;
            for (int r = 0; r <= block; r++)
                new Span<float>(squares + ((long)r * pitch), radius).Clear();
            float exponent = -beta;
            for (long row = start; row < end; row += block)
            {
                int rows = (int)Math.Min(block, end - row), count = rows * channels;
                float* source = x + (row * channels), target = y + (row * channels);

                // All rows before the first sum: what reads two stores at once waits for them.
                for (int r = 0; r < rows; r++)
                    UnaryLoop.Run(source + ((long)r * channels), squares + ((long)r * pitch) + radius, channels, default(SquareOperator<float>));
                if (beta == 1)
                {
                    WindowSums(squares, source, target, rows, default(TimesReciprocalOperator));
                }
                else if (beta == 0.5f)
                {
                    WindowSums(squares, source, target, rows, default(TimesReciprocalRootOperator));
                }
                else if (beta == 0.75f)
                {
                    WindowSums(squares, source, target, rows, default(OverThreeQuartersOperator));
                }
                else
                {
                    WindowSums(squares, source, sums, rows, default(SecondOperator));
                    UnaryLoop.Run(sums, sums, count, default(LogOperator<float>));
                    BinaryLoop.Run(sums, 1, &exponent, 0, sums, count, default(MultiplyOperator<float>));
                    UnaryLoop.Run(sums, sums, count, default(ExpOperator<float>));
                    BinaryLoop.Run(source, 1, sums, 1, target, count, default(MultiplyOperator<float>));
                }
            }
        }

        /// <summary>target = op(source, bias + α Σ of the squares around each channel).</summary>
        private void WindowSums<TOp>(float* squares, float* source, float* target, int rows, TOp op)
            where TOp : struct, IBinaryOperator<float>
        {
            int bits = LaneWidth.Current;
            for (int r = 0; r < rows; r++, squares += channels + radius, source += channels, target += channels)
            {
                if (bits >= 512 && channels >= Lanes512<float>.Count)
                    Lanes<Lanes512<float>, TOp>(squares, source, target, op);
                else if (bits >= 256 && channels >= 2 * Lanes256<float>.Count)
                    Lanes<Twin<Lanes256<float>, float>, TOp>(squares, source, target, op);
                else if (bits >= 256 && channels >= Lanes256<float>.Count)
                    Lanes<Lanes256<float>, TOp>(squares, source, target, op);
                else if (bits >= 128 && channels >= Lanes128<float>.Count)
                    Lanes<Lanes128<float>, TOp>(squares, source, target, op);
                else
                    Scalars(squares, source, target, op);
            }
        }

        private void Scalars<TOp>(float* squares, float* source, float* target, TOp op)
            where TOp : struct, IBinaryOperator<float>
        {
            for (int c = 0; c < channels; c++)
            {
                // In the order of the lanes.
                float sum = squares[c];
                for (int i = 1; i <= 2 * radius; i += 2)
                    sum += squares[c + i] + squares[c + i + 1];
                target[c] = op.Invoke(source[c], (sum * alpha) + bias);
            }
        }

        // In pairs, so that the chain of additions is half as long. The last register ends at the last channel; its values are read first, as the target may be the source.
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private void Lanes<V, TOp>(float* squares, float* source, float* target, TOp op)
            where V : struct, ILanes<V, float>
            where TOp : struct, IBinaryOperator<float>
        {
            int end = channels - V.Count, taps = (2 * radius) + 1;
            V last = V.Load(source + end);
            for (int c = 0; c < channels; c += V.Count)
            {
                V v = last;
                int at = end;
                if (c < end)
                {
                    v = V.Load(source + c);
                    at = c;
                }

                float* p = squares + at;
                V sum = V.Load(p);
                for (int i = 1; i < taps; i += 2)
                    sum += V.Load(p + i) + V.Load(p + i + 1);
                op.Invoke(v, (sum * V.Create(alpha)) + V.Create(bias)).Store(target + at);
            }
        }
    }
}
