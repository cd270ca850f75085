using System.Text.Json;
using Decant.Benchmarking;

namespace Decant.Cli.Verbs;

/// <summary>Measurements as JSON: an array with an object for each model.</summary>
internal static class BenchJson
{
    public static void Write(IReadOnlyList<(string Path, BenchmarkReport Report)> reports, TextWriter output)
    {
        JsonText.Write(output, json =>
        {
            json.WriteStartArray();
            foreach ((string path, BenchmarkReport report) in reports)
                Write(json, path, report);
            json.WriteEndArray();
        });
    }

    private static void Write(Utf8JsonWriter json, string path, BenchmarkReport report)
    {
        json.WriteStartObject();
        json.WriteString("model", path);
        json.WriteNumber("threads", report.Threads);
        json.WriteNumber("first_run_ms", report.FirstRun.TotalMilliseconds);
        json.WriteStartObject("steady_ms");
        json.WriteNumber("runs", report.Steady.Runs);
        json.WriteNumber("least", report.Steady.Least.TotalMilliseconds);
        json.WriteNumber("median", report.Steady.Median.TotalMilliseconds);
        json.WriteNumber("p90", report.Steady.P90.TotalMilliseconds);
        json.WriteNumber("mean", report.Steady.Mean.TotalMilliseconds);
        json.WriteEndObject();
        json.WriteNumber("intermediate_bytes", report.IntermediateBytes);
        json.WriteNumber("allocated_bytes_per_run", report.AllocatedBytesPerRun);
        json.WriteNumber("peak_resident_bytes", report.PeakResidentBytes);
        json.WriteNumber("peak_gflops", report.PeakGigaFlops);
        json.WriteStartArray("ops");
        foreach (OpProfile op in report.ByOp())
        {
            json.WriteStartObject();
            json.WriteString("op", op.Ops);
            Rates(json, op.Count, op.Time, op.Share, op.Flops, op.Bytes, op.GigaFlops, report.PeakGigaFlops);
        }

        json.WriteEndArray();
        double total = report.Steps.Sum(s => s.Time.TotalSeconds);
        json.WriteStartArray("steps");
        foreach (StepProfile step in report.Steps)
        {
            json.WriteStartObject();
            json.WriteString("node", step.Node.Name);
            json.WriteString("op", step.Ops);
            json.WriteNumber("depth", step.Depth);
            Rates(json, step.Count, step.Time, total > 0 ? step.Time.TotalSeconds / total : 0, step.Flops, step.Bytes, step.GigaFlops, report.PeakGigaFlops);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Rates(Utf8JsonWriter json, double count, TimeSpan time, double share, long flops, long bytes, double gigaFlops, double peak)
    {
        json.WriteNumber("count", count);
        json.WriteNumber("ms", time.TotalMilliseconds);
        json.WriteNumber("share", share);
        json.WriteNumber("flops", flops);
        json.WriteNumber("bytes", bytes);
        json.WriteNumber("gflops", gigaFlops);
        if (peak > 0 && flops > 0)
            json.WriteNumber("share_of_peak", gigaFlops / peak);
        json.WriteEndObject();
    }
}
