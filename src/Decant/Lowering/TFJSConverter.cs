using System.Text.Json;
using Decant.IR;
using Decant.Lowering.Raising;
using Decant.Passes;
using Decant.Passes.Optimize;

namespace Decant.Lowering;

/// <summary>
/// Converts models to graph models of TensorFlow.js: freezes and optimizes the graph, fuses biases and activations into
/// <c>_FusedConv2D</c>, <c>_FusedMatMul</c> and <c>FusedDepthwiseConv2dNative</c>, and takes out checks and prints.
/// </summary>
public static class TFJSConverter
{
    private const string DefaultSignature = "serving_default";

    /// <summary>Converts a model, which stays as it is and owns the files.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">What to convert, and how.</param>
    /// <param name="read">The value of a variable, given its node.</param>
    /// <exception cref="ModelException">A name is unknown, the model cannot be frozen, or TensorFlow.js lacks ops of it; all of those are told.</exception>
    public static ConvertResult Run(Model model, TFJSConvertOptions options, Func<Node, Tensor> read)
    {
        TFJSPreparation prepared = TFJSPreparation.Of(model, options, read);
        if (options.CheckOps && prepared.Lacks.Count > 0)
            throw prepared.Refusal(model.Path);
        (Model work, SignatureView view, OptimizeResult optimized, string[] inputs, string[] outputs) = (prepared.Model, prepared.View, prepared.Optimized, prepared.Inputs, prepared.Outputs);
        // TensorFlow.js reads attributes as they are written, and fails where one is left out because it has its default.
        AddDefaultAttributes.Run(work);
        InferFacts.Run(work);
        Node? Given(string name) => prepared.Placed.TryGetValue(name, out string? place) && work.Graph.TryGet(place, out Node? node) ? node : null;
        SignatureTensor[] given = [.. inputs.Distinct().Where(i => Given(i) is not null).Select(i => view.Describe(i, isInput: true, work.Graph))];
        SignatureTensor[] wanted = [.. outputs.Distinct().Select(o => view.Describe(o, isInput: false, work.Graph))];
        string key = options.Signature ?? (view.Key.Length > 0 ? view.Key : DefaultSignature);
        work.Signatures.Clear();
        work.Signatures.Add(new Signature(key, "", [.. given.Select(g => Placed(g, Given(g.Name)!))], wanted));
        if (options.NamesOutputs)
            NameOutputs(work, wanted);
        ConvertedSignature made = new(key, optimized.Reference, given, wanted, optimized.HasLostTraining);
        return new ConvertResult(work, [TFLiteRaiser.Original(model, options.Signature, made) ?? made]) { ResetStates = TFLiteRaiser.States(model) };
    }

    /// <summary>An input as it is fed: the placeholder that stands for one of several values of a node.</summary>
    private static SignatureTensor Placed(SignatureTensor input, Node node) =>
        input.Tensor.Split(':')[0] == node.Name ? input : new SignatureTensor(input.Name, $"{node.Name}:0", node.Fact(0).DType, node.Fact(0).Shape);

    /// <summary>Makes the names by which TensorFlow.js gives a table of outputs, in their order, the metadata of the author.</summary>
    private static void NameOutputs(Model model, SignatureTensor[] outputs)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartArray("structuredOutputKeys");
            foreach (SignatureTensor output in outputs)
                json.WriteStringValue(output.Name);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        model.TFJS ??= new TFJSParts();
        model.TFJS.UserDefinedMetadata = new BufferSlice(bytes.ToArray());
    }
}
