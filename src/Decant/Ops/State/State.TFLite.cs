using Decant.IR;
using Decant.Ops.Lowering;

namespace Decant.Ops.State;

/// <summary>
/// Updates of variables whose value is assigned in the same run: what an update hands on is the new value. A variable that keeps its
/// value from one run to the next is left, and refused.
/// </summary>
internal static class StateLowering
{
    public static IEnumerable<LoweringRule> All =>
    [
        new("Assign", g => g.Set(g.In(1))),
        new("AssignAdd", g => g.Set(g.Tf("AddV2", Old(g), g.In(1)))),
        new("AssignSub", g => g.Set(g.Tf("Sub", Old(g), g.In(1)))),
        new("ScatterAdd", g => Scatter(g, "TensorScatterAdd")),
        new("ScatterDiv", g => Scatter(g, null, "Div")),
        new("ScatterMax", g => Scatter(g, null, "Maximum")),
        new("ScatterMin", g => Scatter(g, null, "Minimum")),
        new("ScatterMul", g => Scatter(g, null, "Mul")),
        new("ScatterNdAdd", g => Update(g, g.In(1), g.In(2), "TensorScatterAdd", null)),
        new("ScatterNdSub", g => Update(g, g.In(1), g.In(2), "TensorScatterSub", null)),
        new("ScatterNdUpdate", g => Update(g, g.In(1), g.In(2), "TensorScatterUpdate", null)),
        new("ScatterSub", g => Scatter(g, "TensorScatterSub")),
        new("ScatterUpdate", g => Scatter(g, "TensorScatterUpdate")),
    ];

    /// <summary>The value before the update, which an operator or a constant gives.</summary>
    private static Value Old(LoweringContext g) => g.In(0) is { Node.Op: { Dialect: Dialect.TensorFlow, Name: not ("Const" or Function.ArgOp) } }
        ? throw g.Refuse("updates a variable that keeps its value from one run to the next") : g.In(0);

    /// <summary>Slices along the first dimension, by indices of any rank.</summary>
    private static void Scatter(LoweringContext g, string? whole, string? element = null)
    {
        Value indices = g.Tf("ExpandDims", g.In(1), g.Scalar(-1, DType.Int32)), updates = g.In(2);
        if (g.Shape(2).Rank == 0)
        {
            if (!g.Shape(0).IsFullyKnown || !g.Shape(1).IsFullyKnown)
                throw g.Refuse("updates slices of unknown shape by one number");
            updates = g.Tf("BroadcastTo", updates, g.Vector([.. g.Shape(1).Dims, .. g.Shape(0).Dims[1..]]));
        }

        Update(g, indices, updates, whole, element);
    }

    /// <summary>By an op on tensors, or, where none combines twice, by combining elements that are each updated once.</summary>
    private static void Update(LoweringContext g, Value indices, Value updates, string? whole, string? element)
    {
        Value old = Old(g);
        if (g.Shape(1).TryElementCount(out long count) && count == 0)
        {
            g.Set(old);
            return;
        }

        if (element is not null && count != 1)
        {
            long[] known = g.ConstantInts(1, "indices");
            if (known.Distinct().Count() != known.Length)
                throw g.Refuse("updates a slice more than once");
        }

        g.Set(whole is not null ? g.Tf(whole, old, indices, updates) : g.Tf("TensorScatterUpdate", old, indices, g.Tf(element!, g.Tf("GatherNd", old, indices), updates)));
    }
}
