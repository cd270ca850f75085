using System.Globalization;
using Decant.Benchmarking;

namespace Decant.Cli.Verbs;

/// <summary>A measurement for people.</summary>
internal static class BenchText
{
    private const string Head = "  share        ms   steps   GFLOP/s  of peak  ";

    public static void Write(string path, BenchmarkReport report, int nodes, TextWriter output)
    {
        Line($"{path}, {report.Threads} {(report.Threads == 1 ? "thread" : "threads")}");
        Line($"first run  {Milliseconds(report.FirstRun)} ms");
        Line($"steady     median {Milliseconds(report.Steady.Median)} ms, p90 {Milliseconds(report.Steady.P90)} ms, least {Milliseconds(report.Steady.Least)} ms ({report.Steady.Runs} runs)");
        Line($"memory     {Sizes.Bytes(report.IntermediateBytes)} for intermediate values, {Sizes.Bytes(report.AllocatedBytesPerRun)} allocated a run, the process had {Sizes.Bytes(report.PeakResidentBytes)} at most");
        if (report.Steps.Count > 0)
        {
            Line($"peak       {report.PeakGigaFlops:0} GFLOP/s is what multiply-adds in registers reach here with as many threads");
            output.WriteLine();
            output.WriteLine(Head + "op");
            foreach (OpProfile op in report.ByOp())
                Line($"{op.Share,7:P1}{op.Time.TotalMilliseconds,10:0.000}{op.Count,8:0.#}{Rate(op.GigaFlops, report.PeakGigaFlops)}  {op.Ops}");
        }

        if (nodes > 0 && report.Steps.Count > 0)
        {
            double total = report.Steps.Sum(s => s.Time.TotalSeconds);
            output.WriteLine();
            output.WriteLine(Head + "node");
            foreach (StepProfile step in report.Steps.OrderByDescending(s => s.Time).Take(nodes))
                Line($"{(total > 0 ? step.Time.TotalSeconds / total : 0),7:P1}{step.Time.TotalMilliseconds,10:0.000}{step.Count,8:0.#}{Rate(step.GigaFlops, report.PeakGigaFlops)}  {step.Node.Name} ({step.Ops})");
        }

        output.WriteLine();

        void Line(FormattableString text) => output.WriteLine(FormattableString.Invariant(text));
    }

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString(time.TotalMilliseconds < 10 ? "0.000" : "0.0", CultureInfo.InvariantCulture);

    private static string Rate(double gigaFlops, double peak) =>
        gigaFlops > 0 ? string.Create(CultureInfo.InvariantCulture, $"{gigaFlops,10:0.0}{(peak > 0 ? gigaFlops / peak : 0),9:P1}") : $"{"",19}";
}
