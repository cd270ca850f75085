using System.Diagnostics;
using System.Globalization;
using Decant.Kernels.Peak;
using Decant.Kernels.Threading;

namespace Decant.Bench;

/// <summary>
/// What a second thread gains on whole networks, beside what the machine would let it gain: in turn, in one process, a run with one thread, one
/// with two, two independent runs of one thread each at the same time, and multiply-adds in registers with one thread and with two.
/// </summary>
internal static class ThreadsScenario
{
    private const int Threads = 2;
    private const double SecondsOfEach = 0.02;
    private const double WarmSeconds = 0.3;
    private const int Rounds = 31;

    public static IEnumerable<string> Run(IEnumerable<Network> networks)
    {
        yield return "| network | 1 thread, ms | 2 threads, ms | ratio | of fastest tenths | two runs at once | multiply-adds |";
        yield return "|---|---|---|---|---|---|---|";
        foreach (Network network in networks)
            yield return Row(network);
    }

    private static string Row(Network network)
    {
        using Model model = Model.Load(network.Model);
        Dictionary<string, Tensor> feeds = network.Feeds();
        using WorkerPool one = new(1), both = new(Threads);
        using Session alone = new(model, new SessionOptions { Threads = 1 }), other = new(model, new SessionOptions { Threads = 1 }), shared = new(model, new SessionOptions { Threads = Threads });
        string[]? outputs = network.Outputs.Count == 0 ? null : [.. network.Outputs];
        using PreparedRun first = alone.Prepare(feeds, outputs), second = other.Prepare(feeds, outputs), split = shared.Prepare(feeds, outputs);
        int runs = (int)Math.Max(1, SecondsOfEach / Seconds(first, Warm(first)));
        Warm(second);
        Warm(split);
        PreparedRun[] pair = [first, second];
        var times = new double[3][];
        double[] gains = new double[Rounds];
        for (int i = 0; i < times.Length; i++)
            times[i] = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            double peak = FmaPeak.GigaFlops(one);
            gains[round] = FmaPeak.GigaFlops(both) / peak;
            times[0][round] = Seconds(first, runs);
            times[1][round] = Seconds(split, runs);
            long start = Stopwatch.GetTimestamp();
            both.For(Threads, 1, (from, to) =>
            {
                for (int i = from; i < to; i++)
                    Seconds(pair[i], runs);
            });
            times[2][round] = Stopwatch.GetElapsedTime(start).TotalSeconds / (runs * Threads);
        }

        foreach (double[] sorted in (double[][])[.. times, gains])
            Array.Sort(sorted);
        double Ratio(int of, int at) => times[0][at] / times[of][at];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {network.Name} | {times[0][Rounds / 2] * 1e3:0.000} | {times[1][Rounds / 2] * 1e3:0.000} | {Ratio(1, Rounds / 2):0.00} | {Ratio(1, Rounds / 10):0.00} | {Ratio(2, Rounds / 2):0.00} | {gains[Rounds / 2]:0.00} |");
    }

    /// <summary>Runs until the tiered JIT has compiled what there is; how often that was.</summary>
    private static int Warm(PreparedRun run)
    {
        int runs = 0;
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalSeconds < WarmSeconds; runs++)
            run.Run();
        return Math.Max(1, runs / 4);
    }

    /// <summary>Seconds of one of some runs.</summary>
    private static double Seconds(PreparedRun run, int runs)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < runs; i++)
            run.Run();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / runs;
    }
}
