using Decant.IR;
using Decant.Ops.Lowering;

namespace Decant.Ops.Sparse;

/// <summary>A sparse tensor added to a dense one: its values where they belong, which add up where indices repeat.</summary>
internal static class SparseSumLowering
{
    public static LoweringRule Rule { get; } = new("SparseTensorDenseAdd", Lower);

    private static void Lower(LoweringContext g)
    {
        var narrow = new AttributeMap { { "DstT", DType.Int32 } };
        Value indices = g.Type(0) == DType.Int32 ? g.In(0) : g.Tf("Cast", narrow, g.In(0));
        Value shape = g.Tf("Shape", new AttributeMap { { "out_type", DType.Int32 } }, g.In(3));
        g.Set(g.Tf("AddV2", g.In(3), g.Tf("ScatterNd", indices, g.In(1), shape)));
    }
}
