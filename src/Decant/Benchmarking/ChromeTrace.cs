using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using Decant.Runtime;

namespace Decant.Benchmarking;

/// <summary>
/// Writes the steps of a run in Chrome's trace event format (complete events, times in microseconds), which chrome://tracing and
/// Perfetto show: steps inside called functions lie below the step that calls.
/// </summary>
public static class ChromeTrace
{
    /// <summary>Writes the events of a run as one JSON object.</summary>
    public static void Write(IReadOnlyList<StepTiming> steps, Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        long origin = steps.Count > 0 ? steps.Min(s => s.Started) : 0;
        json.WriteStartObject();
        json.WriteString("displayTimeUnit", "ms");
        json.WriteStartArray("traceEvents");
        foreach (StepTiming step in steps.OrderBy(s => s.Started).ThenBy(s => s.Depth))
        {
            json.WriteStartObject();
            json.WriteString("name", step.Node.Name);
            json.WriteString("cat", step.Node.Op.ToString());
            json.WriteString("ph", "X");
            json.WriteNumber("ts", Microseconds(step.Started - origin));
            json.WriteNumber("dur", Microseconds(step.Ended - step.Started));
            json.WriteNumber("pid", 1);
            json.WriteNumber("tid", 1);
            json.WriteStartObject("args");
            json.WriteString("op", step.Node.Op.ToString());
            if (step.Fused.Count > 0)
                json.WriteString("fused", string.Join(", ", step.Fused.Select(n => $"{n.Name} ({n.Op})")));
            json.WriteNumber("bytes_read", step.BytesRead);
            json.WriteNumber("bytes_written", step.BytesWritten);
            json.WriteNumber("flops", step.Flops);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;
}
