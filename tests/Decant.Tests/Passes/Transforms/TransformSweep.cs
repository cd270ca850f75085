using System.Numerics;
using Decant.Passes;
using Decant.TestKit;

namespace Decant.Tests.Passes.Transforms;

/// <summary>Runs lists of transforms over one model.</summary>
internal static class TransformSweep
{
    /// <summary>No arithmetic changes, but a kernel may be chosen that sums in another order.</summary>
    private static readonly Tolerance Rounding = new(2e-6, IsRelativeToAll: false);

    /// <summary>Each weight is rounded once more.</summary>
    private static readonly Tolerance Folding = new(1e-4, IsRelativeToAll: false);

    /// <summary>Weights of 8 bits. The worst are the onsets of basic-pitch, with 0.11.</summary>
    private static readonly Tolerance QuantizedWeights = new(0.15, IsRelativeToAll: true);

    /// <summary>
    /// All constants rounded to 256 values, moments and tables of logarithms among them, and zeros not kept. The worst are the onsets of
    /// basic-pitch, with 0.40.
    /// </summary>
    private static readonly Tolerance RoundedWeights = new(0.5, IsRelativeToAll: true);

    /// <summary>
    /// All values of 8 bits, in ranges that are found in each run. The worst are mlnet-mnist-conv, whose dropout takes the floor of a quantized
    /// sum, with 0.24, and fsanet, with 0.22.
    /// </summary>
    private static readonly Tolerance QuantizedNodes = new(0.3, IsRelativeToAll: true);

    private static readonly (string Transforms, Tolerance Tolerance)[] Lists =
    [
        ("add_default_attributes", Rounding),
        ("backport_concatv2", Rounding),
        ("backport_tensor_array_v3", Rounding),
        ("flatten_atrous_conv", Folding),
        ("fold_batch_norms", Folding),
        ("fold_batch_norms_algebraic", Folding),
        ("fold_constants", Rounding),
        ("fold_old_batch_norms", Folding),
        ("fold_subdivmul_batch_norms", Folding),
        ("fuse_pad_and_conv", Folding),
        ("fuse_quantized_conv_and_requantize", Folding),
        ("fuse_resize_and_conv", Folding),
        ("fuse_resize_pad_and_conv", Folding),
        ("inline_partitionedcall", Rounding),
        ("insert_logging(first_n=0)", Rounding),
        ("merge_duplicate_nodes", Rounding),
        ("obfuscate_names", Rounding),
        ("remove_attribute(attribute_name=_output_shapes)", Rounding),
        ("remove_control_dependencies", Rounding),
        ("remove_device", Rounding),
        ("remove_ema", Rounding),
        ("remove_nodes(op=Identity, op=CheckNumerics)", Rounding),
        ("set_device(device=\"/cpu:0\")", Rounding),
        ("sort_by_execution_order", Rounding),
        ("sparsify_gather", Folding),
        ("strip_unused_nodes", Rounding),
        ("strip_unused_nodes remove_nodes(op=Identity, op=CheckNumerics) fold_constants(ignore_errors=true) fold_batch_norms fold_old_batch_norms", Folding),
        ("strip_unused_nodes fold_constants(ignore_errors=true) fold_batch_norms fold_old_batch_norms", Folding),
        ("quantize_weights", QuantizedWeights),
        ("round_weights", RoundedWeights),
        ("quantize_nodes", QuantizedNodes),
        ("add_default_attributes strip_unused_nodes remove_nodes(op=Identity, op=CheckNumerics) fold_constants(ignore_errors=true) fold_batch_norms fold_old_batch_norms quantize_weights quantize_nodes strip_unused_nodes sort_by_execution_order", QuantizedNodes),
    ];

    public static List<string> Run(Model model, Dictionary<string, Tensor> feeds, string[] outputs, bool hasNoRange)
    {
        string[] inputs = [.. feeds.Keys];
        using var session = new Session(model, new SessionOptions { Seed = 5 });
        IReadOnlyDictionary<string, Tensor> wanted = session.Run(feeds, outputs);
        bool isSound = Verifier.Find(model).Count == 0;
        var faults = new List<string>();
        foreach ((string transforms, Tolerance tolerance) in Lists.Where(l => !(hasNoRange && l.Tolerance == QuantizedNodes)))
        {
            TransformResult result = model.Transform(transforms, inputs, outputs);
            if (result.Report.Edits.Count == 0)
                continue;
            if (isSound)
                Verifier.Check(result.Model);
            using var transformed = new Session(result.Model, new SessionOptions { Seed = 5 });
            IReadOnlyDictionary<string, Tensor> found;
            try
            {
                found = transformed.Run(feeds, outputs);
            }
            catch (ModelException e)
            {
                faults.Add($"{transforms}: {e.Message}");
                continue;
            }

            foreach (string output in outputs)
            {
                if (tolerance.Difference(found[output], wanted[output]) is { } difference)
                    faults.Add($"{transforms}: {output}: {difference}");
            }
        }

        return faults;
    }

    /// <summary>What an output may differ by.</summary>
    /// <param name="Value">The largest difference.</param>
    /// <param name="IsRelativeToAll">
    /// Whether it is the root mean square of all differences relative to that of all values, and only of outputs that are
    /// floating point; else that of each element, relative or absolute.
    /// </param>
    private sealed record Tolerance(double Value, bool IsRelativeToAll)
    {
        public string? Difference(Tensor found, Tensor wanted)
        {
            if (!IsRelativeToAll)
                return TensorComparison.Difference(found, wanted, Value, Value);
            if (!wanted.DType.IsFloating())
                return null;
            double error = 0;
            double size = 1e-12;
            foreach ((Complex a, Complex b) in TensorComparison.Numbers(found).Zip(TensorComparison.Numbers(wanted)).Where(p => double.IsFinite(p.Second.Real)))
            {
                error += (a.Real - b.Real) * (a.Real - b.Real);
                size += b.Real * b.Real;
            }

            double relative = Math.Sqrt(error / size);
            return relative <= Value ? null : $"relative error {relative}";
        }
    }
}
