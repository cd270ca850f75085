namespace Decant.Ops;

/// <summary>NumPy's rule for shapes: aligned at the last dimension, sizes are equal or one of them is 1.</summary>
internal static class Broadcasting
{
    /// <summary>
    /// The shape of the result, as far as it follows from what is known: an unknown dimension against 1 stays unknown,
    /// against a larger one it is that. Null when the shapes do not broadcast.
    /// </summary>
    public static Shape? Of(Shape a, Shape b)
    {
        if (!a.HasRank || !b.HasRank)
            return Shape.Unknown;
        if (a == b && a.IsFullyKnown)
            return a;
        if (a.IsFullyKnown && Extends(a, b))
            return a;
        if (b.IsFullyKnown && Extends(b, a))
            return b;
        int rank = Math.Max(a.Rank, b.Rank);
        Span<long> dims = rank <= 16 ? stackalloc long[rank] : new long[rank];
        for (int i = 1; i <= rank; i++)
        {
            long da = i <= a.Rank ? a[-i] : 1, db = i <= b.Rank ? b[-i] : 1;
            if (da >= 0 && db >= 0 && da != db && da != 1 && db != 1)
                return null;
            dims[^i] = da == 1 ? db : db == 1 ? da : Math.Max(da, db);
        }

        return new Shape(dims);
    }

    /// <summary>The shape of the result.</summary>
    /// <exception cref="ModelException">The shapes do not broadcast.</exception>
    public static Shape Of(KernelContext context, Shape a, Shape b) =>
        Of(a, b) ?? throw context.Fail(Mismatch(a, b));

    /// <inheritdoc cref="Of(KernelContext, Shape, Shape)" />
    public static Shape Of(InferenceContext context, Shape a, Shape b) =>
        Of(a, b) ?? throw context.Fail(Mismatch(a, b));

    /// <summary>Whether the larger shape is the result: each dimension of the other one is the same, or 1.</summary>
    private static bool Extends(Shape large, Shape small)
    {
        if (small.Rank > large.Rank)
            return false;
        for (int i = 1; i <= small.Rank; i++)
        {
            if (small[-i] != 1 && small[-i] != large[-i])
                return false;
        }

        return true;
    }

    private static string Mismatch(Shape a, Shape b) => $"has inputs of shapes {a} and {b}, expected shapes that broadcast: aligned at the last dimension, sizes equal or 1";
}
