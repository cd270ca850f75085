namespace Decant.Lowering;

/// <summary>What to convert to TensorFlow.js, and how.</summary>
public sealed record TFJSConvertOptions
{
    /// <summary>Where the graph is cut, by names of the signature or of tensors; null for the signature's inputs.</summary>
    public IReadOnlyList<string>? Inputs { get; init; }

    /// <summary>What is wanted, by names of the signature or of tensors; null for the signature's outputs.</summary>
    public IReadOnlyList<string>? Outputs { get; init; }

    /// <summary>The signature to convert; null for the default one.</summary>
    public string? Signature { get; init; }

    /// <summary>Whether the model tells its outputs' names in its metadata, so that TensorFlow.js gives a table of them.</summary>
    public bool NamesOutputs { get; init; }

    /// <summary>The optimizations to leave out, by the names of passes.</summary>
    public IReadOnlyCollection<string> Without { get; init; } = [];

    /// <summary>Whether prints are taken out. Assertions and checks of numbers always are, as TensorFlow.js has none.</summary>
    public bool StripDebugOps { get; init; } = true;

    /// <summary>Whether ops that TensorFlow.js does not have are refused.</summary>
    public bool CheckOps { get; init; } = true;
}
