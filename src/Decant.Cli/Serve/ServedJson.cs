using System.Text.Json;
using Decant.Inspection;
using Decant.IR;

namespace Decant.Cli.Serve;

/// <summary>What the page asks the server for, as JSON.</summary>
internal static class ServedJson
{
    private static readonly string[] TensorFlowJS = ["wasm", "webgl", "cpu"], Lite = ["litert"];

    /// <summary>The model in a few figures, its inputs, and where browsers load it from.</summary>
    public static byte[] Model(ServedModel model) => Write(json =>
    {
        ModelReport report = model.Report;
        json.WriteString("name", Path.GetFileName(Path.TrimEndingDirectorySeparator(report.Path)));
        json.WriteString("format", report.Format);
        json.WriteNumber("fileBytes", report.FileBytes);
        json.WriteNumber("parameters", report.Parameters);
        json.WriteNumber("macs", report.Macs ?? 0);
        json.WriteString("conversion", model.Conversion);
        json.WriteBoolean("ranks", model.Ranks);
        json.WriteString("url", model.Url);
        json.WriteStrings("backends", model.IsLite ? Lite : TensorFlowJS);
        json.WriteStartArray("inputs");
        foreach (SignatureTensor input in model.Inputs)
        {
            json.WriteStartObject();
            json.WriteString("name", input.Name);
            TypeAndShape(json, input.DType, input.Shape);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (model.Problem is { } problem)
            json.WriteString("problem", problem.Diagnostics[0].ToString());
    });

    /// <summary>The nodes of the main graph and of functions.</summary>
    public static byte[] Graphs(ServedModel model) => Write(json =>
    {
        json.WriteStartArray("functions");
        foreach ((string name, IReadOnlyList<NodeReport> nodes) in model.Functions)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteStartArray("nodes");
            foreach (NodeReport node in nodes)
                Node(json, node);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>Why something cannot be given.</summary>
    public static byte[] Fault(ModelException fault) => Write(json => json.WriteString("error", fault.Diagnostics[0].ToString()));

    private static void Node(Utf8JsonWriter json, NodeReport node)
    {
        json.WriteStartObject();
        json.WriteString("name", node.Name);
        json.WriteString("op", node.Op.ToString());
        json.WriteStartArray("inputs");
        foreach (int input in node.Inputs)
            json.WriteNumberValue(input);
        json.WriteEndArray();
        json.WriteStartArray("outputs");
        foreach (Fact output in node.Outputs)
        {
            json.WriteStartObject();
            TypeAndShape(json, output.DType, output.Shape);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("weights");
        foreach (WeightReport weight in node.Weights)
        {
            json.WriteStartObject();
            json.WriteString("name", weight.Name);
            TypeAndShape(json, weight.DType, weight.Shape);
            json.WriteNumber("bytes", weight.Bytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("weightBytes", node.WeightBytes);
        json.WriteNumber("macs", node.Macs);
        json.WriteEndObject();
    }

    private static void TypeAndShape(Utf8JsonWriter json, DType dtype, Shape shape)
    {
        json.WriteString("dtype", dtype == DType.Invalid ? "?" : dtype.Name());
        json.WriteShape(shape);
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return memory.ToArray();
    }
}
