using System.Text.Json;
using Decant.Formats.GraphDef;
using Decant.Formats.MetaGraph;
using Decant.IR;
using Decant.Ops;
using Decant.Wire.Protobuf;
using Decant.Wire.Protobuf.Json;
using F = Decant.Formats.TFJS.ModelFields;

namespace Decant.Formats.TFJS;

/// <summary>Writes a frozen graph as <c>model.json</c> and shards: the same bytes for the same model, and a folder as a whole.</summary>
public static class TFJSWriter
{
    internal const string ConvertedBy = "Decant";

    /// <summary>Writes a model into a folder.</summary>
    /// <param name="model">The model; its variables must be frozen.</param>
    /// <param name="path">The folder, which is replaced.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ModelException">TensorFlow.js lacks ops of it (all are named) or a constant's type, or it cannot be written.</exception>
    public static void Write(Model model, string path, TFJSWriteOptions options)
    {
        if (options.CheckOps && TfjsOps.Missing(model.Functions.Values.Prepend(model.Graph).SelectMany(g => g.Nodes)) is { Length: > 0 } missing)
        {
            throw FormatErrors.OpsNotSupported.At(
                new Location(model.Path.Length > 0 ? model.Path : null), $"TensorFlow.js does not have the ops {string.Join(", ", missing)}",
                model.TFLite is null ? "freeze and convert the model: decant convert MODEL --to tfjs" : "convert the TensorFlow model that it was made of");
        }

        var weightless = new WeightlessModel(model);
        var rules = new QuantizationRules(options.Quantize);
        WrittenWeight[] weights = [.. weightless.Constants.Select(c => WeightEncoding.Of(c.Constant, c.Name, rules.For(c.Name)))];
        WeightFolder.Write(path, [new WrittenGroup(weights)], options, model.TFJS, json =>
        {
            json.WriteString(F.Format, F.GraphModel);
            json.WriteString(F.GeneratedBy, model.TFJS?.GeneratedBy ?? (model.TensorFlow.TensorFlowVersion is { Length: > 0 } version ? version : ConvertedBy));
            json.WriteString(F.ConvertedBy, ConvertedBy);
            json.WritePropertyName(F.Signature);
            WriteSignature(model, json);
            json.WritePropertyName(F.Topology);
            ProtoJsonWriter.Write(TensorFlowSchema.Message("GraphDef"), TextForm.Encode(s => GraphDefFormat.WriteBinary(weightless.Model, s)), json);
        });
    }

    private static void WriteSignature(Model model, Utf8JsonWriter json)
    {
        SignatureView view = SignatureView.Of(model);
        Signature signature = new("", "", [.. view.Inputs.Select(WithPort)], [.. view.Outputs.Select(WithPort)]);
        byte[] entry = ProtoWriter.ToBytes(w => SignatureWriter.WriteEntry(w, 1, signature));
        var reader = new ProtoReader(new BufferSlice(entry));
        reader.Next();
        ProtoReader inner = reader.Message();
        while (inner.Next())
        {
            if (inner.Field == MetaGraphFields.MapEntry.Value)
                ProtoJsonWriter.Write(TensorFlowSchema.Message("SignatureDef"), inner.Bytes(), json);
        }
    }

    private static SignatureTensor WithPort(SignatureTensor tensor) => tensor.Tensor.Contains(':') ? tensor : tensor with { Tensor = tensor.Tensor + ":0" };
}
