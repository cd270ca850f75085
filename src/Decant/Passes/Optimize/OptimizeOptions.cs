using Decant.Ops;

namespace Decant.Passes.Optimize;

/// <summary>What to optimize, and how far.</summary>
public sealed record OptimizeOptions
{
    /// <summary>Where the graph is cut, by names of the signature or of tensors; null for the signature's inputs.</summary>
    public IReadOnlyList<string>? Inputs { get; init; }

    /// <summary>What is wanted, by names of the signature or of tensors; null for the signature's outputs.</summary>
    public IReadOnlyList<string>? Outputs { get; init; }

    /// <summary>The signature that names belong to; null for the default one.</summary>
    public string? Signature { get; init; }

    /// <summary>Whether nodes lose the device that they ask for.</summary>
    public bool ClearDevices { get; init; } = true;

    /// <summary>Variables that stay variables, by the names of their nodes.</summary>
    public IReadOnlyCollection<string> KeptVariables { get; init; } = [];

    /// <summary>What constant folding may compute.</summary>
    public ConstantFoldingOptions Folding { get; init; } = new();

    /// <summary>The most bytes by which all computed constants together may make the model larger; null for 4 KiB and 5 % of its constants.</summary>
    public long? MaxGrowth { get; init; }

    /// <summary>Whether biases and activations become part of <c>_FusedConv2D</c>, <c>_FusedMatMul</c>, <c>FusedDepthwiseConv2dNative</c>, which not every runtime knows.</summary>
    public bool Fuse { get; init; }

    /// <summary>Whether int64 tensors that only serve as sizes, axes and indices become int32.</summary>
    public bool NarrowIndices { get; init; }

    /// <summary>Whether <c>Print</c>, which hands a value on, stays.</summary>
    public bool KeepPrints { get; init; }

    /// <summary>The passes to leave out, by name.</summary>
    public IReadOnlyCollection<string> Without { get; init; } = [];

    /// <summary>The number of edits after which to stop: for finding the one that changed a result.</summary>
    public int MaxEdits { get; init; } = int.MaxValue;

    /// <summary>Whether the graph is verified around every edit; slow.</summary>
    public bool CheckEdits { get; init; }

    /// <summary>The ops that are known.</summary>
    public OpTable Ops { get; init; } = OpTable.All;
}
