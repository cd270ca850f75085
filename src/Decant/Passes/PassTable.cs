using Decant.Passes.Compress;
using Decant.Passes.Optimize;
using Decant.Passes.Transforms;

namespace Decant.Passes;

/// <summary>A pass by its name.</summary>
/// <param name="Name">The name: the Graph Transform Tool's where it has one.</param>
/// <param name="Summary">One line for lists of passes.</param>
/// <param name="Make">Makes the pass from its parameters.</param>
public sealed record PassEntry(string Name, string Summary, Func<PassParameters, Pass> Make)
{
    /// <summary>The parameters that it takes.</summary>
    public IReadOnlyList<PassParameter> Parameters { get; init; } = [];

    /// <summary>How it is written in a list of transforms, with every parameter that must be given.</summary>
    public string Example { get; init; } = Name;
}

/// <summary>All passes by name, sorted.</summary>
public static class PassTable
{
    /// <summary>The entries.</summary>
    public static IReadOnlyList<PassEntry> All { get; } =
    [
        new("add_default_attributes", "Gives nodes the attributes that they lack and that have defaults", _ => new AddDefaultAttributesPass()),
        BackportConcatV2.Entry,
        BackportTensorArrayV3.Entry,
        new("common_subexpressions", "Makes one node of those that compute the same from the same, constants included", _ => new CommonSubexpressions()),
        new("constant_folding", "Runs nodes whose inputs are constant and puts their results in their places", ConstantFolding.Of)
        {
            Parameters =
            [
                new("exclude_op", "an op whose nodes stay") { Repeats = true }, new("exclude_node", "a node that stays, by name") { Repeats = true },
                new("max_bytes", "the most bytes by which one node may make the model larger", "102400"),
            ],
        },
        new("dead_branches", "Replaces If, Case and While of constant predicates by the branch that is taken", _ => new DeadBranches()),
        new("dead_switches", "Removes the side of a TF1 Switch that a constant predicate never takes", _ => new DeadSwitches()),
        new("drop_dropout", "Removes dropout, which is for training", _ => new DropDropout()),
        FakeQuantizeTraining.Entry,
        FlattenAtrousConv.Entry,
        FoldBatchNorms.Entry,
        FoldBatchNormsAlgebraic.Entry,
        FoldConstants.Entry,
        new("fold_input_scales", "Folds multiplications, additions and normalizations in front of convolutions and matrix products into their weights", _ => new FoldInputScales()),
        FoldMoments.Entry,
        FoldOldBatchNorms.Entry,
        new("fold_output_scales", "Folds multiplications and normalizations behind convolutions and matrix products into their weights and biases", _ => new FoldOutputScales()),
        new("fold_pads", "Makes paddings with 0 part of the convolutions behind them", _ => new FoldPads()),
        FoldSubDivMulBatchNorms.Entry,
        FreezeRequantizationRanges.Entry,
        new("fuse_contractions", "Makes bias and activation part of _FusedConv2D, _FusedMatMul and FusedDepthwiseConv2dNative", _ => new FuseContractions()),
        FuseConvolutions.AllEntry,
        FuseConvolutions.PadEntry,
        FuseQuantizedConvAndRequantize.Entry,
        FuseConvolutions.ResizeEntry,
        FuseConvolutions.BothEntry,
        InlinePartitionedCall.Entry,
        InsertLogging.Entry,
        new("loop_invariants", "Computes before a While what its body computes from values that the loop does not change", _ => new LoopInvariants()),
        new("materialize_shapes", "Puts constants in the place of shapes, sizes and ranks that are known without running", _ => new MaterializeShapes()),
        MergeDuplicateNodes.Entry,
        new("narrow_indices", "Makes int64 tensors that only serve as sizes, axes and indices int32", _ => new NarrowIndices()),
        ObfuscateNames.Entry,
        ObfuscateNames.OldEntry,
        new("prune", "Removes what no output needs", _ => new Prune()),
        QuantizeNodes.Entry,
        QuantizeWeights.Entry,
        new("reassociate_constants", "Joins constants that are added or multiplied one after the other", _ => new ReassociateConstants()),
        new("reduce_control_dependencies", "Removes control edges that order nothing", _ => new ReduceControlDependencies()),
        RemoveAttribute.Entry,
        RemoveControlDependencies.Entry,
        SetDevice.RemoveEntry,
        RemoveEma.Entry,
        new("remove_identities", "Lets readers of Identity, StopGradient, CheckNumerics, Print read the input, and drops Assert", _ => new RemoveIdentities()),
        RemoveNodes.Entry,
        RenameAttribute.Entry,
        RenameNode.Entry,
        RenameOp.Entry,
        RoundWeights.Entry,
        SetDevice.Entry,
        new("simplify_arithmetic", "Drops operations with 0 and 1, pairs that undo one another, and divisions by square roots", _ => new SimplifyArithmetic()),
        new("simplify_arrays", "Drops slices, tilings, paddings and splits that change nothing, and pairs of Pack and Unpack", _ => new SimplifyArrays()),
        new("simplify_casts", "Joins casts, and drops those to the type that is there", _ => new SimplifyCasts()),
        new("simplify_reshapes", "Joins reshapes, and drops those to the shape that is there", _ => new SimplifyReshapes()),
        new("simplify_transposes", "Joins transpositions, and drops those that move nothing", _ => new SimplifyTransposes()),
        SortByExecutionOrder.Entry,
        SparsifyGather.Entry,
        StripUnusedNodes.Entry,
        new("weights_to_bfloat16", "Stores weights as bfloat16 and casts them back", _ => new BFloat16Pass(new WeightSelection())),
        new("weights_to_clusters", "Stores one byte per weight that tells which of 256 values it is (k-means)", _ => new ClustersPass(ClustersPass.MostClusters, new WeightSelection())),
        new("weights_to_float16", "Stores weights as float16 and casts them back", _ => new Float16Pass(new WeightSelection())),
        new("weights_to_int8", "Stores weights in 8 bits with one range per tensor; rows that are gathered are restored after they are", _ => new Int8Pass(new WeightSelection())),
        new("weights_to_int8_per_channel", "Stores weights in 8 bits with a range per output channel", _ => new Int8ChannelPass(new WeightSelection())),
        new("weights_to_low_rank", "Replaces MatMul by two with thin matrices that keep 90 % of the weights' squared norm", _ => new LowRankPass(0.9, new WeightSelection())),
        new("weights_to_sparse", "Sets the half of each tensor's weights that is of least magnitude to 0", _ => new SparsePass(0.5, together: false, new WeightSelection())),
        new("weights_to_steps", "Rounds weights to 256 steps, as round_weights does, where there are at least 1024 of them", _ => new StepsPass(256, new WeightSelection())),
    ];

    /// <summary>Finds a pass.</summary>
    public static PassEntry? Find(string name) => All.FirstOrDefault(p => p.Name == name);
}
