using Decant.Benchmarking;

namespace Decant.Tests.Benchmarking;

public class LatencyTests
{
    [Theory]
    [InlineData("5", 5, 5, 5, 5)]
    [InlineData("4 2", 2, 3, 4, 3)]
    [InlineData("10 1 2 3 4 5 6 7 8 9", 1, 5.5, 9, 5.5)]
    [InlineData("11 1 2 3 4 5 6 7 8 9 10", 1, 6, 10, 6)]
    public void Times_are_summed_up(string milliseconds, double least, double median, double p90, double mean)
    {
        Latency latency = Latency.Of([.. milliseconds.Split(' ').Select(m => TimeSpan.FromMilliseconds(int.Parse(m, System.Globalization.CultureInfo.InvariantCulture)))]);
        Assert.Equal((least, median, p90, mean), (latency.Least.TotalMilliseconds, latency.Median.TotalMilliseconds, latency.P90.TotalMilliseconds, latency.Mean.TotalMilliseconds));
    }

    [Fact]
    public void No_times_have_no_median() => Assert.Throws<ArgumentException>(() => Latency.Of([]));
}
