using System.Numerics.Tensors;
using Decant.IR;
using Decant.Passes.Optimize;
using Decant.Runtime;

namespace Decant.Lowering;

/// <summary>
/// Makes TensorFlow.js's op Prelu of nodes that compute it together, and joins it to a fused product in front of it, as the original
/// converter does: max(x, 0) + α · min(x, 0), α constant.
/// </summary>
internal static class PreluFusion
{
    private const string Op = "Prelu", FusedOps = "fused_ops";

    /// <summary>Changes nodes of a graph in place. The last node of each group keeps its name and gives the same.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="kept">The names of the nodes that are asked for.</param>
    public static void Run(Graph graph, IReadOnlySet<string> kept)
    {
        IEnumerable<Node> awaited = graph.Nodes.SelectMany(n => n.ControlInputs.AsSpan().ToArray());
        var readers = new ValueReaders(graph.Nodes, [.. graph.Nodes.Where(n => kept.Contains(n.Name)).Concat(awaited).Select(n => new Value(n))]);
        HashSet<Node> removed = [];
        foreach (Node node in graph.Nodes.ToList())
        {
            if (PreluForm.Find(node, readers, v => v.Constant) is { } form && form.Slopes.Constant is { DType: DType.Float32 } slopes && form.Nodes.TrueForAll(n => n.ControlInputs.Count == 0))
            {
                Node last = form.Nodes[^1];
                removed.UnionWith(form.Nodes[..^1]);
                last.Become(Op, [node, form.Sign > 0 ? form.Slopes : graph.AddConst(graph.FreeName($"{last.Name}/alpha"), Negative(slopes))], []);
                Join(graph, last, node, removed);
            }
            else if (node.Op == Op && node.Inputs is [{ Port: 0 } data, _] && readers.Only(data) == node && node.ControlInputs.Count == 0)
            {
                Join(graph, node, data.Node, removed);
            }
        }

        if (removed.Count == 0)
            return;
        graph.RemoveAll(removed.Contains);
        HashSet<Node> constants = [.. graph.Nodes.Where(n => n.Op == "Const" && !kept.Contains(n.Name))];
        foreach (Node node in graph.Nodes)
        {
            constants.ExceptWith(node.Inputs.AsSpan().ToArray().Select(v => v.Node));
            constants.ExceptWith(node.ControlInputs.AsSpan().ToArray());
        }

        graph.RemoveAll(constants.Contains);
    }

    /// <summary>Makes one op of a Prelu and a product with a bias, which nothing else reads, where α has one value or one per channel.</summary>
    private static void Join(Graph graph, Node prelu, Node product, HashSet<Node> removed)
    {
        if (product.Op.Name is not ("_FusedConv2D" or "_FusedMatMul" or "FusedDepthwiseConv2dNative") || product.ControlInputs.Count > 0
            || product.Attributes[FusedOps] is not ListAttr { Strings: [var bias] } || !bias.Span.SequenceEqual("BiasAdd"u8)
            || product.Inputs[2].Constant is not { } vector || prelu.Inputs[1].Constant is not { } alpha)
            return;
        bool isVector = alpha.Shape.Rank > 0 && alpha.Shape[-1] == vector.ElementCount && alpha.ElementCount == vector.ElementCount;
        if (!isVector && alpha.ElementCount != 1)
            return;
        // The runtime takes vectors, or three dimensions.
        Value slopes = isVector && alpha.Shape.Rank == 1 ? prelu.Inputs[1] : graph.AddConst(graph.FreeName($"{prelu.Name}/alpha"), alpha.Reshaped(new Shape(alpha.ElementCount)));
        AttributeMap attributes = product.Attributes.Clone();
        attributes.Set(FusedOps, new ListAttr { Strings = [bias, (ReadOnlyMemory<byte>)"Prelu"u8.ToArray()] });
        attributes.Set("num_args", 2);
        prelu.Become(product.Op, [.. product.Inputs, slopes], attributes);
        removed.Add(product);
    }

    private static Tensor Negative(Tensor tensor)
    {
        float[] values = new float[tensor.ElementCount];
        TensorPrimitives.Negate(tensor.Span<float>(), values);
        return Tensor.Wrap(values, tensor.Shape);
    }
}
