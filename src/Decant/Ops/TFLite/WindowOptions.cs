using Decant.IR;
using Decant.Ops.NN;

namespace Decant.Ops.TFLite;

/// <summary>The options of convolutions and pools in the form of TensorFlow's attributes, whose geometry they share.</summary>
internal static class WindowOptions
{
    /// <summary>An attribute that no file has: the padding of each axis, where the engine has joined a PAD with what reads it.</summary>
    public const string ExplicitPaddings = "explicit_paddings";

    /// <summary>A node with the attributes of TensorFlow's Conv2D, AvgPool, ... made of the options.</summary>
    public static Node TensorFlowNode(KernelRequest request, string op) => new(request.Node.Name, op) { Attributes = Attributes(request.Attributes) };

    /// <summary>The attributes of TensorFlow's Conv2D, AvgPool, ... made of the options.</summary>
    public static AttributeMap Attributes(NodeAttributes options)
    {
        long Option(string name, long absent) => options.Find(name) is IntAttr value ? value.Value : absent;
        var attributes = new AttributeMap
        {
            { "padding", options.Find("padding") is StringAttr padding ? padding : "SAME" },
            { "strides", List(1, Option("stride_h", 1), Option("stride_w", 1), 1) },
            { "dilations", List(1, Option("dilation_h_factor", 1), Option("dilation_w_factor", 1), 1) },
            { "data_format", "NHWC" },
        };
        if (options.Find("filter_height") is IntAttr)
            attributes.Set("ksize", List(1, Option("filter_height", 1), Option("filter_width", 1), 1));
        if (options.Find(ExplicitPaddings) is ListAttr pads)
        {
            attributes.Set("padding", "EXPLICIT");
            attributes.Set(ExplicitPaddings, pads);
        }

        return attributes;
    }

    public static WindowRule Rule(KernelRequest request) => WindowRule.Convolution(TensorFlowNode(request, "Conv2D"), 2);

    /// <summary>The geometry of a convolution with a filter [out, height, width, in].</summary>
    public static WindowGeometry Geometry(WindowRule rule, Node node, Shape input, Shape filter) => filter.Rank == 4
        ? Conv.Geometry(rule, node, input, new Shape(filter[1], filter[2], filter[3], filter[0]))
        : throw OpErrors.BadInput.At(node.At(), $"has a filter of shape {filter}, expected rank 4");

    /// <summary>The geometry of a depthwise convolution with a filter [1, height, width, out].</summary>
    public static WindowGeometry Depthwise(WindowRule rule, Node node, Shape input, Shape filter)
    {
        if (filter.Rank != 4 || input.Rank != 4 || filter[0] != 1 || input[3] == 0 || filter[3] % input[3] != 0)
            throw OpErrors.BadInput.At(node.At(), $"has an input {input} and a filter {filter}, expected [n,h,w,c] and [1,h,w,c*m]");
        return DepthwiseConv.Geometry(rule, node, input, new Shape(filter[1], filter[2], input[3], filter[3] / input[3]));
    }

    private static ListAttr List(params long[] values) => new() { Ints = values };
}
