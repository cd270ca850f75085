using System.Text.Json;
using Decant.Formats.GraphDef;
using Decant.IR;
using Decant.Ops;
using Decant.Wire.Protobuf.Json;
using F = Decant.Formats.TFJS.ModelFields;

namespace Decant.Formats.TFJS;

/// <summary>Writes a frozen graph as <c>model.json</c> and shards: the same bytes for the same model, and a folder as a whole.</summary>
public static class TFJSWriter
{
    internal const string ConvertedBy = "Decant";

    /// <summary>Writes a model into a folder.</summary>
    /// <param name="model">The model; its variables must be frozen.</param>
    /// <param name="path">The folder, whose model is replaced; files that are no part of one stay.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ModelException">TensorFlow.js lacks ops of it (all are named) or a constant's type, or it cannot be written.</exception>
    public static void Write(Model model, string path, TFJSWriteOptions options)
    {
        if (options.CheckOps && TfjsOps.Names(TfjsOps.Missing(model.Functions.Values.Prepend(model.Graph).SelectMany(g => g.Nodes))) is { Length: > 0 } missing)
        {
            throw FormatErrors.OpsNotSupported.At(
                new Location(model.Path.Length > 0 ? model.Path : null), $"TensorFlow.js does not have the ops {string.Join(", ", missing)}",
                model.TFLite is null ? "freeze and convert the model: decant convert MODEL --to tfjs" : "convert the TensorFlow model that it was made of");
        }

        SignatureView view = SignatureView.Of(model);
        SignatureTensor[] inputs = [.. view.Inputs.Select(WithPort)], outputs = [.. view.Outputs.Select(WithPort)];
        var weightless = new WeightlessModel(model);
        var rules = new QuantizationRules(options.Quantize);
        WrittenWeight[] weights = [.. weightless.Constants.Select(c => WeightEncoding.Of(c.Constant, c.Name, rules.For(c.Name)))];
        (Graph Graph, IReadOnlyList<(Node Placeholder, Node Handle)> Tables)? before = Initializer.Split(weightless.Model.Graph, inputs.Concat(outputs).Select(t => t.Tensor.Split(':')[0]).ToHashSet());
        (SignatureTensor Taken, SignatureTensor Given)[] tables = [.. (before?.Tables ?? []).Select(t => (Handle(t.Placeholder), Handle(t.Handle)))];
        WeightFolder.Write(path, [new WrittenGroup(weights)], options, model.TFJS, json =>
        {
            json.WriteString(F.Format, F.GraphModel);
            json.WriteString(F.GeneratedBy, model.TFJS?.GeneratedBy ?? (model.TensorFlow.TensorFlowVersion is { Length: > 0 } version ? version : ConvertedBy));
            json.WriteString(F.ConvertedBy, ConvertedBy);
            json.WritePropertyName(F.Signature);
            SignatureJson.Write(json, [.. inputs, .. tables.Select(t => t.Taken)], outputs, Numbers(tables.Select(t => t.Taken)));
            json.WritePropertyName(F.Topology);
            WriteGraph(weightless.Model, json);
        }, json =>
        {
            if (before is not { Graph: var initializer })
                return;
            json.WritePropertyName(F.Initializer);
            WriteGraph(new Model { Graph = initializer, TensorFlow = weightless.Model.TensorFlow }, json);
            json.WritePropertyName(F.InitializerSignature);
            SignatureJson.Write(json, [], tables.Select(t => t.Given), Numbers(tables.Select(t => t.Given)));
        });
    }

    private static void WriteGraph(Model model, Utf8JsonWriter json) =>
        ProtoJsonWriter.Write(TensorFlowSchema.Message("GraphDef"), TextForm.Encode(s => GraphDefFormat.WriteBinary(model, s)), json);

    private static SignatureTensor Handle(Node node) => new($"{node.Name}:0", $"{node.Name}:0", DType.Resource, Shape.Scalar);

    private static Dictionary<string, long> Numbers(IEnumerable<SignatureTensor> tables) => tables.Index().ToDictionary(t => t.Item.Name, t => (long)t.Index, StringComparer.Ordinal);

    private static SignatureTensor WithPort(SignatureTensor tensor) => tensor.Tensor.Contains(':') ? tensor : tensor with { Tensor = tensor.Tensor + ":0" };
}
