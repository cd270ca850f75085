using Decant.IR;
using Decant.Ops.Lowering;

namespace Decant.Ops.NN;

/// <summary>Pools in TensorFlow Lite's operators.</summary>
internal static class PoolLowering
{
    public static IEnumerable<LoweringRule> All =>
    [
        new("AvgPool", g => Pool(g, "AVERAGE_POOL_2D")),
        new("MaxPool", g => Pool(g, "MAX_POOL_2D")),
        new("MaxPoolV2", g => g.Set(g.Tf("MaxPool", new AttributeMap
        {
            { "ksize", new ListAttr { Ints = g.ConstantInts(1, "window sizes") } }, { "strides", new ListAttr { Ints = g.ConstantInts(2, "strides") } },
            { "padding", g.Attributes.String("padding") }, { "data_format", g.Attributes.String("data_format") },
        }, g.In(0)))),
        new("AvgPool3D", g => Pool3D(g, "AvgPool")),
        new("MaxPool3D", g => Pool3D(g, "MaxPool")),
    ];

    private static void Pool(LoweringContext g, string operation)
    {
        Layout layout = Layout.Read(g.Node, 2);
        long[] strides, sizes;
        try
        {
            (strides, sizes) = (ConvolutionLowering.Spatial(g, layout, "strides"), ConvolutionLowering.Spatial(g, layout, "ksize"));
        }
        catch (ModelException)
        {
            throw g.Refuse("pools over batches or channels");
        }

        double least = operation == "MAX_POOL_2D" ? float.MinValue : 0;
        (Value input, string padding) = ConvolutionLowering.Padded(g, ConvolutionLowering.ChannelsLast(g, g.In(0), layout), layout, least);
        Value result = g.Emit(operation, [input], new()
        {
            { "padding", padding }, { "stride_w", strides[1] }, { "stride_h", strides[0] }, { "filter_width", sizes[1] }, { "filter_height", sizes[0] }, { "fused_activation_function", "NONE" },
        }, ConvolutionLowering.Last(g.Output(), layout))[0];
        g.Set(ConvolutionLowering.Back(g, result, layout));
    }

    // Height and width first, with depth as part of the batch, then depth, with height and width as one dimension. Windows are
    // boxes, so the mean of means over what is inside is the mean.
    private static void Pool3D(LoweringContext g, string pool)
    {
        Layout layout = Layout.Read(g.Node, 3);
        long[] strides = ConvolutionLowering.Spatial(g, layout, "strides"), sizes = ConvolutionLowering.Spatial(g, layout, "ksize");
        Value input = ConvolutionLowering.ChannelsLast(g, g.In(0), layout);
        Shape shape = LoweringContext.Fact(input).Shape;
        if (!shape.HasRank || shape.Dims[1..].Contains(-1))
            throw g.Refuse($"pools a tensor of shape {shape}, of which more than the batch is unknown");
        string padding = g.Attributes.String("padding");
        Value Over(Value value, long[] size, long[] stride) => g.Tf(pool, new AttributeMap
        {
            { "ksize", new ListAttr { Ints = [1, .. size, 1] } }, { "strides", new ListAttr { Ints = [1, .. stride, 1] } }, { "padding", padding },
        }, value);
        Value planes = Over(g.Tf("Reshape", input, g.Vector(-1, shape[2], shape[3], shape[4])), sizes[1..], strides[1..]);
        Shape pooled = LoweringContext.Fact(planes).Shape;
        Value columns = Over(g.Tf("Reshape", planes, g.Vector(-1, shape[1], pooled[1] * pooled[2], shape[4])), [sizes[0], 1], [strides[0], 1]);
        long depth = LoweringContext.Fact(columns).Shape[1];
        g.Set(ConvolutionLowering.Back(g, g.Tf("Reshape", columns, g.Vector(-1, depth, pooled[1], pooled[2], shape[4])), layout));
    }
}
