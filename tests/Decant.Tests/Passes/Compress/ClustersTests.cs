using Decant.IR;
using Decant.Passes.Compress;

namespace Decant.Tests.Passes.Compress;

public class ClustersTests
{
    [Fact]
    public void The_sum_of_squares_is_the_least_that_any_cut_has()
    {
        // 30 whole numbers of the 2048 that the coarse histogram tells apart, so that every cut can be tried.
        var random = new Random(11);
        float[] values = [.. Enumerable.Range(0, 30).Select(_ => (float)random.Next(2048)).Append(0).Append(2048).Order()];
        float[] centroids = Clusters.Find(Of(Tensor.Wrap(values)), 3);
        double least = double.PositiveInfinity;
        for (int i = 1; i < values.Length; i++)
        {
            for (int j = i + 1; j < values.Length; j++)
                least = Math.Min(least, Spread(values[..i]) + Spread(values[i..j]) + Spread(values[j..]));
        }

        double found = values.Sum(v => centroids.Min(c => ((double)v - c) * ((double)v - c)));
        Assert.Equal(3, centroids.Length);
        Assert.InRange(found, least * 0.999999, least * 1.000001);
    }

    [Fact]
    public void Each_weight_takes_the_nearest_value_and_the_lower_of_two()
    {
        Tensor assigned = Clusters.Assign(Tensor.Wrap([-5f, 0.5f, 0.49f, 0.51f, 1.5f, 9f]), [0, 1, 2]);
        Assert.Equal([0, 0, 0, 1, 1, 2], assigned.Span<byte>().ToArray());
    }

    [Fact]
    public void More_values_fit_better_and_the_same_tensor_gives_the_same_ones()
    {
        Tensor weights = SmallModels.Random(12, 20000);
        double before = double.PositiveInfinity;
        foreach (int count in (int[])[2, 4, 16, 64, 256])
        {
            float[] centroids = Clusters.Find(Of(weights), count);
            Assert.Equal(centroids, Clusters.Find(Of(weights), count));
            Assert.Equal(count, centroids.Length);
            byte[] assigned = Clusters.Assign(weights, centroids).Span<byte>().ToArray();
            double spread = weights.Span<float>().ToArray().Zip(assigned, (x, c) => Math.Pow(x - centroids[c], 2)).Sum();
            Assert.True(spread < before / 2);
            before = spread;
        }
    }

    [Fact]
    public void A_weight_near_the_middle_of_two_values_takes_the_right_one_wherever_the_middle_is()
    {
        var random = new Random(13);
        float[] centroids = [.. Enumerable.Range(0, 200).Select(_ => random.NextSingle()).Append(1000).Append(-3).Order()];
        float[] middles = [.. centroids.Zip(centroids.Skip(1), (a, b) => (a + b) / 2)];
        float[] values = [.. middles, .. middles.Select(MathF.BitIncrement), .. middles.Select(MathF.BitDecrement), .. centroids, -5000, 5000];
        byte[] assigned = Clusters.Assign(Tensor.Wrap(values), centroids).Span<byte>().ToArray();
        Assert.All(values.Zip(assigned), p => Assert.Equal(centroids.Min(c => Math.Abs((double)c - p.First)), Math.Abs((double)centroids[p.Second] - p.First)));
    }

    private static Weights Of(Tensor weights) => new(new TensorAttr(weights), weights.Span<float>().ToArray().Min(), weights.Span<float>().ToArray().Max());

    private static double Spread(float[] values) => values.Sum(v => Math.Pow(v - values.Average(x => (double)x), 2));
}
