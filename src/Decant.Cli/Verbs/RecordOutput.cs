using System.Globalization;
using System.Text.Json;
using Decant.Inspection;

namespace Decant.Cli.Verbs;

/// <summary>What a TFRecord file holds, as text and as JSON with the members that every report has.</summary>
internal static class RecordOutput
{
    public static void WriteText(RecordReport report, TextWriter output)
    {
        output.WriteLine("format     tfrecord");
        output.WriteLine($"size       {Sizes.Bytes(report.FileBytes)} on disk, {Sizes.Bytes(report.RecordBytes)} unpacked");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"records    {report.Records} of {report.Message}"));
        foreach (FeatureReport feature in report.Features)
        {
            string kind = feature.IsList ? "list of " : "";
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"feature    {feature.Name}: {kind}{feature.DType.Name()}, in {feature.Present} records"));
        }
    }

    public static void WriteJson(RecordReport report, TextWriter output)
    {
        JsonText.Write(output, json =>
        {
            json.WriteStartObject();
            json.WriteString("format", "tfrecord");
            json.WriteString("path", report.Path);
            json.WriteNumber("file_bytes", report.FileBytes);
            foreach (string name in (string[])["signatures", "inputs", "outputs"])
            {
                json.WriteStartArray(name);
                json.WriteEndArray();
            }

            json.WriteStartObject("ops");
            json.WriteEndObject();
            json.WriteNumber("parameters", 0);
            json.WriteNumber("weight_bytes", 0);
            json.WriteNumber("records", report.Records);
            json.WriteNumber("record_bytes", report.RecordBytes);
            json.WriteString("message", report.Message);
            json.WriteStartArray("features");
            foreach (FeatureReport feature in report.Features)
            {
                json.WriteStartObject();
                json.WriteString("name", feature.Name);
                json.WriteString("dtype", feature.DType.Name());
                json.WriteBoolean("is_list", feature.IsList);
                json.WriteNumber("present", feature.Present);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }
}
