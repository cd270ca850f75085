using System.Globalization;

namespace Decant.Bench;

/// <summary>
/// What <c>optimize</c> does to models: <c>optimize</c> gives a row for each model of the test data, <c>optimize-recorded</c> a summary of the
/// hundreds of small graphs. Both name those that are slower or larger than the margin.
/// </summary>
internal static class OptimizeScenario
{
    private const double SecondsPerModel = 0.4;
    private const double SecondsPerRecorded = 0.03;

    /// <summary>A row per model.</summary>
    public static IEnumerable<string> Models(IEnumerable<OptimizeCase> cases, string folder)
    {
        yield return "| model | nodes read | frozen | optimized | frozen, KiB | optimized, KiB | frozen, ms | optimized, ms | ratio |";
        yield return "|---|---|---|---|---|---|---|---|---|";
        foreach (OptimizeCase given in cases)
        {
            if (OptimizeMeasurement.Of(given, folder, SecondsPerModel) is not { } m)
                yield return $"| {given.Name} | cannot be frozen | | | | | | | |";
            else
                yield return string.Create(CultureInfo.InvariantCulture, $"| {given.Name} | {m.ReadNodes} | {m.FrozenNodes} | {m.Nodes} | {m.FrozenBytes / 1024.0:0.0} | {m.Bytes / 1024.0:0.0} | {Milliseconds(m.FrozenSeconds)} | {Milliseconds(m.Seconds)} | {(double.IsNaN(m.Ratio) ? "" : m.Ratio.ToString("0.00", CultureInfo.InvariantCulture))}{Marks(m)} |");
        }
    }

    /// <summary>Sums over all graphs, and the names of those beyond the margin, which are measured again for longer.</summary>
    public static IEnumerable<string> Recorded(IEnumerable<OptimizeCase> cases, string folder)
    {
        List<OptimizeMeasurement> all = [];
        foreach (OptimizeCase given in cases)
        {
            if (OptimizeMeasurement.Of(given, folder, SecondsPerRecorded) is not { } m)
                continue;
            if (m.IsSlower)
                m = OptimizeMeasurement.Of(given, folder, SecondsPerModel)!;
            if (m.IsSlower || m.IsLarger)
                yield return string.Create(CultureInfo.InvariantCulture, $"{given.Name}: {m.FrozenNodes} to {m.Nodes} nodes, {m.FrozenBytes} to {m.Bytes} bytes, {Milliseconds(m.FrozenSeconds)} to {Milliseconds(m.Seconds)} ms{Marks(m)}");
            all.Add(m);
        }

        double[] ratios = [.. all.Select(m => m.Ratio).Where(r => !double.IsNaN(r)).Order()];
        yield return string.Create(CultureInfo.InvariantCulture, $"{all.Count} graphs: {all.Sum(m => m.FrozenNodes)} nodes frozen, {all.Sum(m => m.Nodes)} optimized; {all.Sum(m => m.FrozenBytes)} bytes, {all.Sum(m => m.Bytes)}; ratio of run times: median {ratios[ratios.Length / 2]:0.00}, 10th of a hundred {ratios[ratios.Length / 10]:0.00}, 90th {ratios[ratios.Length * 9 / 10]:0.00}, highest {ratios[^1]:0.00}");
    }

    private static string Milliseconds(double seconds) => double.IsNaN(seconds) ? "" : (seconds * 1000).ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Marks(OptimizeMeasurement m) => $"{(m.IsSlower ? " slower" : "")}{(m.IsLarger ? " larger" : "")}";
}
