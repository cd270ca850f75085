using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>
/// A <c>Conv2D</c>, <c>DepthwiseConv2dNative</c> or <c>MatMul</c> with constant float32 weights that nothing else reads, so that a
/// factor per output channel can be multiplied into them.
/// </summary>
internal sealed class WeightedNode
{
    private readonly Tensor _weights;
    private readonly long _innermost;

    private WeightedNode(Node node, Node constant, Tensor weights, long channels, long innermost) =>
        (Node, Constant, _weights, Channels, _innermost) = (node, constant, weights, channels, innermost);

    /// <summary>The node.</summary>
    public Node Node { get; }

    /// <summary>The <c>Const</c> with the weights.</summary>
    public Node Constant { get; }

    /// <summary>The number of output channels: the length of what is folded in.</summary>
    public long Channels { get; }

    /// <summary>The dimensions of the output.</summary>
    public int Rank => Node.Op.Name == "MatMul" ? 2 : 4;

    /// <summary>The place of the channels in the output.</summary>
    public int ChannelAxis => Rank == 4 && DataFormat(Node).StartsWith("NC", StringComparison.Ordinal) ? 1 : Rank - 1;

    /// <summary>Whether a node is of one of the three ops.</summary>
    public static bool IsOne(Node? node) => node is { Op: { Dialect: Dialect.TensorFlow, Name: "Conv2D" or "DepthwiseConv2dNative" or "MatMul" }, Inputs.Count: 2 } && node.Inputs[0].IsPresent && node.Inputs[1].IsPresent;

    /// <summary>The order of the dimensions of images, NHWC when the node does not say.</summary>
    public static string DataFormat(Node node) => (node.Attributes["data_format"] as StringAttr)?.Text ?? "NHWC";

    /// <summary>Looks at a node of one of the three ops.</summary>
    /// <param name="node">The node.</param>
    /// <param name="context">What is known of the graph.</param>
    /// <param name="reason">Why nothing can be folded into it, when null is returned.</param>
    public static WeightedNode? Of(Node node, PassContext context, out string reason)
    {
        Node weights = node.Inputs[1].Node;
        Tensor? value = node.Inputs[1].Constant;
        reason = "";
        if (value is null)
            reason = $"the weights of '{node.Name}' are {weights.Op}, not a Const: run fold_constants first";
        else if (value.DType != DType.Float32 || value.ElementCount is 0 or > int.MaxValue)
            reason = $"the weights of '{node.Name}' are {value}";
        else if (value.Shape.Rank != (node.Op.Name == "MatMul" ? 2 : 4))
            reason = $"the weights of '{node.Name}' have the shape {value.Shape}";
        else if (!context.IsOnlyReadBy(weights, node) || node.Inputs[0] == node.Inputs[1])
            reason = $"the weights of '{node.Name}' are read by others too";
        else if (node.Op.Name != "MatMul" && DataFormat(node) is not ("NHWC" or "NCHW"))
            reason = $"'{node.Name}' has the data format {DataFormat(node)}";
        if (reason.Length > 0)
            return null;
        Shape shape = value!.Shape;
        return node.Op.Name switch
        {
            "Conv2D" => new(node, weights, value, shape[3], 1),
            "DepthwiseConv2dNative" => new(node, weights, value, shape[2] * shape[3], 1),
            _ when node.Attributes["transpose_b"] is BoolAttr { Value: true } => new(node, weights, value, shape[0], shape[1]),
            _ => new(node, weights, value, shape[1], 1),
        };
    }

    /// <summary>Changes the constant in a patch: the weights times a factor per output channel and then, where there is one, divided by another, in float32.</summary>
    public void Scale(Patch patch, ReadOnlySpan<float> factor, ReadOnlySpan<float> divisor = default)
    {
        ReadOnlySpan<float> weights = _weights.Span<float>();
        float[] scaled = new float[weights.Length];
        for (int i = 0; i < scaled.Length; i++)
        {
            int channel = (int)(i / _innermost % Channels);
            scaled[i] = weights[i] * factor[channel];
            if (!divisor.IsEmpty)
                scaled[i] /= divisor[channel];
        }

        var tensor = Tensor.Wrap(scaled, _weights.Shape);
        patch.Change(Constant, c => c.Attributes["value"] = tensor);
    }
}
