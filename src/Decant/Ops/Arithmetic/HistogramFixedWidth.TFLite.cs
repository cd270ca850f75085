using Decant.IR;
using Decant.Ops.Lowering;

namespace Decant.Ops.Arithmetic;

/// <summary>Counts of values in bins: a one for each, added where its bin is.</summary>
internal static class CountLowering
{
    public static LoweringRule Rule { get; } = new("HistogramFixedWidth", Lower);

    private static void Lower(LoweringContext g)
    {
        DType type = g.Type(0) == DType.Float64 ? DType.Float64 : DType.Float32;
        Value values = g.Tf("Reshape", As(g.In(0), type), g.Vector(-1)), range = As(g.In(1), type), bins = As(g.In(2), type);
        Value low = g.Tf("Slice", range, g.Vector(0), g.Vector(1)), high = g.Tf("Slice", range, g.Vector(1), g.Vector(1));
        Value width = g.Tf("RealDiv", g.Tf("Sub", high, low), bins);
        Value at = g.Tf("Floor", g.Tf("RealDiv", g.Tf("Sub", values, low), width));
        Value bin = As(g.Tf("Maximum", g.Tf("Minimum", at, g.Tf("Sub", bins, g.Scalar(1, type))), g.Scalar(0, type)), DType.Int32);
        Value count = g.Tf("UnsortedSegmentSum", g.Tf("OnesLike", bin), bin, g.In(2));
        g.Set(As(count, g.Attributes.Type("dtype")));

        Value As(Value value, DType to) => LoweringContext.Fact(value).DType == to ? value : g.Tf("Cast", new AttributeMap { { "DstT", to } }, value);
    }
}
