using Decant.IR;
using Decant.Ops.Lowering;

namespace Decant.Ops.Arrays;

/// <summary>Ops that give, change or are made of shapes, in TensorFlow Lite's operators.</summary>
internal static class ShapeLowering
{
    public static IEnumerable<LoweringRule> All =>
    [
        new("Shape", g => g.Set(ShapeOf(g, g.In(0), g.Attributes.Type("out_type")))),
        new("ShapeN", g => g.Set([.. g.Node.Inputs.Select(v => ShapeOf(g, v, g.Attributes.Type("out_type")))])),
        new("Size", g => g.Set(g.Tf("Prod", ShapeOf(g, g.In(0), g.Attributes.Type("out_type")), g.Vector(0)))),
        new("Rank", g => g.Set(g.Shape(0).HasRank ? g.Const(Tensor.Scalar(g.Shape(0).Rank)) : g.Emit("RANK", [g.In(0)], null)[0])),
        new("Reshape", g => g.Set(Reshape(g, g.In(0), Narrow(g, g.In(1)), g.Output()))),
        new("Squeeze", Squeeze),
        new("ExpandDims", ExpandDims),
        new("Fill", g => g.Set(g.Emit("FILL", [Narrow(g, g.In(0)), g.In(1)], null)[0])),
        new("ZerosLike", g => g.Set(Filled(g, 0))),
        new("OnesLike", g => g.Set(Filled(g, 1))),
        new("BroadcastTo", BroadcastTo),
        new("BroadcastArgs", g => g.Set(g.Emit("BROADCAST_ARGS", [g.In(0), g.In(1)], null)[0])),
        new("Range", g => g.Set(g.Emit("RANGE", [g.In(0), g.In(1), g.In(2)], null)[0])),
        new("InvertPermutation", g => g.Set(g.Tf("ScatterNd", g.Tf("ExpandDims", g.In(0), g.Scalar(-1, DType.Int32)), Counting(g, g.In(0)), g.Tf("Shape", g.In(0))))),
        new("Empty", g => g.Set(g.Tf("Fill", g.In(0), g.Scalar(0, g.Attributes.Type("dtype"))))),
    ];

    /// <summary>Sizes, axes and indices as int32, which is what kernels take.</summary>
    public static Value Narrow(LoweringContext g, Value value) =>
        LoweringContext.Fact(value).DType == DType.Int32 ? value : g.Tf("Cast", new AttributeMap { { "DstT", DType.Int32 } }, value);

    /// <summary>A dimension of a value, as a scalar of int32.</summary>
    public static Value Dimension(LoweringContext g, Value value, int axis) =>
        LoweringContext.Fact(value).Shape is { HasRank: true } shape && shape[axis] >= 0 ? g.Scalar(shape[axis], DType.Int32)
            : g.Tf("GatherV2", ShapeOf(g, value, DType.Int32), g.Scalar(axis, DType.Int32), g.Scalar(0, DType.Int32));

    /// <summary>0, 1, ... as many as a vector has elements.</summary>
    public static Value Counting(LoweringContext g, Value vector) =>
        g.Tf("Range", g.Scalar(0, DType.Int32), Dimension(g, vector, 0), g.Scalar(1, DType.Int32));

    /// <summary>A value in another shape.</summary>
    public static Value Reshape(LoweringContext g, Value value, Value shape, Fact fact)
    {
        // Where one size is open, it is written as -1, so that the operator needs no computed shape.
        Value wanted = shape;
        if (shape.Constant is null && fact.Shape is { HasRank: true } known && known.Dims.ToArray().Count(d => d < 0) <= 1)
            wanted = g.Vector(known.Dims);
        AttributeMap? options = wanted.Constant is { } sizes ? new() { { "new_shape", new ListAttr { Ints = TensorInts.Read(sizes, g.Node) } } } : null;
        return g.Emit("RESHAPE", [value, wanted], options, fact with { DType = LoweringContext.Fact(value).DType, Constant = null })[0];
    }

    private static Value ShapeOf(LoweringContext g, Value value, DType dtype)
    {
        Shape shape = LoweringContext.Fact(value).Shape;
        if (shape.IsFullyKnown)
            return dtype == DType.Int64 ? g.Const(Tensor.Wrap(shape.Dims.ToArray())) : g.Vector(shape.Dims);
        return g.Emit("SHAPE", [value], new() { { "out_type", dtype } }, new Fact(dtype, shape.HasRank ? new Shape(shape.Rank) : new Shape(-1)))[0];
    }

    private static void Squeeze(LoweringContext g)
    {
        long[] axes = [.. g.Attributes.Ints("squeeze_dims")];
        Shape shape = g.Shape(0);
        if (g.Output().Shape is { HasRank: true } result && result.Dims.ToArray().Count(d => d < 0) <= 1 && shape.HasRank)
        {
            g.Set(Reshape(g, g.In(0), g.Vector(result.Dims), g.Output()));
            return;
        }

        if (shape.HasRank)
            axes = [.. axes.Select(a => a < 0 ? a + shape.Rank : a)];
        g.Set(g.Emit("SQUEEZE", [g.In(0)], new() { { "squeeze_dims", new ListAttr { Ints = axes } } })[0]);
    }

    private static void ExpandDims(LoweringContext g)
    {
        if (g.Output().Shape is { HasRank: true } result && result.Dims.ToArray().Count(d => d < 0) <= 1)
            g.Set(Reshape(g, g.In(0), g.Vector(result.Dims), g.Output()));
        else
            g.Set(g.Emit("EXPAND_DIMS", [g.In(0), Narrow(g, g.In(1))], null)[0]);
    }

    // Strings are repeated along the dimensions of size 1.
    private static void BroadcastTo(LoweringContext g)
    {
        (Shape from, Shape to) = (g.Shape(0), g.Output().Shape);
        if (g.Type(0) != DType.String || !from.IsFullyKnown || !to.IsFullyKnown)
        {
            g.Set(g.Emit("BROADCAST_TO", [g.In(0), Narrow(g, g.In(1))], null)[0]);
            return;
        }

        long[] aligned = [.. Enumerable.Repeat(1L, to.Rank - from.Rank), .. from.Dims];
        g.Set(g.Tf("Tile", g.Tf("Reshape", g.In(0), g.Vector(aligned)), g.Vector([.. aligned.Select((d, i) => d == to[i] ? 1 : to[i])])));
    }

    private static Value Filled(LoweringContext g, double value)
    {
        Shape shape = g.Shape(0);
        if (value == 0 && g.Type(0) == DType.String)
            return g.Tf("Fill", shape.IsFullyKnown ? g.Vector(shape.Dims) : g.Tf("Shape", g.In(0)), g.Const(Tensor.FromStrings([""]).Reshaped(Shape.Scalar)));
        if (value == 0 && g.Type(0) is DType.Float32 or DType.Int32 or DType.Int64)
            return g.Emit("ZEROS_LIKE", [g.In(0)], null)[0];
        return g.Tf("Fill", shape.IsFullyKnown ? g.Vector(shape.Dims) : g.Tf("Shape", g.In(0)), g.Scalar(value, g.Type(0)));
    }
}
