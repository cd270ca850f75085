using Decant.Ops;

namespace Decant.Benchmarking;

/// <summary>How a model is measured.</summary>
public sealed record BenchmarkOptions
{
    /// <summary>Threads that share the work of one op; 0 for one per processor.</summary>
    public int Threads { get; init; }

    /// <summary>Runs that count; 0 for as many as fit into <see cref="LeastTime"/>, but at least <see cref="LeastRuns"/>.</summary>
    public int Runs { get; init; }

    /// <summary>Runs after the first and before those that count; 0 for a tenth of the time that the others get, and as many as compilation takes.</summary>
    public int WarmupRuns { get; init; }

    /// <summary>For how long runs are measured when their number is not given.</summary>
    public TimeSpan LeastTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The fewest runs when their number is not given.</summary>
    public int LeastRuns { get; init; } = 10;

    /// <summary>Runs with every step timed, apart from those that give the latency; 0 for no profile.</summary>
    public int ProfiledRuns { get; init; } = 10;

    /// <summary>The signature to run; null for the default one.</summary>
    public string? Signature { get; init; }

    /// <summary>The outputs to compute; null for those of the signature.</summary>
    public IReadOnlyList<string>? Outputs { get; init; }

    /// <summary>The ops that can be run.</summary>
    public OpTable Ops { get; init; } = OpTable.All;
}
