using System.Buffers;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Quantized;

/// <summary>
/// Rounds the weights of filters to integers so that what rounding adds to their sums is at most half a step. The inputs of a filter have a
/// mean that is not 0 (after a relu), and neighbours in an image are alike, so an output errs by about that sum times the mean beside what
/// independent errors add: with each weight rounded for itself a filter of n weights is off by sqrt(n / 12) steps, which grows with its size.
/// A few weights whose fraction is near a half are rounded the other way instead.
/// </summary>
public static unsafe class BalancedRounding
{
    // Weights that a thread takes at once at the least.
    private const int Grain = 8192;

    /// <summary>
    /// y = round(x / scale) to [-127, 127], halves away from zero, for rows of weights [taps, depth]; then weights are turned to the other
    /// neighbour until over the taps of each element of the depth, and over each 1024 elements of the depth, the sum of y - x / scale is
    /// within [-0.5, 0.5] where weights at the ends of the range allow it.
    /// </summary>
    /// <param name="x">Whole rows, of finite numbers.</param>
    /// <param name="y">The bytes.</param>
    /// <param name="taps">Positions of the window; 1 for products.</param>
    /// <param name="scales">Of each row, or one for all.</param>
    /// <param name="row">The number of weights in a row.</param>
    /// <param name="first">The number of the first row among all of them.</param>
    /// <param name="pool">The threads; the result is the same for any number of them.</param>
    public static void Rows(ReadOnlySpan<float> x, Span<sbyte> y, int taps, float[] scales, int row, long first, WorkerPool pool)
    {
        Guard.Length(y, x.Length);
        fixed (float* px = x)
        fixed (sbyte* py = y)
            pool.For(x.Length / row, Math.Max(1, Grain / row), new RowsJob(px, py, taps, scales, row, first));
    }

    /// <summary>As <see cref="Rows"/> for weights [taps, channels] that have a scale for each channel and are not summed over them.</summary>
    public static void Depthwise(ReadOnlySpan<float> x, Span<sbyte> y, float[] scales)
    {
        Guard.Length(y, x.Length);
        float[] integers = ArrayPool<float>.Shared.Rent(x.Length), rests = ArrayPool<float>.Shared.Rent(x.Length), sums = ArrayPool<float>.Shared.Rent(scales.Length);
        fixed (float* px = x, pi = integers, pr = rests, ps = sums, pc = scales)
        fixed (sbyte* py = y)
        {
            int taps = x.Length / scales.Length;
            for (int i = 0; i < x.Length; i++)
                BalancedFilter.Round(px + i, pc[i % scales.Length], pi + i, pr + i, 1);
            new BalancedFilter(pi, pr, ps, taps, scales.Length).BalanceTaps();
            BalancedFilter.Narrow(pi, py, x.Length);
        }

        ArrayPool<float>.Shared.Return(integers);
        ArrayPool<float>.Shared.Return(rests);
        ArrayPool<float>.Shared.Return(sums);
    }

    private readonly struct RowsJob(float* x, sbyte* y, int taps, float[] scales, int row, long first) : IRangeJob
    {
        public void Run(int start, int end)
        {
            float[] integers = ArrayPool<float>.Shared.Rent(row), rests = ArrayPool<float>.Shared.Rent(row), sums = ArrayPool<float>.Shared.Rent(row / taps);
            fixed (float* pi = integers, pr = rests, ps = sums)
            {
                BalancedFilter filter = new(pi, pr, taps > 1 ? ps : pr, taps, row / taps);
                for (int r = start; r < end; r++)
                {
                    BalancedFilter.Round(x + ((long)r * row), scales[scales.Length == 1 ? 0 : (first + r) % scales.Length], pi, pr, row);
                    filter.BalanceTaps();
                    filter.BalanceDepth();
                    BalancedFilter.Narrow(pi, y + ((long)r * row), row);
                }
            }

            ArrayPool<float>.Shared.Return(integers);
            ArrayPool<float>.Shared.Return(rests);
            ArrayPool<float>.Shared.Return(sums);
        }
    }
}
