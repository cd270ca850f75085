using Decant.IR;
using Decant.Ops;

namespace Decant.Lowering.Composing;

/// <summary>
/// Ops that change rows of a variable, which in a frozen graph is a value: its rows with others added, taken away, put in their place, or
/// combined with them. Rows of Nd forms are named by vectors, those of the others by numbers, of any shape.
/// </summary>
internal static class Scatters
{
    public static Value[] Added(CompositionContext c, string op, bool isNd)
    {
        if (IsEmpty(c))
            return [c.In(0)];
        Shape shape = c.Shape(0) is { IsFullyKnown: true } known ? known : throw c.Refuse($"changes {c.Shape(0)}, whose size is not known");
        Value sizes = c.Tf("Cast", new AttributeMap { { "DstT", c.Type(1) } }, c.Vector(shape.Dims));
        return [c.Tf(op, c.In(0), c.Tf("ScatterNd", Places(c, isNd), Updates(c, isNd), sizes))];
    }

    public static Value[] Updated(CompositionContext c, bool isNd) =>
        IsEmpty(c) ? [c.In(0)] : [c.Tf("TensorScatterUpdate", c.In(0), Places(c, isNd), Updates(c, isNd))];

    /// <summary>What the updates of a row come to is combined with it; other rows meet the neutral number.</summary>
    public static Value[] Combined(CompositionContext c, string op, string reduction, double neutral)
    {
        if (IsEmpty(c))
            return [c.In(0)];
        Shape shape = c.Shape(0) is { IsFullyKnown: true, Rank: > 0 } known ? known : throw c.Refuse($"changes {c.Shape(0)}, whose size is not known");
        if (c.Type(0) is not (DType.Float32 or DType.Int32) || (op == "RealDiv" && c.Type(0) != DType.Float32))
            throw c.Refuse($"is of {c.Type(0).Name()}");
        Value rows = Updates(c, isNd: false), numbers = c.Tf("Reshape", c.In(1), c.Vector(-1));
        return [c.Tf(op, c.In(0), OwnCompositions.Reduced(c, reduction, rows, numbers, c.Scalar(shape[0], DType.Int32), shape.Rank - 1, c.Scalar(neutral, c.Type(0))))];
    }

    private static bool IsEmpty(CompositionContext c) => c.Shape(1) is { IsFullyKnown: true, ElementCount: 0 } || c.Shape(2) is { IsFullyKnown: true, ElementCount: 0 };

    private static Value Places(CompositionContext c, bool isNd) => isNd ? c.In(1) : c.Tf("Reshape", c.In(1), c.Vector(-1, 1));

    // Rows without Nd are [n, ...], of any shape of numbers; a number counts for all elements of them.
    private static Value Updates(CompositionContext c, bool isNd)
    {
        if (isNd)
            return c.In(2);
        if (c.Shape(0) is not { IsFullyKnown: true, Rank: > 0 } shape)
            throw c.Refuse($"changes {c.Shape(0)}, whose size is not known");
        if (!c.Shape(2).HasRank)
            throw c.Refuse("has updates whose dimensions are not known");
        if (c.Shape(2).Rank > 0 || shape.Rank == 1 && c.Shape(1) is { HasRank: true, Rank: 0 })
            return c.Tf("Reshape", c.In(2), c.Vector([-1, .. shape.Dims[1..]]));
        return c.Shape(1) is { IsFullyKnown: true } places
            ? c.Tf("Fill", c.Vector([places.ElementCount, .. shape.Dims[1..]]), c.In(2)) : throw c.Refuse("has one number for rows whose count is not known");
    }
}
