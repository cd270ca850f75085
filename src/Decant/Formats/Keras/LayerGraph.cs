using Decant.IR;
using Decant.Ops;

namespace Decant.Formats.Keras;

/// <summary>The graph that layers add their ops to, and what belongs to it.</summary>
internal sealed class LayerGraph(Graph graph, Dictionary<string, Function> functions) : GraphBuilder(graph)
{
    public Dictionary<string, Function> Functions { get; } = functions;

    /// <summary>The nodes that fill lookup tables before the first run.</summary>
    public List<string> Initializers { get; } = [];
}
