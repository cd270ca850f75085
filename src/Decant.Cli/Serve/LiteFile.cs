using Decant.Comparison;
using Decant.IR;

namespace Decant.Cli.Serve;

/// <summary>
/// A TensorFlow Lite file for LiteRT in browsers, which makes room for an output by the shape that the file declares: a kernel that gives
/// more writes over other memory. Files of detectors declare nothing of their outputs.
/// </summary>
internal static class LiteFile
{
    private const int Seed = 0;

    /// <summary>Writes a copy that declares the shapes of outputs as a run of the model finds them; none when the file leaves none open, or the model cannot be run.</summary>
    public static void DeclareOutputs(Model model, string? signature, IReadOnlyList<SignatureTensor> inputs, IReadOnlyList<SignatureTensor> outputs, string target)
    {
        var view = SignatureView.Of(model, signature);
        SignatureTensor[] open = [.. outputs.Where(o => IsOpen(view.Resolve(o.Name, isInput: false)))];
        if (open.Length == 0 || ProbeAnswer.Find(model, view.Graph, inputs, open, new Dictionary<string, Tensor>(), Seed, out _) is not { } answer)
            return;
        using Model copy = Model.Load(model.Path);
        var copied = SignatureView.Of(copy, signature);
        foreach (SignatureTensor output in open)
        {
            Value value = copied.Resolve(output.Name, isInput: false);
            TensorSpec[] specs = [.. value.Node.Tensors];
            specs[value.Port] = specs[value.Port] with { Shape = answer.Outputs[output.Name].Shape, Signature = Shape.Unknown, HasRank = true };
            value.Node.Tensors = specs;
        }

        copy.Save(target, "tflite");
    }

    private static bool IsOpen(Value output) =>
        output.Port < output.Node.Tensors.Count && output.Node.Tensors[output.Port] is var spec && (spec.MayHaveAnyRank || spec.Signature is { HasRank: true, IsFullyKnown: false });
}
