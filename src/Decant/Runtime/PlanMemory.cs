namespace Decant.Runtime;

/// <summary>The memory that a run is planned in.</summary>
/// <param name="Arena">Takes intermediate values.</param>
internal sealed record PlanMemory(Arena Arena)
{
    /// <summary>Takes the results, given how many bytes they are, when they are good until the next run only; null when every run gives its own.</summary>
    public Func<long, BufferOwner>? Results { get; init; }

    /// <summary>Whether the same tensors are fed again in every run.</summary>
    public bool FeedsStay { get; init; }
}
