using System.Diagnostics;
using Decant.Comparison;
using Decant.Passes.Optimize;

namespace Decant.Bench;

/// <summary>A model frozen and the same optimized: nodes, bytes of the file, and a run with one thread.</summary>
/// <param name="ReadNodes">Nodes of the model as it was read, with those of functions.</param>
/// <param name="Ratio">What a run of the optimized model takes of one of the frozen model, the median of pairs; NaN when it cannot be run.</param>
internal sealed record OptimizeMeasurement(int ReadNodes, int FrozenNodes, int Nodes, long FrozenBytes, long Bytes, double FrozenSeconds, double Seconds, double Ratio)
{
    /// <summary>How much slower and larger an optimized model may be: less is not told from noise by pairs of runs.</summary>
    private const double Margin = 1.05;

    /// <summary>By how many seconds besides: what a run costs that has nothing to compute.</summary>
    private const double MarginSeconds = 1e-6;

    /// <summary>By how many bytes an optimized file may be larger besides: what computed constants may add to every model.</summary>
    private const long MarginBytes = 4096;

    /// <summary>Runs of a pair take about this long, so that the clock's steps do not count.</summary>
    private const double PairSeconds = 2e-3;

    private const int FewestPairs = 5;

    /// <summary>Methods are compiled for speed when they have been called 30 times, in the background.</summary>
    private const int WarmupRuns = 40;

    public bool IsLarger => Bytes > (FrozenBytes * Margin) + MarginBytes;

    public bool IsSlower => Ratio > Margin && Seconds > (FrozenSeconds * Margin) + MarginSeconds;

    /// <summary>Measures for so many seconds; null when the model cannot be frozen.</summary>
    public static OptimizeMeasurement? Of(OptimizeCase given, string folder, double seconds)
    {
        using Model model = Model.Load(given.Model);
        Dictionary<string, Tensor>? feeds = given.Feeds?.Invoke();
        OptimizeResult result;
        OptimizeCheck check;
        try
        {
            (result, OptimizeCheck? done) = model.Optimize(new OptimizeOptions { Inputs = feeds is null || given.Outputs.Count == 0 ? null : [.. feeds.Keys], Outputs = given.Outputs.Count > 0 ? given.Outputs : null }, inputs: feeds);
            check = done!;
        }
        catch (ModelException e) when (e.Diagnostics[0].Code != CompareErrors.OptimizedDiffers)
        {
            return null;
        }

        string frozen = Path.Combine(folder, "optimize-before.pb"), optimized = Path.Combine(folder, "optimize-after.pb");
        result.Reference.Save(frozen, "graphdef");
        result.Model.Save(optimized, "graphdef");
        (double before, double after, double ratio) = check.Comparison is null ? (double.NaN, double.NaN, double.NaN) : Times(frozen, optimized, check, result, seconds);
        return new OptimizeMeasurement(
            model.Graph.Nodes.Count + model.Functions.Values.Sum(f => f.Nodes.Count), result.Reference.Graph.Nodes.Count, result.Model.Graph.Nodes.Count, new FileInfo(frozen).Length, new FileInfo(optimized).Length, before, after, ratio);
    }

    private static (double Before, double After, double Ratio) Times(string frozen, string optimized, OptimizeCheck check, OptimizeResult result, double seconds)
    {
        using Model a = Model.Load(frozen), b = Model.Load(optimized);
        var options = new SessionOptions { Threads = 1, Seed = 0 };
        using Session first = new(a, options), second = new(b, options);
        string[] outputs = [.. result.Outputs.Where(o => !check.Random.Contains(o))];
        using PreparedRun before = first.Prepare(Known(check.Feeds, a), outputs), after = second.Prepare(Known(check.Feeds, b), outputs);
        Repeat(before, WarmupRuns, seconds / 2);
        Repeat(after, WarmupRuns, seconds / 2);
        int runs = (int)Math.Clamp(PairSeconds / Repeat(after, 1, seconds), 1, 10_000);
        List<(double Before, double After)> pairs = [];
        for (long start = Stopwatch.GetTimestamp(); pairs.Count < FewestPairs || Stopwatch.GetElapsedTime(start).TotalSeconds < seconds;)
            pairs.Add(pairs.Count % 2 == 0 ? (Repeat(before, runs), Repeat(after, runs)) : Swapped(Repeat(after, runs), Repeat(before, runs)));
        return (Median(pairs.Select(p => p.Before)), Median(pairs.Select(p => p.After)), Median(pairs.Select(p => p.After / p.Before)));
    }

    private static (double Before, double After) Swapped(double after, double before) => (before, after);

    /// <summary>The feeds that a graph has.</summary>
    private static Dictionary<string, Tensor> Known(IReadOnlyDictionary<string, Tensor> feeds, Model model) =>
        feeds.Where(f => model.Graph.TryGet(f.Key.Split(':')[0], out _)).ToDictionary();

    /// <summary>Seconds of one run, over so many runs or those that fit into a time.</summary>
    private static double Repeat(PreparedRun run, int runs, double most = double.PositiveInfinity)
    {
        long start = Stopwatch.GetTimestamp();
        int done = 0;
        while (done < runs && (done == 0 || Stopwatch.GetElapsedTime(start).TotalSeconds < most))
        {
            run.Run();
            done++;
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds / done;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
}
