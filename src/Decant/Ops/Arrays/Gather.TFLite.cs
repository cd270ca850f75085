using Decant.IR;
using Decant.Ops.Lowering;

namespace Decant.Ops.Arrays;

/// <summary>Ops that work by indices, in TensorFlow Lite's operators.</summary>
internal static class IndexLowering
{
    public static IEnumerable<LoweringRule> All =>
    [
        new("Gather", g => g.Set(Gather(g, 0, 0))),
        new("GatherV2", g => g.Set(Gather(g, g.ConstantInts(2, "axes")[0], g.Attributes.Int("batch_dims")))),
        new("ResourceGather", g => g.Set(Gather(g, 0, g.Attributes.Int("batch_dims")))),
        new("GatherNd", g => g.Set(g.Emit("GATHER_ND", [g.In(0), ShapeLowering.Narrow(g, g.In(1))], null)[0])),
        new("ScatterNd", g => g.Set(g.Emit("SCATTER_ND", [ShapeLowering.Narrow(g, g.In(0)), g.In(1), ShapeLowering.Narrow(g, g.In(2))], null)[0])),
        new("TensorScatterUpdate", g => g.Set(ScatterUpdate(g))),
        new("TensorScatterAdd", g => g.Set(g.Tf("AddV2", g.In(0), Scattered(g, g.In(2))))),
        new("TensorScatterSub", g => g.Set(g.Tf("Sub", g.In(0), Scattered(g, g.In(2))))),
        new("OneHot", OneHot),
        new("Where", g => g.Set(g.Emit("WHERE", [g.In(0)], null)[0])),
        new("Unique", g => g.Set(g.Emit("UNIQUE", [g.In(0)], new() { { "idx_out_type", g.Attributes.Type("out_idx") } }, g.Output(0), g.Output(1)))),
        new("UniqueWithCounts", UniqueWithCounts),
        new("TopKV2", g => g.Set(g.Emit("TOPK_V2", [g.In(0), ShapeLowering.Narrow(g, g.In(1))], null, g.Output(0), g.Output(1)))),
        new("TopK", g => g.Set(g.Expand("TopKV2", [g.In(0), g.Scalar(g.Attributes.Int("k"), DType.Int32)]))),
        new("NthElement", NthElement),
        new("InTopKV2", InTopK),
        new("InTopK", InTopK),
        new("SparseToDense", g => g.Set(g.Emit("SPARSE_TO_DENSE", [.. g.Node.Inputs], new() { { "validate_indices", g.Attributes.Bool("validate_indices") } })[0])),
        new("Bincount", Bincount),
        new("DynamicStitch", Stitch),
        new("ParallelDynamicStitch", Stitch),
        new("DynamicPartition", Partition),
    ];

    private static Value Gather(LoweringContext g, long axis, long batchDims)
    {
        Shape shape = g.Shape(0), indices = g.Shape(1);
        return g.Emit("GATHER", [g.In(0), g.In(1)], new() { { "axis", MoveLowering.Axis(g, axis, shape.Rank) }, { "batch_dims", MoveLowering.Axis(g, batchDims, indices.Rank) } })[0];
    }

    private static Value Scattered(LoweringContext g, Value updates) => g.Tf("ScatterNd", ShapeLowering.Narrow(g, g.In(1)), updates, g.Tf("Shape", g.In(0)));

    // Where an update goes, the old value is left out.
    private static Value ScatterUpdate(LoweringContext g)
    {
        Value ones = g.Tf("OnesLike", g.In(2));
        Value touched = Scattered(g, ones);
        return g.Tf("SelectV2", g.Tf("NotEqual", touched, g.Scalar(0, g.Type(0))), Scattered(g, g.In(2)), g.In(0));
    }

    private static void UniqueWithCounts(LoweringContext g)
    {
        Value[] unique = g.Expand("Unique", [g.In(0)], new() { { "out_idx", g.Attributes.Type("out_idx") } });
        g.Set(unique[0], unique[1], g.Tf("UnsortedSegmentSum", g.Tf("OnesLike", unique[1]), unique[1], g.Tf("Size", unique[0])));
    }

    private static void OneHot(LoweringContext g)
    {
        long axis = g.Attributes.Int("axis");
        g.Set(g.Emit("ONE_HOT", [g.In(0), ShapeLowering.Narrow(g, g.In(1)), g.In(2), g.In(3)], new() { { "axis", axis } })[0]);
    }

    private static void NthElement(LoweringContext g)
    {
        long n = g.ConstantInts(1, "a position")[0];
        bool reverse = g.Attributes.Bool("reverse");
        Value input = reverse ? g.In(0) : g.Tf("Neg", g.In(0));
        Value sorted = g.Expand("TopKV2", [input, g.Scalar(n + 1, DType.Int32)])[0];
        Shape shape = LoweringContext.Fact(sorted).Shape;
        if (!shape.HasRank)
            throw g.Refuse("has an input of unknown rank");
        Value taken = g.Tf("GatherV2", sorted, g.Scalar(n, DType.Int32), g.Scalar(shape.Rank - 1, DType.Int32));
        g.Set(reverse ? taken : g.Tf("Neg", taken));
    }

    // A target is among the first k when fewer than k predictions are larger than its own, and its own is finite.
    private static void InTopK(LoweringContext g)
    {
        (Value predictions, Value targets) = (g.In(0), ShapeLowering.Narrow(g, g.In(1)));
        Value k = g.InputCount > 2 ? ShapeLowering.Narrow(g, g.In(2)) : g.Scalar(g.Attributes.Int("k"), DType.Int32);
        Value own = g.Tf("GatherV2", new AttributeMap { { "batch_dims", 1 } }, predictions, g.Tf("ExpandDims", targets, g.Scalar(1, DType.Int32)), g.Scalar(1, DType.Int32));
        Value larger = g.Tf("Sum", g.Tf("Cast", new AttributeMap { { "DstT", DType.Int32 } }, g.Tf("Greater", predictions, own)), g.Vector(1));
        Value isFinite = g.Tf("IsFinite", g.Tf("Squeeze", new AttributeMap { { "squeeze_dims", new ListAttr { Ints = [1] } } }, own));
        g.Set(g.Tf("LogicalAnd", g.Tf("Less", larger, k), isFinite));
    }

    private static void Bincount(LoweringContext g)
    {
        if (g.Known(1) is not { } size)
            throw g.Refuse("has a size that is not constant");
        DType dtype = g.Attributes.Type("T");
        Value values = g.Tf("Reshape", ShapeLowering.Narrow(g, g.In(0)), g.Vector(-1));
        Value weights = g.Shape(2) is { HasRank: true, Rank: > 0 } w && w[0] != 0 ? g.Tf("Reshape", g.In(2), g.Vector(-1)) : g.Tf("Cast", new AttributeMap { { "DstT", dtype } }, g.Tf("OnesLike", values));
        g.Set(g.Tf("UnsortedSegmentSum", weights, values, g.Scalar(size[0], DType.Int32)));
    }

    private static void Stitch(LoweringContext g)
    {
        int count = g.InputCount / 2;
        if (g.Output().Shape is not { HasRank: true } result)
            throw g.Refuse("stitches rows of unknown rank");
        Shape row = new(result.Dims[1..]);
        var indices = new Value[count];
        var rows = new Value[count];
        for (int i = 0; i < count; i++)
        {
            if (!row.IsFullyKnown)
                throw g.Refuse("stitches rows of unknown shape");
            indices[i] = g.Tf("Reshape", g.In(i), g.Vector(-1, 1));
            rows[i] = g.Tf("Reshape", g.In(count + i), g.Vector([-1, .. row.Dims]));
        }

        // Later pieces win: each is laid over what those before made.
        Value size = g.Vector(result.Dims);
        if (result[0] < 0)
        {
            Value largest = g.Tf("Max", count == 1 ? indices[0] : g.Tf("ConcatV2", [.. indices, g.Scalar(0, DType.Int32)]), g.Vector(0));
            size = g.Tf("ConcatV2", g.Tf("AddV2", largest, g.Scalar(1, DType.Int32)), g.Vector(row.Dims), g.Scalar(0, DType.Int32));
        }

        Value made = g.Tf("ScatterNd", indices[0], rows[0], size);
        for (int i = 1; i < count; i++)
            made = g.Tf("TensorScatterUpdate", made, indices[i], rows[i]);
        g.Set(made);
    }

    private static void Partition(LoweringContext g)
    {
        Shape data = g.Shape(0), parts = g.Shape(1);
        if (!data.HasRank || !parts.HasRank)
            throw g.Refuse("partitions a tensor of unknown rank");
        Value rows = parts.Rank == 1 ? g.In(0) : g.Tf("Reshape", g.In(0), g.Vector([-1, .. data.Dims[parts.Rank..]]));
        Value numbers = parts.Rank == 1 ? g.In(1) : g.Tf("Reshape", g.In(1), g.Vector(-1));
        for (int i = 0; i < g.Attributes.Int("num_partitions"); i++)
        {
            Value where = g.Tf("Where", g.Tf("Equal", numbers, g.Scalar(i, DType.Int32)));
            g.Set(i, g.Tf("GatherNd", rows, where));
        }
    }
}
