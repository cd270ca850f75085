using Decant.IR;
using Decant.Ops;

namespace Decant.Inspection;

/// <summary>Describes the nodes of graphs, for those who draw them.</summary>
public static class GraphInspector
{
    /// <summary>The nodes of a graph whose facts are known (<see cref="Passes.InferFacts"/>), constants left out, which their readers tell of.</summary>
    public static IReadOnlyList<NodeReport> Inspect(Graph graph)
    {
        Node[] nodes = [.. graph.Nodes.Where(n => n.Op.Name != "Const")];
        var positions = new Dictionary<Node, int>(nodes.Length);
        foreach ((int position, Node node) in nodes.Index())
            positions.Add(node, position);
        return [.. nodes.Select(n => Describe(n, positions))];
    }

    private static NodeReport Describe(Node node, Dictionary<Node, int> positions)
    {
        List<int> inputs = [];
        List<WeightReport> weights = [];
        foreach (Value input in node.Inputs.AsSpan())
        {
            if (!input.IsPresent)
                continue;
            if (positions.TryGetValue(input.Node, out int position))
                inputs.Add(position);
            else if (input.Node.Attributes["value"] is TensorAttr value)
                weights.Add(new WeightReport(input.Node.Name, value.DType, value.Shape, Bytes(value)));
        }

        foreach (Node first in node.ControlInputs)
        {
            if (positions.TryGetValue(first, out int position))
                inputs.Add(position);
        }

        return new NodeReport(node.Name, node.Op, inputs, node.Facts, weights, MacCounter.Count([node]) ?? 0);
    }

    private static long Bytes(TensorAttr value) => value.Shape.TryElementCount(out long elements) ? Saturating.Multiply(elements, value.DType.Size()) : 0;
}
