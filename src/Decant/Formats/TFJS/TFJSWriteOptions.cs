namespace Decant.Formats.TFJS;

/// <summary>How a TensorFlow.js model is written.</summary>
public sealed record TFJSWriteOptions
{
    /// <summary>What the original converter uses: browsers cache files up to 4 MB.</summary>
    public const long DefaultShardBytes = 4 << 20;

    /// <summary>The bytes of a shard; the last has what is left.</summary>
    public long ShardBytes { get; init; } = DefaultShardBytes;

    /// <summary>Which float32 weights are stored in fewer bits. Those that were read so stay so, unless a rule is for them.</summary>
    public IReadOnlyList<QuantizationRule> Quantize { get; init; } = [];

    /// <summary>Whether ops and layers that TensorFlow.js does not have are refused.</summary>
    public bool CheckOps { get; init; } = true;

    /// <summary>Whether each layer of a layers model has a group of weights, with files of its own.</summary>
    public bool SplitByLayer { get; init; }

    /// <summary>Whether a file that holds weights alone becomes a layers model without layers, as the original converter writes it, and is not refused.</summary>
    public bool AllowsLooseWeights { get; init; }

    /// <summary>Metadata to add: JSON by name.</summary>
    public IReadOnlyDictionary<string, BufferSlice> Metadata { get; init; } = new Dictionary<string, BufferSlice>();
}

/// <summary>Stores weights in fewer bits.</summary>
/// <param name="DType">Float16, UInt8 or UInt16.</param>
/// <param name="Patterns">Names with <c>*</c>, <c>?</c> and <c>[abc]</c>; null for all weights that no other rule is for.</param>
public sealed record QuantizationRule(DType DType, IReadOnlyList<string>? Patterns = null);
