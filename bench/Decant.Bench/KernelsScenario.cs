using System.Diagnostics;
using System.Globalization;
using Decant.Kernels.Peak;
using Decant.Kernels.Threading;

namespace Decant.Bench;

/// <summary>Single kernels against the peaks that the same run measures: one table for one thread, one for as many as there are processors.</summary>
internal static class KernelsScenario
{
    // Until the tiered JIT has compiled what a kernel is called by.
    private const double WarmSeconds = 0.2;
    private const double SampleSeconds = 0.002;
    private const int Samples = 31;

    public static IEnumerable<string> Run(string? filter)
    {
        IReadOnlyList<KernelsRow> rows = [.. KernelsRows.All().Where(r => filter is null || filter.Split(',').Any(f => r.Kernel.Contains(f, StringComparison.Ordinal)))];
        foreach (int threads in new[] { 1, Environment.ProcessorCount }.Distinct())
        {
            MachinePeak peak = MachinePeak.Measure(threads);
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{threads} threads: FMA {peak.Fma512:0} / {peak.Fma256:0} / {peak.Fma128:0} GFLOP/s (512 / 256 / 128 bit), read {peak.ReadGigabytes:0.0} GB/s, copy {peak.CopyGigabytes:0.0} GB/s");
            yield return "| kernel | shape | threads | time, µs | rate | share | goal |";
            yield return "|---|---|---|---|---|---|---|";
            using WorkerPool pool = new(threads);
            foreach (KernelsRow row in rows)
                yield return Measure(row, pool);
        }
    }

    private static string Measure(KernelsRow row, WorkerPool pool)
    {
        using MemoryTraffic plain = new(row.Limit switch { KernelsLimit.Read => (long)row.Work, KernelsLimit.Copy => (long)row.Work / 2, _ => 1 });
        Func<double> judge = row.Limit switch
        {
            KernelsLimit.Read => Rate(() => plain.Read(pool), plain.Bytes),
            KernelsLimit.Copy => Rate(() => plain.Copy(pool), plain.Bytes * 2),
            KernelsLimit.Fma => () => FmaPeak.GigaFlops(pool),
            KernelsLimit.Dot => () => DotPeak.GigaOps(pool),
            _ => static () => 0,
        };
        (double seconds, double limit) = InTurn(() => row.Run(pool), judge);
        double rate = row.Work / seconds / 1e9;
        string unit = row.Limit switch { KernelsLimit.None => "G elem/s", KernelsLimit.Fma => "GFLOP/s", KernelsLimit.Dot => "GOP/s", _ => "GB/s" };
        string share = limit == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{100 * rate / limit:0} %");
        return string.Create(CultureInfo.InvariantCulture, $"| {row.Kernel} | {row.Shape} | {pool.Threads} | {seconds * 1e6:0.0} | {rate:0.0} {unit} | {share} | {row.Goal} |");
    }

    /// <summary>What a sample of an action's calls reaches, in units of 10^9 per second.</summary>
    private static Func<double> Rate(Action action, double work)
    {
        int calls = CallsPerSample(action);
        return () => work / Sample(action, calls) / 1e9;
    }

    /// <summary>The median seconds of one call, and the median of the judge, in samples taken in turn.</summary>
    private static (double Seconds, double Limit) InTurn(Action kernel, Func<double> judge)
    {
        int calls = CallsPerSample(kernel);
        double[] seconds = new double[Samples], limits = new double[Samples];
        for (int i = 0; i < Samples; i++)
        {
            limits[i] = judge();
            // The pool's other threads go to sleep meanwhile, and the caches fill.
            Sample(kernel, Math.Max(1, calls / 4));
            seconds[i] = Sample(kernel, calls);
        }

        Array.Sort(seconds);
        Array.Sort(limits);
        return (seconds[Samples / 2], limits[Samples / 2]);
    }

    private static int CallsPerSample(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        int calls = 0;
        while (calls < 3 || Stopwatch.GetElapsedTime(start).TotalSeconds < WarmSeconds)
        {
            action();
            calls++;
        }

        return (int)Math.Clamp(SampleSeconds / WarmSeconds * calls, 1, 100_000);
    }

    private static double Sample(Action action, int calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
            action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / calls;
    }
}
