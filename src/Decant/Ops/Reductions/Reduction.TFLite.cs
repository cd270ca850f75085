using Decant.IR;
using Decant.Ops.Arrays;
using Decant.Ops.Lowering;

namespace Decant.Ops.Reductions;

/// <summary>Reductions along axes in TensorFlow Lite's operators.</summary>
internal static class ReductionLowering
{
    public static IEnumerable<LoweringRule> All =>
    [
        Reduction("Sum", "SUM"),
        Reduction("Mean", "MEAN"),
        Reduction("Prod", "REDUCE_PROD"),
        Reduction("Max", "REDUCE_MAX"),
        Reduction("Min", "REDUCE_MIN"),
        Reduction("Any", "REDUCE_ANY"),
        Reduction("All", "REDUCE_ALL"),
        new("EuclideanNorm", g => g.Set(g.Tf("Sqrt", g.Tf("Sum", new AttributeMap { { "keep_dims", g.Attributes.Bool("keep_dims") } }, g.Tf("Square", g.In(0)), g.In(1))))),
        Extreme("ArgMax", "ARG_MAX"),
        Extreme("ArgMin", "ARG_MIN"),
        new("Cumsum", g => g.Set(g.Emit("CUMSUM", [g.In(0), ShapeLowering.Narrow(g, g.In(1))], new() { { "exclusive", g.Attributes.Bool("exclusive") }, { "reverse", g.Attributes.Bool("reverse") } })[0])),
        new("Cumprod", Cumprod),
    ];

    private static LoweringRule Reduction(string op, string operation) => new(op, g =>
    {
        if (g.Shape(0) is { HasRank: true, Rank: 0 } || g.Shape(1) is { HasRank: true, Rank: 1 } axes && axes[0] == 0)
        {
            g.Set(g.In(0));
            return;
        }

        // TensorFlow's greatest of no numbers is infinite, TensorFlow Lite's the least finite one.
        if (op is "Max" or "Min" && g.Shape(0).ElementCount == 0 && g.Output() is { Shape.IsFullyKnown: true, DType: DType.Float32 or DType.Float64 or DType.Float16 or DType.BFloat16 } output)
        {
            double none = op == "Max" ? double.NegativeInfinity : double.PositiveInfinity;
            g.Set(g.Tf("Fill", g.Const(Tensor.Wrap<long>(output.Shape.Dims.ToArray(), new Shape(output.Shape.Rank))), g.Scalar(none, output.DType)));
            return;
        }

        g.Set(g.Emit(operation, [g.In(0), ShapeLowering.Narrow(g, g.In(1))], new() { { "keep_dims", g.Attributes.Bool("keep_dims") } })[0]);
    });

    private static LoweringRule Extreme(string op, string operation) => new(op, g =>
    {
        Value axis = g.Known(1) is [var constant] ? g.Scalar(MoveLowering.Axis(g, constant, g.Shape(0).Rank), DType.Int32) : ShapeLowering.Narrow(g, g.In(1));
        g.Set(g.Emit(operation, [g.In(0), axis], new() { { "output_type", g.Output().DType } })[0]);
    });

    // Running products, a slice of the axis after the other.
    private static void Cumprod(LoweringContext g)
    {
        const int MostSlices = 256;
        Shape shape = g.Shape(0);
        long axis = MoveLowering.Axis(g, g.ConstantInts(1, "axes")[0], shape.Rank);
        if (!shape.HasRank || shape[(int)axis] is < 1 or > MostSlices)
            throw g.Refuse($"multiplies along a dimension of unknown size, or of more than {MostSlices}");
        (bool exclusive, bool reverse) = (g.Attributes.Bool("exclusive"), g.Attributes.Bool("reverse"));
        int count = (int)shape[(int)axis];
        Value[] slices = g.Expand("Unpack", [g.In(0)], new() { { "num", count }, { "axis", axis } });
        if (reverse)
            Array.Reverse(slices);
        var products = new Value[count];
        Value running = g.Tf("OnesLike", slices[0]);
        for (int i = 0; i < count; i++)
        {
            Value next = i == 0 ? slices[0] : g.Tf("Mul", running, slices[i]);
            products[i] = exclusive ? running : next;
            running = next;
        }

        if (reverse)
            Array.Reverse(products);
        g.Set(g.Tf("Pack", new AttributeMap { { "axis", axis } }, products));
    }
}
