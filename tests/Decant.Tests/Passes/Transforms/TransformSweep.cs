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

    /// <summary>The guide's pipeline for deployment.</summary>
    private const string Deploy = "strip_unused_nodes fold_constants(ignore_errors=true) fold_batch_norms fold_old_batch_norms";

    private const string Log = "insert_logging(op=RequantizationRange, show_name=true, message=\"__requant_min_max:\")";

    /// <summary>Whether the sweep leaves nothing out to save time.</summary>
    public static bool IsWhole { get; } = Environment.GetEnvironmentVariable("DECANT_SWEEP") == "all";

    /// <summary>Every transform of the original alone, those that need a log excepted, and the guide's pipelines.</summary>
    public static IReadOnlyList<Row> Rows { get; } =
    [
        new("add_default_attributes", Rounding),
        new("backport_concatv2", Rounding),
        new("backport_tensor_array_v3", Rounding),
        new("fake_quantize_training", QuantizedNodes),
        new("flatten_atrous_conv", Folding),
        new("fold_batch_norms", Folding),
        new("fold_batch_norms_algebraic", Folding),
        new("fold_constants", Rounding),
        new("fold_moments", Rounding),
        new("fold_old_batch_norms", Folding),
        new("fold_subdivmul_batch_norms", Folding),
        new("fuse_convolutions", Folding),
        new("fuse_pad_and_conv", Folding),
        new("fuse_quantized_conv_and_requantize", Folding),
        new("fuse_resize_and_conv", Folding),
        new("fuse_resize_pad_and_conv", Folding),
        new("inline_partitionedcall", Rounding),
        new("insert_logging(first_n=0)", Rounding, Repeats: false),
        new("merge_duplicate_nodes", Rounding),
        new("obfuscate_names", Rounding),
        new("obsfucate_names", Rounding),
        new("quantize_nodes", QuantizedNodes, Repeats: false),
        new("quantize_weights", QuantizedWeights),
        new("remove_attribute(attribute_name=_output_shapes)", Rounding),
        new("remove_control_dependencies", Rounding),
        new("remove_device", Rounding),
        new("remove_ema", Rounding),
        new("remove_nodes(op=Identity, op=CheckNumerics)", Rounding),
        new("rename_attribute(old_attribute_name=_output_shapes, new_attribute_name=_shapes)", Rounding),
        new("rename_node(old_node_name=\"{0}\", new_node_name=renamed)", Rounding, Repeats: false),
        new("rename_op(old_op_name=Identity, new_op_name=StopGradient)", Rounding),
        new("round_weights", RoundedWeights, Repeats: false),
        new("set_device(device=\"/cpu:0\")", Rounding),
        new("sort_by_execution_order", Rounding, Repeats: false),
        new("sparsify_gather", Folding),
        new("strip_unused_nodes", Rounding),
        new(Deploy, Folding),
        new("strip_unused_nodes remove_nodes(op=Identity, op=CheckNumerics) fold_constants(ignore_errors=true) fold_batch_norms fold_old_batch_norms", Folding),
        new($"{Deploy} quantize_weights", QuantizedWeights, Repeats: false),
        new($"{Deploy} round_weights", RoundedWeights, Repeats: false),
        new($"add_default_attributes {Deploy} quantize_weights quantize_nodes strip_unused_nodes sort_by_execution_order", QuantizedNodes, Repeats: false),
    ];

    public static List<string> Run(Model model, Dictionary<string, Tensor> feeds, string[] outputs, IEnumerable<Row> rows, bool hasNoRange)
    {
        string[] inputs = [.. feeds.Keys];
        using var session = new Session(model, new SessionOptions { Seed = 5 });
        IReadOnlyDictionary<string, Tensor> wanted = session.Run(feeds, outputs);
        bool isSound = Verifier.Find(model).Count == 0;
        var faults = new List<string>();
        HashSet<string> signature = [.. model.Signatures.SelectMany(s => s.Inputs.Concat(s.Outputs)).Select(t => t.Tensor).Concat(inputs).Concat(outputs).Select(t => t.Split(':')[0])];
        string? inner = model.Graph.Nodes.Select(n => n.Name).FirstOrDefault(n => !signature.Contains(n));
        foreach (Row row in rows.Where(r => !(hasNoRange && r.Tolerance == QuantizedNodes)))
        {
            if (row.Transforms.Contains("{0}", StringComparison.Ordinal) && inner is null)
                continue;
            string transforms = row.Transforms.Replace("{0}", inner, StringComparison.Ordinal);
            try
            {
                TransformResult result = model.Transform(transforms, inputs, outputs);
                if (result.Report.Edits.Count == 0)
                    continue;
                if (isSound)
                    Verifier.Check(result.Model);
                if (row.Repeats && result.Model.Transform(transforms, inputs, outputs).Report.Edits is { Count: > 0 } more)
                    faults.Add($"{transforms}: edits again: {string.Join(", ", more)}");
                using var transformed = new Session(result.Model, new SessionOptions { Seed = 5 });
                faults.AddRange(Differences(transforms, transformed.Run(feeds, outputs), wanted, row.Tolerance));
                if (transforms == "quantize_nodes" && FrozenRanges(result.Model, feeds, inputs, outputs) is { } found)
                    faults.AddRange(Differences("freeze_requantization_ranges", found, wanted, row.Tolerance));
            }
            catch (ModelException e)
            {
                faults.Add($"{transforms}: {e.Message}");
            }
        }

        return faults;
    }

    /// <summary>Logs the ranges of one run, freezes them and runs without computing them. Null when none are logged, as those of branches that are not taken.</summary>
    private static IReadOnlyDictionary<string, Tensor>? FrozenRanges(Model model, Dictionary<string, Tensor> feeds, string[] inputs, string[] outputs)
    {
        using var log = new StringWriter();
        using (var logging = new Session(model.Transform(Log, inputs, outputs).Model, new SessionOptions { Seed = 5, Log = log }))
            logging.Run(feeds, outputs);
        if (log.ToString() is not { Length: > 0 } logged)
            return null;
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, logged);
            Model frozen = model.Transform($"freeze_requantization_ranges(min_max_log_file=\"{file.Replace('\\', '/')}\", min_percentile=0, max_percentile=0) strip_unused_nodes", inputs, outputs).Model;
            Assert.DoesNotContain(frozen.Graph.Nodes, n => n.Op == "RequantizationRange" && logged.Contains($";{n.Name}__print__;", StringComparison.Ordinal));
            using var session = new Session(frozen, new SessionOptions { Seed = 5 });
            return session.Run(feeds, outputs);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static IEnumerable<string> Differences(string transforms, IReadOnlyDictionary<string, Tensor> found, IReadOnlyDictionary<string, Tensor> wanted, Tolerance tolerance)
    {
        foreach ((string output, Tensor value) in wanted)
        {
            if (tolerance.Difference(found[output], value) is { } difference)
                yield return $"{transforms}: {output}: {difference}";
        }
    }

    /// <summary>A list of transforms to run over every model.</summary>
    /// <param name="Transforms">The list; <c>{0}</c> stands for a node that is no input and no output.</param>
    /// <param name="Tolerance">What outputs may differ by.</param>
    /// <param name="Repeats">Whether there is nothing left to do when it runs over its own result, as with the original.</param>
    public sealed record Row(string Transforms, Tolerance Tolerance, bool Repeats = true)
    {
        /// <summary>Whether all weights are rewritten or quantized in each run.</summary>
        public bool IsRounding => Tolerance.IsRelativeToAll;
    }

    /// <summary>What an output may differ by.</summary>
    /// <param name="Value">The largest difference.</param>
    /// <param name="IsRelativeToAll">
    /// Whether it is the root mean square of all differences relative to that of all values, and only of outputs that are
    /// floating point; else that of each element, relative or absolute.
    /// </param>
    public sealed record Tolerance(double Value, bool IsRelativeToAll)
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
