using Decant.IR;
using Decant.Passes;
using Decant.Passes.Freeze;
using Decant.Passes.Transforms;
using Decant.TestKit;
using Decant.Tests.Models;

namespace Decant.Tests.Passes.Transforms;

/// <summary>Other people's models: every transform, alone and in the guide's pipelines, leaves the outputs within its tolerance, and has nothing left to do afterwards.</summary>
public sealed class TransformSweepTests
{
    /// <summary>Rewriting more takes seconds each time: rcnn-untrained's embedding of 563,354 words, whose rounding is left to <c>DECANT_SWEEP=all</c>.</summary>
    private const long ManyWeights = 1 << 26;

    private static readonly Dictionary<string, ModelCase> Cases = GraphCases.All.Concat(SavedModelCases.All).Select((c, i) => ($"{i} {c.Name}", c)).ToDictionary();

    public static TheoryData<string> Names => [.. Cases.Keys];

    [SharedTheory]
    [MemberData(nameof(Names))]
    public void A_transform_leaves_outputs_as_they_are(string name)
    {
        ModelCase it = Cases[name];
        using Model model = it.Load();
        Dictionary<string, Tensor> feeds = it.Feeds(model);
        string[] inputs = [.. feeds.Keys];
        string[] outputs = it.Fetches(model);
        var options = new FreezeOptions { Signature = it.Signature, Inputs = inputs, Outputs = outputs };
        using Model frozen = it.Initializers.Length > 0 ? Initialized(model, it, options) : model.Freeze(options);
        bool isHuge = frozen.Graph.Nodes.Sum(n => n.Attributes["value"] is TensorAttr { DType: DType.Float32 } value ? value.Shape.ElementCount : 0) > ManyWeights;
        List<string> faults = TransformSweep.Run(frozen, feeds, outputs, TransformSweep.Rows.Where(r => !r.IsRounding || !isHuge || TransformSweep.IsWhole), SmallGraphSweepTests.HasNoRange(it.Path));
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    /// <summary>Every name of the original's lists, of all its versions.</summary>
    [Theory]
    [InlineData("add_default_attributes backport_concatv2 backport_tensor_array_v3 fake_quantize_training flatten_atrous_conv fold_batch_norms")]
    [InlineData("fold_batch_norms_algebraic fold_constants fold_moments fold_old_batch_norms fold_subdivmul_batch_norms")]
    [InlineData("fuse_pad_and_conv fuse_quantized_conv_and_requantize fuse_resize_and_conv fuse_resize_pad_and_conv inline_partitionedcall insert_logging")]
    [InlineData("merge_duplicate_nodes obfuscate_names obsfucate_names quantize_nodes quantize_weights remove_attribute remove_control_dependencies")]
    [InlineData("remove_device remove_ema remove_nodes rename_attribute rename_node rename_op round_weights set_device sort_by_execution_order sparsify_gather strip_unused_nodes")]
    public void Every_transform_of_the_original_is_swept_alone(string names) =>
        Assert.Empty(names.Split(' ').Except(TransformSweep.Rows.Select(r => TransformList.Parse(r.Transforms)).Where(p => p.Count == 1).Select(p => p[0].Name)));

    /// <summary>A graph without a checkpoint, frozen with what its initializers give its variables.</summary>
    private static Model Initialized(Model model, ModelCase it, FreezeOptions options)
    {
        using var session = new Session(model, new SessionOptions { Seed = 5 });
        session.Run(new Dictionary<string, Tensor>(), it.Initializers is ["*"] ? [.. model.Graph.Nodes.Where(n => n.Op.Name is "Variable" or "VariableV2" or "VarHandleOp").Select(n => $"{n.Name}/Assign")] : it.Initializers);
        Model needed = ExtractSubgraph.Run(model, [.. options.Inputs!.Select(model.Graph.Tensor)], [.. options.Outputs!.Select(model.Graph.Tensor)]);
        static string Read(Node variable) => variable.Op == "VarHandleOp" ? $"{variable.Name}/Read/ReadVariableOp" : variable.Name;
        IReadOnlyDictionary<string, Tensor> values = session.Run(new Dictionary<string, Tensor>(), [.. needed.Graph.Nodes.Where(n => n.Op.Name is "Variable" or "VariableV2" or "VarHandleOp").Select(Read)]);
        return Freezer.Freeze(model, options, node => values[Read(node)]);
    }
}
