using Decant.IR;

namespace Decant.Lowering;

/// <summary>
/// TensorFlow.js reads strides and sizes of windows, biases and moments as if channels came last, whatever <c>data_format</c> says, and then
/// gives other values without a word. Ops with channels first become ops with channels last between two transposes; where two meet, both go.
/// </summary>
internal static class ChannelsLast
{
    private const string FirstFormat2D = "NCHW", FirstFormat3D = "NCDHW";

    /// <summary>For each op the input that has channels.</summary>
    private static readonly Dictionary<string, int> Images = new(StringComparer.Ordinal)
    {
        ["AvgPool"] = 0,
        ["AvgPool3D"] = 0,
        ["BiasAdd"] = 0,
        ["Conv2D"] = 0,
        ["Conv2DBackpropInput"] = 2,
        ["Conv3D"] = 0,
        ["DepthwiseConv2dNative"] = 0,
        ["FusedBatchNorm"] = 0,
        ["FusedBatchNormV2"] = 0,
        ["FusedBatchNormV3"] = 0,
        ["FusedDepthwiseConv2dNative"] = 0,
        ["MaxPool"] = 0,
        ["MaxPool3D"] = 0,
        ["_FusedConv2D"] = 0,
    };

    private static readonly string[] PerAxis = ["strides", "dilations", "ksize", "explicit_paddings"];

    /// <summary>Changes the nodes of a graph in place; their names stay with the values they had.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="kept">The names of the nodes that are asked for.</param>
    public static void Run(Graph graph, IReadOnlySet<string> kept)
    {
        HashSet<Node> moved = [];
        HashSet<Node> withSecond = [.. graph.Nodes.SelectMany(n => n.Inputs.AsSpan().ToArray()).Where(v => v.Port > 0).Select(v => v.Node)];
        foreach (Node node in graph.Nodes.ToList())
        {
            if (node.Op.Dialect != Dialect.TensorFlow || !Images.TryGetValue(node.Op.Name, out int image) || withSecond.Contains(node)
                || node.Attributes["data_format"] is not StringAttr { Text: FirstFormat2D or FirstFormat3D } format)
                continue;
            // A bias is added to any rank under the same word.
            int rank = node.Inputs[image].Node.Fact(node.Inputs[image].Port).Shape is { HasRank: true, Rank: > 2 } known ? known.Rank : format.Text.Length;
            int[] toLast = [0, .. Enumerable.Range(2, rank - 2), 1], toFirst = [0, rank - 1, .. Enumerable.Range(1, rank - 2)];
            DType dtype = node.Attributes["T"] is TypeAttr { Value: var type } ? type : DType.Float32;
            Value[] inputs = node.Inputs.AsSpan().ToArray();
            inputs[image] = moved.Contains(inputs[image].Node) ? inputs[image].Node.Inputs[0] : Transpose(graph, $"{node.Name}/ChannelsLast", inputs[image], toLast, dtype);
            if (node.Op == "Conv2DBackpropInput")
                inputs[0] = Sizes(graph, node, toLast);
            AttributeMap attributes = node.Attributes.Clone();
            attributes.Set("data_format", new StringAttr(format.Text == FirstFormat2D ? "NHWC" : "NDHWC"));
            foreach (string name in PerAxis)
            {
                if (attributes[name] is ListAttr { Ints: { } values } && values.Count >= rank)
                    attributes.Set(name, new ListAttr { Ints = [.. toLast.SelectMany(axis => values.Skip(axis * (values.Count / rank)).Take(values.Count / rank))] });
            }

            Node product = graph.Add(graph.FreeName($"{node.Name}/{node.Op.Name}"), node.Op.Name, inputs, attributes);
            (node.Op, node.Attributes) = ("Transpose", new AttributeMap { { "T", dtype }, { "Tperm", DType.Int32 } });
            node.Inputs.Clear();
            node.Inputs.Add(product);
            node.Inputs.Add(graph.AddConst(graph.FreeName($"{node.Name}/perm"), Tensor.Wrap(toFirst)));
            moved.Add(node);
        }

        HashSet<Node> unread = [.. moved.Where(n => !kept.Contains(n.Name))];
        foreach (Node node in graph.Nodes)
        {
            unread.ExceptWith(node.Inputs.AsSpan().ToArray().Select(v => v.Node));
            unread.ExceptWith(node.ControlInputs.AsSpan().ToArray());
        }

        unread.UnionWith(unread.Select(n => n.Inputs[1].Node).ToList());
        graph.RemoveAll(unread.Contains);
    }

    private static Node Transpose(Graph graph, string name, Value value, int[] axes, DType dtype) => graph.Add(
        graph.FreeName(name), "Transpose", [value, graph.AddConst(graph.FreeName($"{name}/perm"), Tensor.Wrap(axes))], new AttributeMap { { "T", dtype }, { "Tperm", DType.Int32 } });

    /// <summary>The sizes of the result in the other order.</summary>
    private static Value Sizes(Graph graph, Node node, int[] axes)
    {
        if (node.Inputs[0].Constant is { DType: DType.Int32 } known)
            return graph.AddConst(graph.FreeName($"{node.Name}/sizes"), Tensor.Wrap(Array.ConvertAll(axes, a => known.Span<int>()[a])));
        Node order = graph.AddConst(graph.FreeName($"{node.Name}/order"), Tensor.Wrap(axes)), axis = graph.AddConst(graph.FreeName($"{node.Name}/axis"), Tensor.Scalar(0));
        return graph.Add(graph.FreeName($"{node.Name}/sizes"), "GatherV2", [node.Inputs[0], order, axis], new AttributeMap { { "Tparams", DType.Int32 }, { "Tindices", DType.Int32 }, { "Taxis", DType.Int32 } });
    }
}
