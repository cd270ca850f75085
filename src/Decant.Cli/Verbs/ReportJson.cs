using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Decant.Inspection;
using Decant.IR;

namespace Decant.Cli.Verbs;

/// <summary>A report as JSON; the member names are part of the command line's contract.</summary>
internal static class ReportJson
{
    public static void Write(ModelReport report, TextWriter output)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("format", report.Format);
            json.WriteString("path", report.Path);
            json.WriteNumber("file_bytes", report.FileBytes);
            json.WriteNumber("producer", report.Producer);
            Names(json, "tags", report.Tags);
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
            Names(json, "unknown_ops", report.UnknownOps);
            json.WriteNumber("parameters", report.Parameters);
            json.WriteNumber("weight_bytes", report.WeightBytes);
            if (report.Macs is { } macs)
                json.WriteNumber("macs", macs);
            else
                json.WriteNull("macs");
            Counts(json, "devices", report.Devices);
            Names(json, "functions", report.Functions);
            json.WriteNumber("variables", report.Variables);
            Names(json, "assets", report.Assets);
            Names(json, "tables", report.Tables);
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(memory.GetBuffer().AsSpan(0, (int)memory.Length)));
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
            if (tensor.Shape.HasRank)
            {
                json.WriteStartArray("shape");
                foreach (long dim in tensor.Shape.Dims)
                {
                    if (dim < 0)
                        json.WriteNullValue();
                    else
                        json.WriteNumberValue(dim);
                }

                json.WriteEndArray();
            }
            else
            {
                json.WriteNull("shape");
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Names(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
            json.WriteStringValue(value);
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
