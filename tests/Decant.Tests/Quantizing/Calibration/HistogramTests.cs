using Decant.Quantizing.Calibration;

namespace Decant.Tests.Quantizing.Calibration;

/// <summary>Ranges from how values are spread.</summary>
public sealed class HistogramTests
{
    private const float Outlier = 100;

    /// <summary>10,000 values evenly from 0 to 1, and one far away.</summary>
    private static Histogram Spread()
    {
        var histogram = new Histogram(new ValueRange(0, Outlier));
        histogram.Add([.. Enumerable.Range(0, 10_000).Select(i => i / 10_000f), Outlier, float.NaN, float.PositiveInfinity]);
        return histogram;
    }

    [Fact]
    public void A_percentile_leaves_outliers_out_and_100_keeps_all()
    {
        ValueRange range = Spread().Percentile(99.9);
        Assert.Equal(0, range.Min);
        Assert.InRange(range.Max, 0.99f, 1.1f);
        Assert.Equal(new ValueRange(0, Outlier), Spread().Percentile(100));
    }

    [Fact]
    public void The_least_error_clamps_an_outlier_when_its_distance_costs_less_than_the_steps()
    {
        // Steps of 100 / 255 round each of 10,000 values by 0.0128 squared on the average, 128 in all; clamping the one at 1 costs 9801.
        Assert.InRange(Spread().LeastError(255, isSymmetric: false).Max, Outlier - 2, Outlier);
        var many = new Histogram(new ValueRange(-1, 10));
        many.Add([.. Enumerable.Range(0, 1_000_000).Select(i => (i / 500_000f) - 1), 10]);

        // Of a million values, 1.86e-3 squared / 12 * 4 * 1e6 for the whole range, and 81 and a quarter of it for [-1, 1].
        ValueRange found = many.LeastError(255, isSymmetric: false);
        Assert.InRange(found.Max, 0.9f, 9.99f);
        Assert.Equal(-1, found.Min, 0.02);
        ValueRange symmetric = many.LeastError(65534, isSymmetric: true);
        Assert.Equal(-symmetric.Min, symmetric.Max);
    }
}
