using Decant.Quantizing;

namespace Decant.Lowering;

/// <summary>What to convert, and how.</summary>
public sealed record ConvertOptions
{
    /// <summary>Where the graph is cut, by names of the signature or of tensors; null for the signature's inputs.</summary>
    public IReadOnlyList<string>? Inputs { get; init; }

    /// <summary>What is wanted, by names of the signature or of tensors; null for the signature's outputs.</summary>
    public IReadOnlyList<string>? Outputs { get; init; }

    /// <summary>The signatures to convert, by key; empty for the default one. Each becomes a subgraph and a signature.</summary>
    public IReadOnlyList<string> Signatures { get; init; } = [];

    /// <summary>Shapes of inputs that are fixed by it, by the names of the inputs.</summary>
    public IReadOnlyDictionary<string, Shape> InputShapes { get; init; } = new Dictionary<string, Shape>();

    /// <summary>What becomes of the weights, and of the activations.</summary>
    public QuantizationMode Quantize { get; init; }

    /// <summary>How activations become integers, where <see cref="Quantize"/> says that they do.</summary>
    public IntegerOptions Integers { get; init; } = new();

    /// <summary>
    /// Whether loops that are an LSTM, of a batch whose size is known, become UNIDIRECTIONAL_SEQUENCE_LSTM. That operator goes on from the
    /// state that the run before ended with, until the runtime is told to reset its variables: faster, but no longer the model that it was made
    /// of. With int16 activations, for which that operator has no kernel, loops stay loops.
    /// </summary>
    public bool FuseLstm { get; init; }

    /// <summary>The optimizations to leave out, by the names of passes.</summary>
    public IReadOnlyCollection<string> Without { get; init; } = [];

    /// <summary>Whether ops without a form in TensorFlow Lite are embedded as TensorFlow's, for a runtime that has TensorFlow's kernels.</summary>
    public bool AllowSelectOps { get; init; }

    /// <summary>Whether ops that neither has become custom operators, for an app that brings kernels for them.</summary>
    public bool AllowCustomOps { get; init; }
}
