using Decant.IR;
using Decant.Passes;

namespace Decant.Lowering;

/// <summary>
/// TensorFlow.js refuses convolutions with strides and dilations that are both not 1: they become ones of stride 1, of whose results those at the
/// strides are taken. What is padded is that of the strides. Channels come last.
/// </summary>
internal static class DilatedStrides
{
    private static readonly HashSet<string> Convolutions = new(StringComparer.Ordinal) { "Conv2D", "DepthwiseConv2dNative", "FusedDepthwiseConv2dNative", "_FusedConv2D" };

    /// <summary>Changes the nodes of a model in place; their names stay with the values they had.</summary>
    /// <param name="model">The model.</param>
    /// <param name="graphs">Its graphs.</param>
    /// <param name="refused">The nodes that stay, as sizes are not known that padding depends on.</param>
    public static void Run(Model model, IEnumerable<Graph> graphs, List<(Graph Graph, Node Node, Diagnostic Why)> refused)
    {
        (Graph Graph, Node Node)[] found = [.. graphs.SelectMany(g => g.Nodes.Where(n => Convolutions.Contains(n.Op.Name) && IsOver(n, "strides") && IsOver(n, "dilations")).Select(n => (g, n)))];
        if (found.Length > 0)
            InferFacts.Run(model);
        foreach ((Graph graph, Node node) in found)
        {
            if (Paddings(node) is { } paddings)
                Take(graph, node, paddings);
            else
                refused.Add((graph, node, new Diagnostic(ConvertErrors.UnsupportedOp, $"{node.Op} has strides, dilations and padding of sizes that are not known, and TensorFlow.js has no convolutions with both strides and dilations", node.At(), "give the input a shape")));
        }
    }

    private static void Take(Graph graph, Node node, int[] paddings)
    {
        AttributeMap attributes = node.Attributes.Clone();
        int[] strides = [.. Sizes(node, "strides").Select(s => (int)s)];
        attributes.Set("strides", new ListAttr { Ints = [1, 1, 1, 1] });
        attributes.Set("padding", "VALID");
        attributes.Set("explicit_paddings", new ListAttr { Ints = [] });
        AttrValue type = node.Attributes["T"] ?? DType.Float32;
        Value[] inputs = node.Inputs.AsSpan().ToArray();
        if (paddings.Any(p => p != 0))
        {
            Value amounts = graph.AddConst(graph.FreeName($"{node.Name}/paddings"), Tensor.Wrap(paddings, new Shape(4, 2)));
            inputs[0] = graph.Add(graph.FreeName($"{node.Name}/Pad"), "Pad", [inputs[0], amounts], new AttributeMap { { "T", type }, { "Tpaddings", DType.Int32 } });
        }

        Node whole = graph.Add(graph.FreeName($"{node.Name}/Whole"), node.Op, inputs, attributes);
        Value from = graph.AddConst(graph.FreeName($"{node.Name}/begin"), Tensor.Wrap([0, 0, 0, 0])), steps = graph.AddConst(graph.FreeName($"{node.Name}/strides"), Tensor.Wrap(strides));
        const int All = 0b1111;
        (node.Op, node.Attributes) = ("StridedSlice", new AttributeMap { { "T", type }, { "Index", DType.Int32 }, { "begin_mask", All }, { "end_mask", All } });
        node.Inputs.Clear();
        node.Inputs.AddRange((Value[])[whole, from, from, steps]);
    }

    /// <summary>What is padded [4, 2]; null when that is not known.</summary>
    private static int[]? Paddings(Node node)
    {
        string padding = node.Attributes["padding"] is StringAttr text ? text.Text : "";
        Shape x = node.Inputs[0].Node.Fact(node.Inputs[0].Port).Shape, filter = node.Inputs[1].Node.Fact(node.Inputs[1].Port).Shape;
        if (padding == "EXPLICIT")
            return node.Attributes["explicit_paddings"] is ListAttr { Ints: { Count: 8 } given } ? [.. given.Select(p => (int)p)] : null;
        int[] paddings = new int[8];
        if (padding == "VALID")
            return paddings;
        if (x is not { HasRank: true, Rank: 4 } || filter is not { HasRank: true, Rank: 4 })
            return null;
        foreach (int axis in (ReadOnlySpan<int>)[1, 2])
        {
            (long size, long kernel, long stride, long dilation) = (x[axis], filter[axis - 1], Sizes(node, "strides")[axis], Sizes(node, "dilations")[axis]);
            if (size < 0 || kernel < 0)
                return null;
            int total = (int)Math.Max((((size + stride - 1) / stride) - 1) * stride + ((kernel - 1) * dilation) + 1 - size, 0);
            (paddings[2 * axis], paddings[(2 * axis) + 1]) = (total / 2, total - (total / 2));
        }

        return paddings;
    }

    private static IReadOnlyList<long> Sizes(Node node, string name) => node.Attributes[name] is ListAttr { Ints: { Count: 4 } sizes } ? sizes : [1, 1, 1, 1];

    private static bool IsOver(Node node, string name) => Sizes(node, name).Any(s => s != 1);
}
