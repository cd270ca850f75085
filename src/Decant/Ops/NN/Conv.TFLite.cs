using Decant.IR;
using Decant.Ops.Arrays;
using Decant.Ops.Lowering;

namespace Decant.Ops.NN;

/// <summary>Convolutions in TensorFlow Lite's operators, which have filters in orders of their own, biases, and channels last.</summary>
internal static class ConvolutionLowering
{
    public static IEnumerable<LoweringRule> All =>
    [
        new("Conv2D", g => Convolve(g, Conv2D)),
        new("DepthwiseConv2dNative", g => Convolve(g, Depthwise)),
        new("Conv2DBackpropInput", Transposed),
        new("Conv3D", g => Convolve(g, Conv3D)),
        new("Conv3DBackpropInputV2", Transposed3D),
        new("ExtractImagePatches", Patches),
    ];

    /// <summary>Attributes along the spatial dimensions.</summary>
    public static long[] Spatial(LoweringContext g, Layout layout, string attribute, string? absent = null)
    {
        IReadOnlyList<long> values = g.Attributes.Find(attribute) is ListAttr { Ints: { Count: > 0 } given } ? given : absent is null ? throw g.Fail($"has no {attribute}") : [.. Enumerable.Repeat(1L, layout.Rank)];
        return WindowRule.Spatial(g.Node, layout, attribute, [.. values]);
    }

    /// <summary>The input with channels last.</summary>
    public static Value ChannelsLast(LoweringContext g, Value value, Layout layout) => !layout.ChannelsFirst ? value
        : MoveLowering.Transposed(g, value, [0, .. Enumerable.Range(2, layout.SpatialRank).Select(i => (long)i), 1]);

    /// <summary>A result with channels last, in the node's layout.</summary>
    public static Value Back(LoweringContext g, Value value, Layout layout) => !layout.ChannelsFirst ? value
        : MoveLowering.Transposed(g, value, [0, layout.Rank - 1, .. Enumerable.Range(1, layout.SpatialRank).Select(i => (long)i)]);

    /// <summary>What is known of an output with channels last.</summary>
    public static Fact Last(Fact fact, Layout layout)
    {
        if (!layout.ChannelsFirst || !fact.Shape.HasRank)
            return fact with { Constant = null };
        long[] dims = fact.Shape.Dims.ToArray();
        return new Fact(fact.DType, new Shape([dims[0], .. dims[2..], dims[1]]));
    }

    /// <summary>The padding that the operator does itself, and the input with what it does not.</summary>
    public static (Value Input, string Padding) Padded(LoweringContext g, Value input, Layout layout, double with = 0)
    {
        string padding = g.Attributes.String("padding");
        if (padding != "EXPLICIT")
            return (input, padding);
        if (with == 0 && g.InputCount > 1 && IsSame(g, layout))
            return (input, "SAME");
        int[] order = [0, .. Enumerable.Range(0, layout.SpatialRank).Select(layout.Spatial), layout.Channel];
        IReadOnlyList<long> pads = g.Attributes.Ints("explicit_paddings");
        int[] sizes = [.. order.SelectMany(d => new[] { (int)pads[2 * d], (int)pads[(2 * d) + 1] })];
        Value paddings = g.Const(Tensor.Wrap(sizes, new Shape(layout.Rank, 2)));
        return (with == 0 ? g.Tf("Pad", input, paddings) : g.Tf("PadV2", input, paddings, g.Scalar(with, g.Type(0))), "VALID");
    }

    /// <summary>Whether explicit padding is what SAME would be.</summary>
    private static bool IsSame(LoweringContext g, Layout layout)
    {
        if (g.Shape(0) is not { HasRank: true } shape || g.Attributes.Find("strides") is not ListAttr)
            return false;
        IReadOnlyList<long> pads = g.Attributes.Ints("explicit_paddings");
        long[] strides = Spatial(g, layout, "strides"), dilations = Spatial(g, layout, "dilations", "1");
        for (int i = 0; i < layout.SpatialRank; i++)
        {
            long size = shape[layout.Spatial(i)], stride = strides[i], effective = ((g.Shape(1)[i] - 1) * dilations[i]) + 1;
            long total = size < 0 ? stride == 1 ? effective - 1 : -1 : Math.Max(0, ((((size + stride - 1) / stride) - 1) * stride) + effective - size);
            if (total < 0 || pads[2 * layout.Spatial(i)] != total / 2 || pads[(2 * layout.Spatial(i)) + 1] != total - (total / 2))
                return false;
        }

        return pads[0] == 0 && pads[1] == 0 && pads[2 * layout.Channel] == 0 && pads[(2 * layout.Channel) + 1] == 0;
    }

    private static Value Zeros(LoweringContext g, long channels) => g.Const(Tensor.Wrap(new float[channels]));

    private static void Convolve(LoweringContext g, Func<LoweringContext, Layout, Value, string, Fact, Value> convolve)
    {
        Layout layout = Layout.Read(g.Node, g.Node.Op.Name == "Conv3D" ? 3 : 2);
        if (!g.Shape(1).IsFullyKnown || !g.Type(0).IsFloating())
            throw g.Refuse($"has a filter of shape {g.Shape(1)} and elements of {g.Type(0).Name()}, and the operator's takes known shapes and floats");
        (Value input, string padding) = Padded(g, ChannelsLast(g, g.In(0), layout), layout);
        g.Set(Back(g, convolve(g, layout, input, padding, Last(g.Output(), layout)), layout));
    }

    private static Value Conv2D(LoweringContext g, Layout layout, Value input, string padding, Fact output)
    {
        long[] strides = Spatial(g, layout, "strides"), dilations = Spatial(g, layout, "dilations", "1");
        Value filter = MoveLowering.Transposed(g, g.In(1), 3, 0, 1, 2);
        return g.Emit("CONV_2D", [input, filter, Zeros(g, g.Shape(1)[3])], new()
        {
            { "padding", padding }, { "stride_w", strides[1] }, { "stride_h", strides[0] }, { "fused_activation_function", "NONE" }, { "dilation_w_factor", dilations[1] }, { "dilation_h_factor", dilations[0] },
        }, output)[0];
    }

    private static Value Depthwise(LoweringContext g, Layout layout, Value input, string padding, Fact output)
    {
        long[] strides = Spatial(g, layout, "strides"), dilations = Spatial(g, layout, "dilations", "1");
        Shape f = g.Shape(1);
        Value filter = g.Tf("Reshape", g.In(1), g.Vector(1, f[0], f[1], f[2] * f[3]));
        return g.Emit("DEPTHWISE_CONV_2D", [input, filter, Zeros(g, f[2] * f[3])], new()
        {
            { "padding", padding }, { "stride_w", strides[1] }, { "stride_h", strides[0] }, { "depth_multiplier", f[3] }, { "fused_activation_function", "NONE" }, { "dilation_w_factor", dilations[1] }, { "dilation_h_factor", dilations[0] },
        }, output)[0];
    }

    private static Value Conv3D(LoweringContext g, Layout layout, Value input, string padding, Fact output) =>
        g.Emit("CONV_3D", [input, g.In(1), Zeros(g, g.Shape(1)[4])], Options3D(g, layout, padding), output)[0];

    private static AttributeMap Options3D(LoweringContext g, Layout layout, string padding)
    {
        long[] strides = Spatial(g, layout, "strides"), dilations = Spatial(g, layout, "dilations", "1");
        return new()
        {
            { "padding", padding }, { "stride_d", strides[0] }, { "stride_w", strides[2] }, { "stride_h", strides[1] }, { "fused_activation_function", "NONE" },
            { "dilation_d_factor", dilations[0] }, { "dilation_w_factor", dilations[2] }, { "dilation_h_factor", dilations[1] },
        };
    }

    private static void Transposed(LoweringContext g)
    {
        Layout layout = Layout.Read(g.Node, 2);
        long[] strides = Spatial(g, layout, "strides");
        string padding = g.Attributes.String("padding");
        if (padding == "EXPLICIT" || Spatial(g, layout, "dilations", "1").Any(d => d != 1))
            throw g.Refuse("has explicit padding or dilations, which TRANSPOSE_CONV does not");
        Fact output = Last(g.Output(), layout);
        Value sizes = ShapeLowering.Narrow(g, g.In(0));
        if (layout.ChannelsFirst)
            sizes = g.Tf("GatherV2", sizes, g.Vector(0, 2, 3, 1), g.Scalar(0, DType.Int32));
        Value result = g.Emit("TRANSPOSE_CONV", [sizes, MoveLowering.Transposed(g, g.In(1), 2, 0, 1, 3), ChannelsLast(g, g.In(2), layout)], new()
        {
            { "padding", padding }, { "stride_w", strides[1] }, { "stride_h", strides[0] }, { "fused_activation_function", "NONE" },
        }, output)[0];
        g.Set(Back(g, result, layout));
    }

    private static void Transposed3D(LoweringContext g)
    {
        Layout layout = Layout.Read(g.Node, 3);
        if (layout.ChannelsFirst)
            throw g.Refuse("has channels first");
        g.Set(g.Emit("CONV_3D_TRANSPOSE", [ShapeLowering.Narrow(g, g.In(0)), g.In(1), g.In(2)], Options3D(g, layout, g.Attributes.String("padding")))[0]);
    }

    // A convolution with a filter that takes each element of the window to a channel of its own.
    private static void Patches(LoweringContext g)
    {
        Layout layout = new(2, false);
        long[] sizes = Spatial(g, layout, "ksizes"), strides = Spatial(g, layout, "strides"), rates = Spatial(g, layout, "rates");
        if (g.Shape(0) is not { HasRank: true } shape || shape[3] < 0)
            throw g.Refuse("has an unknown number of channels");
        (int h, int w, int c) = ((int)sizes[0], (int)sizes[1], (int)shape[3]);
        int taps = h * w * c;
        const int LargestFilter = 1 << 24;
        if ((long)taps * taps > LargestFilter)
            throw g.Refuse($"takes patches of {taps} elements, which is too many for a filter that picks them");
        float[] filter = new float[taps * taps];
        for (int i = 0; i < taps; i++)
            filter[(i * taps) + i] = 1;
        Value picked = g.Tf("Conv2D", new AttributeMap { { "strides", List(strides) }, { "dilations", List(rates) }, { "padding", g.Attributes.String("padding") } }, g.Type(0) == DType.Float32 ? g.In(0) : throw g.Refuse("takes patches of other elements than float32"), g.Const(Tensor.Wrap(filter, new Shape(h, w, c, taps))));
        g.Set(picked);
    }

    private static ListAttr List(long[] spatial) => new() { Ints = [1, .. spatial, 1] };
}
