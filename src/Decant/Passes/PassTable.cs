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
        new("constant_folding", "Runs nodes whose inputs are constant and puts their results in their places", ConstantFolding.Of)
        {
            Parameters =
            [
                new("exclude_op", "an op whose nodes stay") { Repeats = true }, new("exclude_node", "a node that stays, by name") { Repeats = true },
                new("max_bytes", "the most bytes by which one node may make the model larger", "102400"),
            ],
        },
        FoldBatchNorms.Entry,
        FoldOldBatchNorms.Entry,
        new("materialize_shapes", "Puts constants in the place of shapes, sizes and ranks that are known without running", _ => new MaterializeShapes()),
        MergeDuplicateNodes.Entry,
        ObfuscateNames.Entry,
        ObfuscateNames.OldEntry,
        QuantizeWeights.Entry,
        RemoveAttribute.Entry,
        RemoveControlDependencies.Entry,
        SetDevice.RemoveEntry,
        RemoveNodes.Entry,
        RenameAttribute.Entry,
        RenameNode.Entry,
        RenameOp.Entry,
        RoundWeights.Entry,
        SetDevice.Entry,
        SortByExecutionOrder.Entry,
        StripUnusedNodes.Entry,
    ];

    /// <summary>Finds a pass.</summary>
    public static PassEntry? Find(string name) => All.FirstOrDefault(p => p.Name == name);
}
