using Decant.IR;

namespace Decant.Passes;

/// <summary>The placeholders that <see cref="ExtractSubgraph"/> puts in the place of inputs.</summary>
internal static class CutInputs
{
    /// <summary>
    /// The names of the nodes that inputs have become: the node itself, or the placeholder behind one of several values that stand together under the
    /// name of the node that was cut off. What the graph has nothing of is left out.
    /// </summary>
    /// <param name="graph">What was cut out.</param>
    /// <param name="inputs">The inputs by name, tensors of the graph that it was cut out of.</param>
    public static Dictionary<string, string> Find(Graph graph, IEnumerable<(string Name, Value Tensor)> inputs)
    {
        Dictionary<string, string> found = [];
        foreach ((string name, Value tensor) in inputs)
        {
            if (graph.TryGet(tensor.Node.Name, out Node? node))
                found[name] = node.Op == "IdentityN" && tensor.Port < node.Inputs.Count && node.Inputs[tensor.Port] is { IsPresent: true, Port: 0, Node: { Op.Name: "Placeholder" } placeholder } ? placeholder.Name : node.Name;
        }

        return found;
    }
}
