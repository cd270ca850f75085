using Decant.Benchmarking;

namespace Decant.Compression;

/// <summary>What a model with smaller weights takes, and how far off it is.</summary>
public sealed record CompressionRow
{
    /// <summary>The setting, or <c>original</c>.</summary>
    public required string Setting { get; init; }

    /// <summary>How many weights changed.</summary>
    public required int Edits { get; init; }

    /// <summary>The size of the file.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Its size when packed, by the name of the archive.</summary>
    public required IReadOnlyDictionary<string, long> PackedBytes { get; init; }

    /// <summary>What it takes to run; null if it was not run.</summary>
    public RunCost? Cost { get; init; }

    /// <summary>How far its outputs are from those of the original; null if it was not run, or if ids mean other rows.</summary>
    public OutputError? Error { get; init; }

    /// <summary>Bytes of float32 that are made of the stored weights when the model is prepared, since an op needs them whole.</summary>
    public required long RestoredBytes { get; init; }

    /// <summary>Stored weights of which only the rows that are gathered are restored, in bytes of float32.</summary>
    public required long GatheredBytes { get; init; }
}

/// <summary>What a model takes to run.</summary>
/// <param name="FirstRun">From a session's making to its first outputs.</param>
/// <param name="Steady">Runs after that.</param>
/// <param name="ResidentBytes">
/// By how much the process grew, without garbage: pages of the file that were read count, though the system can drop them.
/// </param>
public sealed record RunCost(TimeSpan FirstRun, Latency Steady, long ResidentBytes);
