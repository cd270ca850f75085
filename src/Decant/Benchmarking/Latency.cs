namespace Decant.Benchmarking;

/// <summary>What the times of many runs come to.</summary>
/// <param name="Runs">How many runs there were.</param>
/// <param name="Least">The fastest.</param>
/// <param name="Median">The middle one; of an even number the mean of the two in the middle.</param>
/// <param name="P90">The one that nine of ten runs do not exceed (nearest rank).</param>
/// <param name="Mean">The mean.</param>
public sealed record Latency(int Runs, TimeSpan Least, TimeSpan Median, TimeSpan P90, TimeSpan Mean)
{
    /// <summary>Sums up times.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static Latency Of(IReadOnlyCollection<TimeSpan> times)
    {
        if (times.Count == 0)
            throw new ArgumentException("there are no times", nameof(times));
        TimeSpan[] sorted = [.. times];
        Array.Sort(sorted);
        TimeSpan median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        TimeSpan sum = TimeSpan.Zero;
        foreach (TimeSpan time in sorted)
            sum += time;
        return new Latency(sorted.Length, sorted[0], median, sorted[(int)Math.Ceiling(sorted.Length * 0.9) - 1], sum / sorted.Length);
    }
}
