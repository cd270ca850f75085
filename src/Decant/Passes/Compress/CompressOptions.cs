namespace Decant.Passes.Compress;

/// <summary>How the weights of a model are made smaller.</summary>
public sealed record CompressOptions
{
    /// <summary>The setting for all weights that <see cref="PerWeight"/> does not name; null to leave them.</summary>
    public CompressionSetting? Setting { get; init; }

    /// <summary>Settings by the name of the constant (or of the variable that becomes one).</summary>
    public IReadOnlyDictionary<string, CompressionSetting> PerWeight { get; init; } = new Dictionary<string, CompressionSetting>();

    /// <summary>Rows of embeddings to remove and to merge, before all else.</summary>
    public IReadOnlyList<EmbeddingOptions> Embeddings { get; init; } = [];

    /// <summary>Which constants count as weights.</summary>
    public WeightSelection Weights { get; init; } = new();

    /// <summary>The signature whose names are meant; null for the default one.</summary>
    public string? Signature { get; init; }

    /// <summary>Where the graph is cut, by names of the signature or of tensors; null for the signature's inputs.</summary>
    public IReadOnlyList<string>? Inputs { get; init; }

    /// <summary>What is wanted, by names of the signature or of tensors; null for the signature's outputs.</summary>
    public IReadOnlyList<string>? Outputs { get; init; }

    /// <summary>Whether the graph is verified around every edit.</summary>
    public bool Verify { get; init; }
}
