using System.Diagnostics;
using System.Globalization;
using Decant.Kernels.Peak;
using Decant.Kernels.Threading;

namespace Decant.Bench;

/// <summary>Single kernels against the peaks that the same run measures: one table for one thread, one for as many as there are processors.</summary>
internal static class KernelsScenario
{
    private const double WarmSeconds = 0.06;
    private const double SampleSeconds = 0.002;
    private const int Samples = 31;

    public static IEnumerable<string> Run(string? filter)
    {
        IReadOnlyList<KernelsRow> rows = [.. KernelsRows.All().Where(r => filter is null || r.Kernel.Contains(filter, StringComparison.Ordinal))];
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
                yield return Measure(row, peak, pool);
        }
    }

    private static string Measure(KernelsRow row, MachinePeak peak, WorkerPool pool)
    {
        double seconds, limit = 0;
        if (row.Limit is KernelsLimit.Read or KernelsLimit.Copy)
        {
            bool reads = row.Limit == KernelsLimit.Read;
            using MemoryTraffic plain = new((long)(reads ? row.Work : row.Work / 2));
            Action baseline = reads ? () => plain.Read(pool) : () => plain.Copy(pool);
            (seconds, double plainSeconds) = InTurn(() => row.Run(pool), baseline);
            limit = plain.Bytes * (reads ? 1 : 2) / plainSeconds / 1e9;
        }
        else
        {
            (seconds, _) = InTurn(() => row.Run(pool), static () => { });
            limit = row.Limit == KernelsLimit.Fma ? peak.Fma : 0;
        }

        double rate = row.Work / seconds / 1e9;
        string unit = row.Limit switch { KernelsLimit.None => "G elem/s", KernelsLimit.Fma => "GFLOP/s", _ => "GB/s" };
        string share = limit == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{100 * rate / limit:0} %");
        return string.Create(CultureInfo.InvariantCulture, $"| {row.Kernel} | {row.Shape} | {pool.Threads} | {seconds * 1e6:0.0} | {rate:0.0} {unit} | {share} | {row.Goal} |");
    }

    /// <summary>The median seconds of one call of each, over samples of many calls taken in turn.</summary>
    private static (double First, double Second) InTurn(Action first, Action second)
    {
        int firstCalls = CallsPerSample(first), secondCalls = CallsPerSample(second);
        double[] firsts = new double[Samples], seconds = new double[Samples];
        for (int i = 0; i < Samples; i++)
        {
            firsts[i] = Sample(first, firstCalls);
            seconds[i] = Sample(second, secondCalls);
        }

        Array.Sort(firsts);
        Array.Sort(seconds);
        return (firsts[Samples / 2], seconds[Samples / 2]);
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

        return (int)Math.Clamp(SampleSeconds / Sample(action, Math.Clamp(calls / 8, 1, 1000)), 1, 100_000);
    }

    private static double Sample(Action action, int calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
            action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / calls;
    }
}
