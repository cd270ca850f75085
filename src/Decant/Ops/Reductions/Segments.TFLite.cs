using Decant.IR;
using Decant.Ops.Arrays;
using Decant.Ops.Lowering;

namespace Decant.Ops.Reductions;

/// <summary>Reductions of segments in TensorFlow Lite's operators.</summary>
internal static class SegmentLowering
{
    public static IEnumerable<LoweringRule> All =>
    [
        new("SegmentSum", g => g.Set(g.Emit("SEGMENT_SUM", [g.In(0), ShapeLowering.Narrow(g, g.In(1))], null)[0])),
        Sorted("SegmentMax", "UnsortedSegmentMax"),
        Sorted("SegmentMin", "UnsortedSegmentMin"),
        Sorted("SegmentProd", "UnsortedSegmentProd"),
        new("SegmentMean", Mean),
        Unsorted("UnsortedSegmentSum", "UNSORTED_SEGMENT_SUM"),
        Unsorted("UnsortedSegmentMax", "UNSORTED_SEGMENT_MAX"),
        Unsorted("UnsortedSegmentMin", "UNSORTED_SEGMENT_MIN"),
        Unsorted("UnsortedSegmentProd", "UNSORTED_SEGMENT_PROD"),
    ];

    private static LoweringRule Unsorted(string op, string operation) => new(op, g =>
    {
        Value data = g.In(0), ids = ShapeLowering.Narrow(g, g.In(1));
        Shape shape = g.Shape(1);
        if (!shape.HasRank || !g.Shape(0).HasRank)
            throw g.Refuse("has segment numbers of unknown rank");
        if (shape.Rank != 1)
        {
            ids = g.Tf("Reshape", ids, g.Vector(-1));
            data = g.Tf("Reshape", data, g.Vector([-1, .. g.Shape(0).Dims[shape.Rank..]]));
        }

        g.Set(g.Emit(operation, [data, ids, ShapeLowering.Narrow(g, g.In(2))], null)[0]);
    });

    /// <summary>Numbers are sorted, so the last tells how many segments there are.</summary>
    private static Value Count(LoweringContext g) => g.Tf("AddV2", g.Tf("Max", ShapeLowering.Narrow(g, g.In(1)), g.Vector(0)), g.Scalar(1, DType.Int32));

    /// <summary>Segments that are missing in between are 0, where unsorted reductions give the largest or smallest number.</summary>
    private static LoweringRule Sorted(string op, string unsorted) => new(op, g =>
    {
        Value count = Count(g), reduced = g.Tf(unsorted, g.In(0), g.In(1), count);
        if (op == "SegmentProd")
        {
            g.Set(reduced);
            return;
        }

        if (!g.Shape(0).HasRank)
            throw g.Refuse("has data of unknown rank");
        Value sizes = g.Tf("UnsortedSegmentSum", g.Tf("OnesLike", ShapeLowering.Narrow(g, g.In(1))), g.In(1), count);
        Value isThere = g.Tf("Reshape", g.Tf("Greater", sizes, g.Scalar(0, DType.Int32)), g.Vector([-1, .. Enumerable.Repeat(1L, g.Shape(0).Rank - 1)]));
        g.Set(g.Tf("SelectV2", isThere, reduced, g.Scalar(0, g.Type(0))));
    });

    private static void Mean(LoweringContext g)
    {
        if (!g.Shape(0).HasRank)
            throw g.Refuse("has data of unknown rank");
        Value sums = g.Tf("SegmentSum", g.In(0), g.In(1));
        Value ones = g.Tf("Cast", new AttributeMap { { "DstT", g.Type(0) } }, g.Tf("OnesLike", ShapeLowering.Narrow(g, g.In(1))));
        Value sizes = g.Tf("Maximum", g.Tf("SegmentSum", ones, g.In(1)), g.Scalar(1, g.Type(0)));
        g.Set(g.Tf("RealDiv", sums, g.Tf("Reshape", sizes, g.Vector([-1, .. Enumerable.Repeat(1L, g.Shape(0).Rank - 1)]))));
    }
}
