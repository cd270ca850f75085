using Decant.Kernels.Norm;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Tests.Norm;

public sealed class NormTests
{
    [Fact]
    public void Training_normalises_by_the_moments_of_the_batch()
    {
        const int Rows = 300, Channels = 21;
        float[] x = Array.ConvertAll(Seeded.Floats(1, Rows * Channels), v => (v * 3) + 100);
        float[] scale = Seeded.Floats(2, Channels), offset = Seeded.Floats(3, Channels);
        float[] y = new float[x.Length], mean = new float[Channels], biased = new float[Channels], unbiased = new float[Channels];
        BatchNorm.Training(x, scale, offset, y, mean, biased, unbiased, Rows, Channels, 1e-3f, WorkerPool.Inline);
        for (int c = 0; c < Channels; c++)
        {
            double[] column = [.. Enumerable.Range(0, Rows).Select(r => (double)x[(r * Channels) + c])];
            double m = column.Average(), v = column.Average(e => (e - m) * (e - m));
            Assert.Equal(m, mean[c], 1e-4);
            Assert.Equal(v, biased[c], 1e-4);
            Assert.Equal(v * Rows / (Rows - 1), unbiased[c], 1e-4);
            Assert.Equal(((x[c] - m) * scale[c] / Math.Sqrt(v + 1e-3)) + offset[c], y[c], 1e-4);
        }
    }

    [Fact]
    public void Local_response_divides_by_the_neighbourhood() => Variants.EachWidth(width =>
    {
        // The first are more rows than are taken to their power at once.
        foreach ((int rows, int channels) in (ReadOnlySpan<(int, int)>)[(60, 37), (3, 1), (5, 3), (2, 8), (7, 16), (4, 19), (9, 96), (2, 2500), (0, 5)])
        {
            float[] x = Seeded.Floats(1, rows * channels), y = new float[x.Length];
            foreach (int radius in (int[])[0, 1, 5, 100])
            {
                foreach (float beta in (float[])[0.5f, 0.7f, 0.75f, 1])
                {
                    LocalResponse.Run(x, y, rows, channels, radius, 1.5f, 0.3f, beta, WorkerPool.Inline);
                    double[] expected = [.. x.Select((v, i) => v / Math.Pow(1.5 + (0.3 * x[Math.Max(i / channels * channels, i - radius)..Math.Min(((i / channels) + 1) * channels, i + radius + 1)].Sum(s => (double)s * s)), beta))];
                    string what = $"{width}, {rows} x {channels}, radius {radius}, beta {beta}";
                    Close.To(expected, y, 1e-6, what);
                    float[] same = [.. x];
                    LocalResponse.Run(same, same, rows, channels, radius, 1.5f, 0.3f, beta, WorkerPool.Inline);
                    Close.Identical(y, same, what);
                }
            }
        }
    });

    [Fact]
    public void Local_response_takes_a_reciprocal_of_sums_below_zero()
    {
        float[] y = new float[1];
        LocalResponse.Run([1], y, 1, 1, 1, -3, 1, 1, WorkerPool.Inline);
        Assert.Equal([-0.5f], y);
    }

    [Fact]
    public void Local_response_does_not_depend_on_the_threads()
    {
        const int Rows = 1003, Channels = 21;
        float[] x = Seeded.Floats(1, Rows * Channels);
        foreach (float beta in (float[])[0.5f, 0.7f, 0.75f, 1])
        {
            Variants.SameOnAnyThreads(
                pool =>
                {
                    float[] y = new float[x.Length];
                    LocalResponse.Run(x, y, Rows, Channels, 2, 1.5f, 0.3f, beta, pool);
                    return y;
                },
                $"beta {beta}");
        }
    }

    [Fact]
    public void Local_response_takes_roots_of_sums_in_all_binades() => Variants.EachWidth(width =>
    {
        float[] sums = [.. Enumerable.Range(-149, 277).SelectMany(e => (float[])[MathF.ScaleB(1, e), MathF.ScaleB(1.37f, e), MathF.ScaleB(1.999f, e)]), float.MaxValue], y = new float[17];
        foreach (float sum in sums)
        {
            LocalResponse.Run(Enumerable.Repeat(1f, 17).ToArray(), y, 1, 17, 1, sum, 0, 0.75f, WorkerPool.Inline);
            foreach (float v in y)
                Assert.True(Close.Ulps(Math.Pow(sum, -0.75), v) <= 2, $"{width}: {sum:R} gives {v:R}");
        }

        foreach ((float sum, float expected) in (ReadOnlySpan<(float, float)>)[(0, float.PositiveInfinity), (float.PositiveInfinity, 0), (-1, float.NaN), (float.NaN, float.NaN)])
        {
            LocalResponse.Run(Enumerable.Repeat(1f, 17).ToArray(), y, 1, 17, 1, sum, 0, 0.75f, WorkerPool.Inline);
            Assert.All(y, v => Assert.Equal(expected, v));
        }

        // A sum's power does not depend on its neighbours.
        float[] x = [.. Seeded.Floats(1, 32)], near = new float[32], far = new float[32];
        x[0] = 1e-3f;
        LocalResponse.Run(x, near, 1, 32, 0, 0, 1, 0.75f, WorkerPool.Inline);
        x[0] = 1e18f;
        LocalResponse.Run(x, far, 1, 32, 0, 0, 1, 0.75f, WorkerPool.Inline);
        Close.Identical(near.AsSpan(1), far.AsSpan(1), width);
    });
}
