using Decant.IR;
using Decant.Lowering.Raising;
using Decant.Passes;
using Decant.Passes.Freeze;

namespace Decant.Lowering;

/// <summary>Converts models to one frozen graph of TensorFlow's ops.</summary>
internal static class GraphConverter
{
    public static ConvertResult Run(Model model, FreezeOptions options)
    {
        Model source = model.TFLite is null ? model : TFLiteRaiser.Run(model, options.Signature);
        // What is known of a tensor where the graph is cut becomes the shape of a placeholder.
        if (options.Inputs is not null)
            InferFacts.Run(source);
        Model frozen = source.Freeze(options);
        InferFacts.Run(frozen);
        var view = SignatureView.Of(source, options.Signature);
        SignatureTensor[] Described(IEnumerable<string> names, bool isInput) =>
            [.. names.Distinct().Select(n => view.Describe(n, isInput, frozen.Graph)).Where(t => frozen.Graph.TryGet(t.Tensor.Split(':')[0], out _))];
        var made = new ConvertedSignature(
            view.Key, source, Described(options.Inputs ?? view.Inputs.Select(i => i.Name), true), Described(options.Outputs ?? view.Outputs.Select(o => o.Name), false), HasLostTraining: false);
        return new ConvertResult(frozen, [TFLiteRaiser.Original(model, options.Signature, made) ?? made]) { ResetStates = TFLiteRaiser.States(model) };
    }
}
