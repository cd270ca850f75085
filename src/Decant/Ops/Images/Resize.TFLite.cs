using Decant.IR;
using Decant.Ops.Arrays;
using Decant.Ops.Lowering;

namespace Decant.Ops.Images;

/// <summary>Ops on images and boxes in TensorFlow Lite's operators.</summary>
internal static class ImageLowering
{
    public static IEnumerable<LoweringRule> All =>
    [
        Resize("ResizeBilinear", "RESIZE_BILINEAR"),
        Resize("ResizeNearestNeighbor", "RESIZE_NEAREST_NEIGHBOR"),
        new("NonMaxSuppression", g => g.Set(Suppress(g, g.Scalar(g.Attributes.Float("iou_threshold"), DType.Float32), g.Scalar(float.NegativeInfinity, DType.Float32)))),
        new("NonMaxSuppressionV2", g => g.Set(Suppress(g, g.In(3), g.Scalar(float.NegativeInfinity, DType.Float32)))),
        new("NonMaxSuppressionV3", g => g.Set(Suppress(g, g.In(3), g.In(4)))),
        new("NonMaxSuppressionV4", SuppressPadded),
        new("NonMaxSuppressionV5", SuppressSoft),
    ];

    private static LoweringRule Resize(string op, string operation) => new(op, g => g.Set(g.Emit(
        operation, [g.Type(0).IsFloating() ? g.In(0) : g.Tf("Cast", new AttributeMap { { "DstT", DType.Float32 } }, g.In(0)), ShapeLowering.Narrow(g, g.In(1))],
        new() { { "align_corners", g.Attributes.Bool("align_corners") }, { "half_pixel_centers", g.Attributes.Bool("half_pixel_centers") } })[0]));

    /// <summary>The operators give as many as were asked for, and how many of them count.</summary>
    private static Value[] Emit(LoweringContext g, Value iou, Value score)
    {
        long most = g.Known(2) is [var constant] ? constant : -1;
        return g.Emit("NON_MAX_SUPPRESSION_V4", [g.In(0), g.In(1), ShapeLowering.Narrow(g, g.In(2)), Overlap(g, iou), score], null, new Fact(DType.Int32, new Shape(most)), new Fact(DType.Int32, Shape.Scalar));
    }

    /// <summary>The operators drop a box whose overlap is the limit, TensorFlow's ops only those with more. Limits that are computed stay, and 1 does, which is the largest.</summary>
    public static Value Overlap(LoweringContext g, Value limit) =>
        limit.Constant is { DType: DType.Float32, ElementCount: 1 } constant && constant.Span<float>()[0] is >= 0 and < 1 and var value ? g.Scalar(MathF.BitIncrement(value), DType.Float32) : limit;

    private static Value Suppress(LoweringContext g, Value iou, Value score)
    {
        Value[] found = Emit(g, iou, score);
        return First(g, found[0], found[1]);
    }

    private static Value First(LoweringContext g, Value values, Value count) => g.Tf("Slice", values, g.Vector(0), g.Tf("Reshape", count, g.Vector(1)));

    private static void SuppressPadded(LoweringContext g)
    {
        Value[] found = Emit(g, g.In(3), g.In(4));
        g.Set(g.Attributes.Bool("pad_to_max_output_size") ? found[0] : First(g, found[0], found[1]), found[1]);
    }

    private static void SuppressSoft(LoweringContext g)
    {
        long most = g.Known(2) is [var constant] ? constant : -1;
        // The operator drops overlaps also when scores fall, and takes limits up to 1.
        Value iou = g.In(5).Constant is { DType: DType.Float32, ElementCount: 1 } sigma && sigma.Span<float>()[0] > 0 ? g.Scalar(1, DType.Float32) : Overlap(g, g.In(3));
        Value[] found = g.Emit(
            "NON_MAX_SUPPRESSION_V5", [g.In(0), g.In(1), ShapeLowering.Narrow(g, g.In(2)), iou, g.In(4), g.In(5)], null,
            new Fact(DType.Int32, new Shape(most)), new Fact(DType.Float32, new Shape(most)), new Fact(DType.Int32, Shape.Scalar));
        if (!g.Attributes.Bool("pad_to_max_output_size"))
            (found[0], found[1]) = (First(g, found[0], found[2]), First(g, found[1], found[2]));
        g.Set(found[0], found[1], found[2]);
    }
}
