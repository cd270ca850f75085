using Decant.Ops;

namespace Decant.Passes.Optimize;

/// <summary>What <see cref="ConstantFolding"/> may compute.</summary>
public sealed record ConstantFoldingOptions
{
    /// <summary>What Grappler allows a constant to take: 100 KiB.</summary>
    public const long DefaultMaxGrowth = 102_400;

    /// <summary>The most bytes that the results of one node may take: what the Graph Transform Tool allows.</summary>
    public long MaxConstantBytes { get; init; } = 10 << 20;

    /// <summary>The most bytes by which folding one node may make the model larger.</summary>
    public long MaxGrowth { get; init; } = DefaultMaxGrowth;

    /// <summary>Ops that are not computed.</summary>
    public IReadOnlyCollection<string> ExcludedOps { get; init; } = [];

    /// <summary>Nodes that are not computed, by name.</summary>
    public IReadOnlyCollection<string> ExcludedNodes { get; init; } = [];

    /// <summary>The ops whose kernels are used.</summary>
    public OpTable Ops { get; init; } = OpTable.All;
}
