using System.Text.Json;
using Decant.Inspection;
using Decant.IR;

namespace Decant.Cli.Verbs;

/// <summary>A report as JSON; the member names are part of the command line's contract.</summary>
internal static class ReportJson
{
    public static void Write(ModelReport report, TextWriter output)
    {
        JsonText.Write(output, json =>
        {
            json.WriteStartObject();
            json.WriteString("format", report.Format);
            json.WriteString("path", report.Path);
            json.WriteNumber("file_bytes", report.FileBytes);
            json.WriteNumber("producer", report.Producer);
            json.WriteStrings("tags", report.Tags);
            json.WriteStartArray("signatures");
            foreach (Signature signature in report.Signatures)
            {
                json.WriteStartObject();
                json.WriteString("key", signature.Key);
                json.WriteString("method", signature.Method);
                Tensors(json, "inputs", signature.Inputs);
                Tensors(json, "outputs", signature.Outputs);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("signature", report.SignatureKey);
            Tensors(json, "inputs", report.Inputs);
            Tensors(json, "outputs", report.Outputs);
            json.WriteNumber("nodes", report.Nodes);
            Counts(json, "ops", report.Ops);
            json.WriteStrings("unknown_ops", report.UnknownOps);
            json.WriteNumber("parameters", report.Parameters);
            json.WriteNumber("weight_bytes", report.WeightBytes);
            if (report.Macs is { } macs)
                json.WriteNumber("macs", macs);
            else
                json.WriteNull("macs");
            Counts(json, "devices", report.Devices);
            json.WriteStrings("functions", report.Functions);
            json.WriteNumber("variables", report.Variables);
            json.WriteStrings("assets", report.Assets);
            json.WriteStrings("tables", report.Tables);
            json.WriteEndObject();
        });
    }

    private static void Tensors(Utf8JsonWriter json, string name, IReadOnlyList<SignatureTensor> tensors)
    {
        json.WriteStartArray(name);
        foreach (SignatureTensor tensor in tensors)
        {
            json.WriteStartObject();
            json.WriteString("name", tensor.Name);
            json.WriteString("tensor", tensor.Tensor);
            json.WriteString("dtype", tensor.DType.Deref().Name());
            json.WriteShape(tensor.Shape);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Counts(Utf8JsonWriter json, string name, IReadOnlyList<NameCount> counts)
    {
        json.WriteStartObject(name);
        foreach ((string key, int count) in counts)
            json.WriteNumber(key, count);
        json.WriteEndObject();
    }
}
