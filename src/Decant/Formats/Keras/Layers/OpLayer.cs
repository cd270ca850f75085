using System.Globalization;
using System.Text.Json;
using Decant.Formats.GraphDef;
using Decant.IR;
using Decant.Ops;
using Decant.Ops.Catalogue;
using Decant.Wire.Protobuf;
using Decant.Wire.Protobuf.Json;

namespace Decant.Formats.Keras.Layers;

/// <summary>
/// The layer that Keras of TensorFlow 2.0 to 2.3 made of an op between layers: the description has the whole NodeDef as JSON, and the
/// inputs that are constants by their numbers.
/// </summary>
internal static class OpLayer
{
    public const string Class = "TensorFlowOpLayer";

    private const string NodeDef = "node_def";

    /// <exception cref="ModelException">The op is not described, not known, changes something outside, or has other inputs.</exception>
    public static IReadOnlyList<Value> Call(LayerCall call)
    {
        Node described = Describe(call.Config);
        if (OpCatalogue.Find(described.Op.Name) is not { IsStateful: false } op || op.Outputs.Count == 0)
            throw KerasErrors.BadConfig.At(call.Config.Location(NodeDef), $"the op is {described.Op.Name}, expected one of TensorFlow's that has outputs and no state", "export the model as a SavedModel from Keras, and open that");
        IReadOnlyList<DType> types = op.InputTypes(described.Attributes);
        var inputs = new Value[types.Count];
        int next = 0;
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = Constant(call, i, types[i]) is { IsPresent: true } constant ? constant
                : next < call.Inputs.Count ? call.Inputs[next++] : throw Count(call, described, types.Count);
        if (next != call.Inputs.Count)
            throw Count(call, described, types.Count);
        Node node = call.Op(described.Op.Name, inputs, described.Attributes).Node;
        return [.. Enumerable.Range(0, op.OutputTypes(described.Attributes).Count).Select(port => new Value(node, port))];
    }

    private static ModelException Count(LayerCall call, Node described, int expected) =>
        KerasErrors.BadConfig.At(call.Config.Location(), $"{described.Op.Name} is called with {call.Inputs.Count} values beside its constants, expected {expected} inputs in all");

    /// <summary>An input that the description gives; absent for others.</summary>
    private static Value Constant(LayerCall call, int index, DType dtype)
    {
        if (call.Config.Find("constants") is not { ValueKind: JsonValueKind.Object } constants || !constants.TryGetProperty(index.ToString(CultureInfo.InvariantCulture), out JsonElement value))
            return default;
        return (JsonNumbers.Read(value) ?? throw call.Config.Bad("constants", "numbers, or rows of them that have the same length")).Add(call, dtype);
    }

    /// <summary>The op with its attributes. Names of inputs are those of another graph.</summary>
    private static Node Describe(LayerConfig layer)
    {
        if (layer.Find(NodeDef) is not { ValueKind: JsonValueKind.Object } described)
            throw layer.Bad(NodeDef, "a NodeDef as an object");
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("node");
            writer.WriteStartObject();
            foreach (JsonProperty field in described.EnumerateObject().Where(f => f.Name != "input"))
                field.WriteTo(writer);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        byte[] binary = ProtoJsonReader.Read(TensorFlowSchema.Message("GraphDef"), new BufferSlice(json.ToArray(), layer.File), new List<string>());
        var graph = new Model();
        GraphDefReader.Read(new ProtoReader(new BufferSlice(binary, layer.File)), graph);
        return graph.Graph.Nodes.Single();
    }
}
