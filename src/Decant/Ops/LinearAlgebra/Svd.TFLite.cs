using Decant.IR;
using Decant.Ops.Lowering;

namespace Decant.Ops.LinearAlgebra;

/// <summary>
/// Singular values of small matrices by Jacobi's rotations from one side, in the order of <see cref="Spectral.Singular"/>, so that vectors have its
/// signs. The columns of the tall matrix are rows here, with those of V behind them: a rotation turns both. Pairs of columns p and q whose sum is the
/// same do not meet, so that they are turned at once.
/// </summary>
internal static class SvdLowering
{
    private const int MostColumns = 8, MostRows = 64;

    // Of the largest singular value: vectors of smaller ones are noise of float32.
    private const double Least = 1e-7;

    public static LoweringRule Rule { get; } = new("Svd", Lower);

    private static void Lower(LoweringContext g)
    {
        Shape shape = g.Shape(0);
        if (shape is not { HasRank: true, Rank: > 1 } || Math.Min(shape[-1], shape[-2]) is < 1 or > MostColumns || Math.Max(shape[-1], shape[-2]) > MostRows || shape.Dims[..^2].Count(-1) > 1)
            throw g.Refuse($"has matrices {shape}, expected ones of at most {MostColumns} rows or columns, and at most {MostRows} of the other");
        if (g.Type(0) is not (DType.Float32 or DType.Float64))
            throw g.Refuse($"is of {g.Type(0).Name()}");
        (int rows, int columns) = ((int)shape[-2], (int)shape[-1]);
        (int p, int m) = (Math.Min(rows, columns), Math.Max(rows, columns));
        bool wantsVectors = g.Attributes.Bool("compute_uv");
        Value lines = g.Tf("Reshape", g.In(0), g.Vector(-1, rows, columns));
        if (rows >= columns)
            lines = Transposed(g, lines);
        if (wantsVectors)
        {
            Value unit = g.Tf("AddV2", g.Tf("ZerosLike", g.Tf("Slice", lines, g.Vector(0, 0, 0), g.Vector(-1, p, p))), Number(g, Unit(p), p, p));
            lines = g.Tf("ConcatV2", lines, unit, g.Scalar(2, DType.Int32));
        }

        // Convergence is quadratic: one sweep more than random and graded matrices of float32 need.
        int sweeps = 5 + (p / 2);
        for (int sweep = 0; sweep < sweeps; sweep++)
        {
            for (int sum = 1; sum < (2 * p) - 2; sum++)
                lines = Rotated(g, lines, p, m, sum);
        }

        Value left = g.Tf("Slice", lines, g.Vector(0, 0, 0), g.Vector(-1, p, m));
        Value[] sorted = g.Expand("TopKV2", [g.Tf("Sqrt", g.Tf("Sum", g.Tf("Mul", left, left), g.Vector(2))), g.Scalar(p, DType.Int32)]);
        long[] batch = shape.Dims[..^2].ToArray();
        g.Set(0, g.Tf("Reshape", sorted[0], g.Vector([.. batch, p])));
        if (!wantsVectors)
        {
            Value none = g.Tf("Cast", new AttributeMap { { "DstT", g.Type(0) } }, g.Const(Tensor.Wrap(Array.Empty<float>())));
            g.Set(1, none);
            g.Set(2, none);
            return;
        }

        lines = Rows(g, lines, sorted[1]);
        Value values = g.Tf("ExpandDims", sorted[0], g.Scalar(2, DType.Int32));
        int count = g.Attributes.Bool("full_matrices") ? m : p;
        left = Completed(g, g.Tf("Slice", lines, g.Vector(0, 0, 0), g.Vector(-1, p, m)), values, p, m, count);
        Value right = g.Tf("Slice", lines, g.Vector(0, 0, m), g.Vector(-1, p, p));
        bool isWide = rows < columns;
        g.Set(1, g.Tf("Reshape", Transposed(g, isWide ? right : left), g.Vector([.. batch, rows, isWide ? p : count])));
        g.Set(2, g.Tf("Reshape", Transposed(g, isWide ? left : right), g.Vector([.. batch, columns, isWide ? count : p])));
    }

    /// <summary>Makes the pairs of rows orthogonal whose indices have a sum; the others stay.</summary>
    private static Value Rotated(LoweringContext g, Value lines, int p, int m, int sum)
    {
        int[] partners = [.. Enumerable.Range(0, p).Select(i => sum - i >= 0 && sum - i < p ? sum - i : i)];
        // 1 for the first of a pair, -1 for the second, 0 for those without a partner.
        float[] roles = [.. partners.Select((partner, i) => (float)Math.Sign(partner - i))];
        Value role = Number(g, roles, p, 1), half = Number(g, [.. roles.Select(r => r / 2)], p, 1);
        Value order = g.Const(Tensor.Wrap(partners)), axis = g.Scalar(1, DType.Int32);
        Value others = g.Tf("GatherV2", lines, order, axis);
        Value own = Upper(lines), other = Upper(others), norms = Dot(own, own), product = Dot(own, other), size = g.Tf("Abs", product);
        Value isStill = g.Tf("LogicalOr", g.Tf("LessEqual", size, g.Scalar(1e-37, g.Type(0))), g.Const(Tensor.Wrap([.. roles.Select(r => r == 0)], new Shape(1, p, 1))));
        Value one = g.Scalar(1, g.Type(0));
        // cot 2a = (|q|^2 - |p|^2) / 2 p.q, and t = tan a the smaller root.
        Value difference = g.Tf("Sub", g.Tf("GatherV2", norms, order, axis), norms);
        Value cotangent = g.Tf("RealDiv", g.Tf("Mul", difference, half), g.Tf("SelectV2", isStill, one, size));
        Value sign = g.Tf("SelectV2", g.Tf("GreaterEqual", cotangent, g.Scalar(0, g.Type(0))), one, g.Scalar(-1, g.Type(0)));
        Value root = g.Tf("Sqrt", g.Tf("AddV2", g.Tf("Mul", cotangent, cotangent), one));
        Value tangent = g.Tf("SelectV2", isStill, g.Scalar(0, g.Type(0)), g.Tf("RealDiv", sign, g.Tf("AddV2", g.Tf("Abs", cotangent), root)));
        Value cosine = g.Tf("Rsqrt", g.Tf("AddV2", g.Tf("Mul", tangent, tangent), one));
        Value sine = g.Tf("Mul", g.Tf("Mul", g.Tf("Mul", g.Tf("Sign", product), tangent), cosine), role);
        return g.Tf("Sub", g.Tf("Mul", cosine, lines), g.Tf("Mul", sine, others));

        Value Upper(Value of) => g.Tf("Slice", of, g.Vector(0, 0, 0), g.Vector(-1, p, m));

        Value Dot(Value a, Value b) => g.Tf("Sum", new AttributeMap { { "keep_dims", true } }, g.Tf("Mul", a, b), g.Vector(2));
    }

    /// <summary>
    /// Rows by their lengths; those without one, and <paramref name="count"/> - p more, are made orthogonal to the others by Gram and Schmidt, twice,
    /// from the first unit vector that is not among them.
    /// </summary>
    private static Value Completed(LoweringContext g, Value rows, Value lengths, int p, int m, int count)
    {
        Value largest = g.Tf("Slice", lengths, g.Vector(0, 0, 0), g.Vector(-1, 1, 1));
        Value isNone = g.Tf("LessEqual", lengths, g.Tf("Mul", largest, g.Scalar(Least * m, g.Type(0)))), zero = g.Scalar(0, g.Type(0));
        rows = g.Tf("SelectV2", isNone, zero, g.Tf("RealDiv", rows, g.Tf("SelectV2", isNone, g.Scalar(1, g.Type(0)), lengths)));
        if (count > p)
        {
            Value more = g.Tf("Pad", g.Tf("ZerosLike", g.Tf("Slice", rows, g.Vector(0, 0, 0), g.Vector(-1, 1, m))), g.Const(Tensor.Wrap([0, 0, 0, count - p - 1, 0, 0], new Shape(3, 2))));
            rows = g.Tf("ConcatV2", rows, more, g.Scalar(1, DType.Int32));
        }

        Value unit = Number(g, Unit(m), m, m);
        Value isEmpty = g.Tf("Less", g.Tf("Sum", new AttributeMap { { "keep_dims", true } }, g.Tf("Mul", rows, rows), g.Vector(2)), g.Scalar(0.5, g.Type(0)));
        for (int at = 0; at < count; at++)
        {
            Value rest = g.Tf("Sub", unit, g.Tf("BatchMatMulV2", new AttributeMap { { "adj_x", true } }, rows, rows));
            rest = g.Tf("Sub", rest, g.Tf("BatchMatMulV2", g.Tf("BatchMatMulV2", new AttributeMap { { "adj_y", true } }, rest, rows), rows));
            Value isFree = g.Tf("GreaterEqual", g.Tf("Sum", g.Tf("Mul", rest, rest), g.Vector(2)), g.Scalar(1e-8, g.Type(0)));
            Value first = g.Tf("ArgMax", new AttributeMap { { "output_type", DType.Int32 } }, g.Tf("Cast", new AttributeMap { { "DstT", DType.Float32 } }, isFree), g.Scalar(1, DType.Int32));
            Value row = Rows(g, rest, g.Tf("ExpandDims", first, g.Scalar(1, DType.Int32)));
            Value length = g.Tf("Sqrt", g.Tf("Sum", new AttributeMap { { "keep_dims", true } }, g.Tf("Mul", row, row), g.Vector(2)));
            Value isHere = g.Tf("LogicalAnd", isEmpty, g.Const(Tensor.Wrap([.. Enumerable.Range(0, count).Select(i => i == at)], new Shape(1, count, 1))));
            rows = g.Tf("SelectV2", isHere, g.Tf("RealDiv", row, g.Tf("Maximum", length, g.Scalar(1e-30, g.Type(0)))), rows);
        }

        return rows;
    }

    // Of each matrix the rows of its own indices [batch, n].
    private static Value Rows(LoweringContext g, Value matrices, Value indices) => g.Tf("GatherV2", new AttributeMap { { "batch_dims", 1 } }, matrices, indices, g.Scalar(1, DType.Int32));

    private static Value Transposed(LoweringContext g, Value matrices) => g.Tf("Transpose", matrices, g.Vector(0, 2, 1));

    private static Value Number(LoweringContext g, float[] values, int rows, int columns) =>
        g.Tf("Cast", new AttributeMap { { "DstT", g.Type(0) } }, g.Const(Tensor.Wrap(values, new Shape(1, rows, columns))));

    private static float[] Unit(int size)
    {
        float[] ones = new float[size * size];
        for (int i = 0; i < size; i++)
            ones[(i * size) + i] = 1;
        return ones;
    }
}
