namespace Decant.Passes.Compress;

/// <summary>Which constants count as weights: those of float32 that are large enough and not excluded.</summary>
public sealed record WeightSelection
{
    /// <summary>The fewest elements; smaller constants stay as they are. At least 1.</summary>
    public long MinElements { get; init; } = 1024;

    /// <summary>The names of the only nodes to choose from; null for all.</summary>
    public IReadOnlyCollection<string>? Only { get; init; }

    /// <summary>The names of nodes that stay as they are.</summary>
    public IReadOnlyCollection<string> Except { get; init; } = [];

    /// <summary>Whether a node of this name may be chosen.</summary>
    internal bool Allows(string name) => (Only?.Contains(name) ?? true) && !Except.Contains(name);
}
