namespace Decant.Passes.Compress;

/// <summary>
/// Cuts a histogram into segments so that the sum of squared differences from the segments' means is least. By dynamic programming:
/// cost(k, j) = min over i of cost(k-1, i) + spread(i, j), where the best i does not decrease with j, so that halving finds it.
/// </summary>
internal sealed class SegmentedHistogram
{
    private readonly double[] _count, _sum, _squares;
    private readonly ushort[][] _starts;
    private double[] _before, _now;

    private SegmentedHistogram(Histogram histogram, int segments)
    {
        int bins = histogram.Counts.Length;
        (_count, _sum, _squares) = (new double[bins + 1], new double[bins + 1], new double[bins + 1]);
        // Differences of sums of squares are exact enough only around the mean.
        double center = histogram.Means.Zip(histogram.Counts, (m, c) => m * c).Sum() / histogram.Counts.Sum();
        for (int i = 0; i < bins; i++)
        {
            double mean = histogram.Means[i] - center;
            _count[i + 1] = _count[i] + histogram.Counts[i];
            _sum[i + 1] = _sum[i] + (mean * histogram.Counts[i]);
            _squares[i + 1] = _squares[i] + (mean * mean * histogram.Counts[i]);
        }

        (_before, _now) = (new double[bins + 1], new double[bins + 1]);
        _starts = new ushort[segments][];
    }

    /// <summary>The means of the segments, ascending; fewer than are asked for where there are fewer bins.</summary>
    public static double[] Centroids(Histogram histogram, int segments)
    {
        int bins = histogram.Counts.Length;
        segments = Math.Min(segments, bins);
        var cut = new SegmentedHistogram(histogram, segments);
        for (int k = 0; k < segments; k++)
        {
            cut._starts[k] = new ushort[bins + 1];
            if (k == 0)
                Array.ForEach([.. Enumerable.Range(1, bins)], j => cut._now[j] = cut.Spread(0, j));
            else
                cut.Fill(k, k + 1, bins, k, bins - 1);
            (cut._before, cut._now) = (cut._now, cut._before);
        }

        var centroids = new double[segments];
        int end = bins;
        for (int k = segments - 1; k >= 0; k--)
        {
            int start = cut._starts[k][end];
            centroids[k] = Mean(histogram, start, end);
            end = start;
        }

        return centroids;
    }

    /// <summary>Fills costs for ends from <paramref name="low"/> to <paramref name="high"/>, whose best starts lie between two others.</summary>
    private void Fill(int k, int low, int high, int firstStart, int lastStart)
    {
        if (low > high)
            return;
        int end = (low + high) >> 1, best = Math.Min(firstStart, end - 1);
        double least = double.PositiveInfinity;
        for (int start = Math.Max(firstStart, k); start <= Math.Min(lastStart, end - 1); start++)
        {
            double cost = _before[start] + Spread(start, end);
            if (cost < least)
                (least, best) = (cost, start);
        }

        _now[end] = least;
        _starts[k][end] = (ushort)best;
        Fill(k, low, end - 1, firstStart, best);
        Fill(k, end + 1, high, best, lastStart);
    }

    /// <summary>The squared differences of bins [start, end) from their mean, summed.</summary>
    private double Spread(int start, int end)
    {
        double count = _count[end] - _count[start], sum = _sum[end] - _sum[start];
        return Math.Max(0, _squares[end] - _squares[start] - (sum * sum / count));
    }

    private static double Mean(Histogram histogram, int start, int end)
    {
        (double sum, double count) = (0, 0);
        for (int i = start; i < end; i++)
        {
            sum += histogram.Means[i] * histogram.Counts[i];
            count += histogram.Counts[i];
        }

        return sum / count;
    }
}
