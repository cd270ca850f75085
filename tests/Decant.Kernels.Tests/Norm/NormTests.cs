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
        // More rows than are taken to their power at once.
        const int Rows = 60, Channels = 37;
        float[] x = Seeded.Floats(1, Rows * Channels), y = new float[x.Length];
        foreach (int radius in (int[])[0, 1, 5, 100])
        {
            foreach (float beta in (float[])[0.5f, 0.75f, 1])
            {
                LocalResponse.Run(x, y, Rows, Channels, radius, 1.5f, 0.3f, beta, WorkerPool.Inline);
                double[] expected = [.. x.Select((v, i) => v / Math.Pow(1.5 + (0.3 * x[Math.Max(i / Channels * Channels, i - radius)..Math.Min(((i / Channels) + 1) * Channels, i + radius + 1)].Sum(s => (double)s * s)), beta))];
                Close.To(expected, y, 1e-6, $"{width}, radius {radius}, beta {beta}");
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
}
