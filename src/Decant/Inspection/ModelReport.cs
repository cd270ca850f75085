using Decant.IR;

namespace Decant.Inspection;

/// <summary>What a model is, as far as its structure tells; the weights are not read.</summary>
public sealed record ModelReport
{
    /// <summary>The name of the format.</summary>
    public required string Format { get; init; }

    /// <summary>The path the model was read from.</summary>
    public required string Path { get; init; }

    /// <summary>Bytes of all files of the model.</summary>
    public required long FileBytes { get; init; }

    /// <summary>GraphDef's producer version, 0 when it gives none.</summary>
    public required int Producer { get; init; }

    /// <summary>The tags of the graph that was chosen from a SavedModel.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>All signatures.</summary>
    public required IReadOnlyList<Signature> Signatures { get; init; }

    /// <summary>The signature whose inputs and outputs follow; empty when the graph has none.</summary>
    public required string SignatureKey { get; init; }

    /// <summary>The inputs that a run takes.</summary>
    public required IReadOnlyList<SignatureTensor> Inputs { get; init; }

    /// <summary>The outputs that a run gives.</summary>
    public required IReadOnlyList<SignatureTensor> Outputs { get; init; }

    /// <summary>Nodes of the main graph.</summary>
    public required int Nodes { get; init; }

    /// <summary>How often each op occurs, in the main graph and in all functions; most used first.</summary>
    public required IReadOnlyList<NameCount> Ops { get; init; }

    /// <summary>Ops that TensorFlow's catalogue does not know, Decant has no kernel for, and no function of the model has the name of.</summary>
    public required IReadOnlyList<string> UnknownOps { get; init; }

    /// <summary>Elements of all variables and of all floating-point or quantized constants.</summary>
    public required long Parameters { get; init; }

    /// <summary>Bytes of all variables and constants.</summary>
    public required long WeightBytes { get; init; }

    /// <summary>Multiply-accumulates of one run of the chosen inputs, with unknown batch sizes taken as 1; null when shapes are not known.</summary>
    public required long? Macs { get; init; }

    /// <summary>Devices that nodes ask for, with the number of nodes.</summary>
    public required IReadOnlyList<NameCount> Devices { get; init; }

    /// <summary>The names of the functions.</summary>
    public required IReadOnlyList<string> Functions { get; init; }

    /// <summary>The variables.</summary>
    public required int Variables { get; init; }

    /// <summary>Files that the graph reads, relative to the model's assets.</summary>
    public required IReadOnlyList<string> Assets { get; init; }

    /// <summary>The lookup tables.</summary>
    public required IReadOnlyList<string> Tables { get; init; }
}
