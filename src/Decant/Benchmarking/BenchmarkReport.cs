namespace Decant.Benchmarking;

/// <summary>How fast a model runs, and where its time goes.</summary>
public sealed record BenchmarkReport
{
    /// <summary>Threads that shared the work of each op.</summary>
    public required int Threads { get; init; }

    /// <summary>The first run: planning, packing of weights and compilation of kernels included.</summary>
    public required TimeSpan FirstRun { get; init; }

    /// <summary>The steady state.</summary>
    public required Latency Steady { get; init; }

    /// <summary>Bytes that the session held for intermediate values after the runs.</summary>
    public required long IntermediateBytes { get; init; }

    /// <summary>The largest resident size that the process had until the end of these runs, whatever it did before.</summary>
    public required long PeakResidentBytes { get; init; }

    /// <summary>Managed bytes allocated by each run of the steady state.</summary>
    public required long AllocatedBytesPerRun { get; init; }

    /// <summary>
    /// What the machine reaches with multiply-adds in registers on as many threads, measured in the same process, in units of 10^9
    /// floating-point operations per second; 0 when there is no profile.
    /// </summary>
    public required double PeakGigaFlops { get; init; }

    /// <summary>The steps of a run in the order in which they ran, times averaged over the profiled runs.</summary>
    public required IReadOnlyList<StepProfile> Steps { get; init; }

    /// <summary>The events of the last profiled run, for a trace.</summary>
    public required IReadOnlyList<Runtime.StepTiming> LastRun { get; init; }

    /// <summary>The steps summed up by op, the one that takes most time first.</summary>
    public IReadOnlyList<OpProfile> ByOp() => OpProfile.Sum(Steps);
}
