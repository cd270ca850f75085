using Decant.IR;

namespace Decant.Runtime;

/// <summary>A node that becomes a step of a program, alone or for several nodes of the graph.</summary>
/// <param name="Node">What is run: a node of the graph, or one that was made in the place of several.</param>
internal sealed record PlannedNode(Node Node)
{
    /// <summary>The node of the graph whose outputs the step gives.</summary>
    public Node Output { get; init; } = Node;

    /// <summary>The nodes of the graph that run in the same step after <see cref="Node"/>.</summary>
    public IReadOnlyList<Node> Fused { get; init; } = [];
}
