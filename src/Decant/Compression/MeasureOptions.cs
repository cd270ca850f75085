namespace Decant.Compression;

/// <summary>How a compressed model is measured.</summary>
public sealed record MeasureOptions
{
    /// <summary>Values of inputs by name; the others are random.</summary>
    public IReadOnlyDictionary<string, Tensor> Inputs { get; init; } = new Dictionary<string, Tensor>();

    /// <summary>The seed of random inputs.</summary>
    public int Seed { get; init; }

    /// <summary>How many times random inputs are drawn for the error.</summary>
    public int Samples { get; init; } = 2;

    /// <summary>Whether models are run at all: without it there are sizes alone.</summary>
    public bool Run { get; init; } = true;

    /// <summary>For how long runs are measured.</summary>
    public TimeSpan LeastTime { get; init; } = TimeSpan.FromSeconds(0.3);

    /// <summary>What files are packed with.</summary>
    public IReadOnlyList<Archive> Archives { get; init; } = Archive.Default;

    /// <summary>The folder for models that are written to be measured and then removed; null for the system's temporary folder.</summary>
    public string? Folder { get; init; }
}
