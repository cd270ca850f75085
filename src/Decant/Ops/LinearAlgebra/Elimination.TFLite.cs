using Decant.IR;
using Decant.Ops.Lowering;

namespace Decant.Ops.LinearAlgebra;

/// <summary>Ops on small square matrices, composed step by step: elimination with the largest pivot of a column, and Cholesky's decomposition.</summary>
internal static class EliminationLowering
{
    private const int MostRows = 8;

    public static IEnumerable<LoweringRule> All =>
    [
        new("Cholesky", Cholesky), new("LogMatrixDeterminant", LogDeterminant), new("MatrixDeterminant", Determinant), new("MatrixInverse", Inverse), new("MatrixSolve", Solve),
    ];

    private static void Determinant(LoweringContext g)
    {
        (Value[] pivots, Value sign) = Triangular(g);
        g.Set(Batched(g, pivots.Aggregate(sign, (product, pivot) => g.Tf("Mul", product, pivot)), 2));
    }

    private static void LogDeterminant(LoweringContext g)
    {
        (Value[] pivots, Value sign) = Triangular(g);
        Value log = g.Tf("Log", g.Tf("Abs", pivots[0]));
        foreach (Value pivot in pivots[1..])
            log = g.Tf("AddV2", log, g.Tf("Log", g.Tf("Abs", pivot)));
        g.Set(Batched(g, pivots.Aggregate(sign, (product, pivot) => g.Tf("Mul", product, g.Tf("Sign", pivot))), 2), Batched(g, log, 2));
    }

    private static void Inverse(LoweringContext g)
    {
        int size = Size(g);
        Value x = Flat(g, 0, size);
        // Ones on the diagonal for each matrix of the batch.
        var ones = new float[size * size];
        for (int i = 0; i < size; i++)
            ones[(i * size) + i] = 1;
        Value unit = g.Tf("AddV2", g.Tf("ZerosLike", x), g.Tf("Cast", new AttributeMap { { "DstT", g.Type(0) } }, g.Const(Tensor.Wrap(ones, new Shape(size, size)))));
        g.Set(Reduced(g, x, unit, size, size));
    }

    private static void Solve(LoweringContext g)
    {
        int size = Size(g);
        Shape right = g.Shape(1);
        if (right is not { HasRank: true } || right.Rank != g.Shape(0).Rank || right[-1] is < 1 or > int.MaxValue)
            throw g.Refuse($"has right sides {right}, of which the number of columns is not known");
        g.Set(Reduced(g, Flat(g, 0, size), Flat(g, 1, (int)right[-1]), size, (int)right[-1]));
    }

    /// <summary>Columns of the decomposition, each of what is left of the matrix without the ones before; only the lower half is read.</summary>
    private static void Cholesky(LoweringContext g)
    {
        int size = Size(g);
        Value rest = Flat(g, 0, size);
        var columns = new Value[size];
        for (int k = 0; k < size; k++)
        {
            Value column = g.Tf("Slice", rest, g.Vector(0, 0, k), g.Vector(-1, size, 1));
            Value pivot = g.Tf("Slice", column, g.Vector(0, k, 0), g.Vector(-1, 1, 1));
            bool[] isBelow = [.. Enumerable.Range(0, size).Select(i => i >= k)];
            Value below = g.Const(Tensor.Wrap(isBelow, new Shape(1, size, 1)));
            columns[k] = g.Tf("SelectV2", below, g.Tf("RealDiv", column, g.Tf("Sqrt", pivot)), g.Scalar(0, g.Type(0)));
            rest = g.Tf("Sub", rest, g.Tf("BatchMatMulV2", new AttributeMap { { "adj_y", true } }, columns[k], columns[k]));
        }

        g.Set(Batched(g, size == 1 ? columns[0] : g.Tf("ConcatV2", [.. columns, g.Scalar(2, DType.Int32)]), 0));
    }

    /// <summary>The pivots of an elimination [batch, 1], and 1 or -1 for each matrix, as rows were swapped an even or odd number of times.</summary>
    private static (Value[] Pivots, Value Sign) Triangular(LoweringContext g)
    {
        int size = Size(g);
        Value[] rows = Rows(g, Flat(g, 0, size), size);
        Value sign = g.Tf("AddV2", g.Tf("ZerosLike", Column(g, rows[0], 0)), g.Scalar(1, g.Type(0)));
        var pivots = new Value[size];
        for (int k = 0; k < size; k++)
        {
            sign = Pivot(g, rows, k, sign);
            pivots[k] = Column(g, rows[k], k);
            // A column of zeros has nothing to eliminate, and makes the determinant zero.
            Value divisor = g.Tf("SelectV2", g.Tf("Equal", pivots[k], g.Scalar(0, g.Type(0))), g.Scalar(1, g.Type(0)), pivots[k]);
            for (int j = k + 1; j < size; j++)
                rows[j] = g.Tf("Sub", rows[j], g.Tf("Mul", g.Tf("RealDiv", Column(g, rows[j], k), divisor), rows[k]));
        }

        return (pivots, sign);
    }

    /// <summary>What stands right of a matrix when that has become one of ones on the diagonal.</summary>
    private static Value Reduced(LoweringContext g, Value left, Value right, int size, int columns)
    {
        if (g.Attributes.Bool("adjoint"))
            left = g.Tf("Transpose", left, g.Vector(0, 2, 1));
        Value[] rows = Rows(g, g.Tf("ConcatV2", left, right, g.Scalar(2, DType.Int32)), size);
        for (int k = 0; k < size; k++)
        {
            Pivot(g, rows, k, default);
            rows[k] = g.Tf("RealDiv", rows[k], Column(g, rows[k], k));
            for (int j = 0; j < size; j++)
            {
                if (j != k)
                    rows[j] = g.Tf("Sub", rows[j], g.Tf("Mul", Column(g, rows[j], k), rows[k]));
            }
        }

        Value whole = g.Tf("Pack", new AttributeMap { { "axis", 1 } }, rows);
        return Batched(g, g.Tf("Slice", whole, g.Vector(0, 0, size), g.Vector(-1, size, columns)), 0, columns);
    }

    /// <summary>Swaps rows until the one at <paramref name="k"/> has the largest number of its column below it; gives the sign after that.</summary>
    private static Value Pivot(LoweringContext g, Value[] rows, int k, Value sign)
    {
        for (int j = k + 1; j < rows.Length; j++)
        {
            Value isLarger = g.Tf("Greater", g.Tf("Abs", Column(g, rows[j], k)), g.Tf("Abs", Column(g, rows[k], k)));
            (rows[k], rows[j]) = (g.Tf("SelectV2", isLarger, rows[j], rows[k]), g.Tf("SelectV2", isLarger, rows[k], rows[j]));
            if (sign.IsPresent)
                sign = g.Tf("SelectV2", isLarger, g.Tf("Neg", sign), sign);
        }

        return sign;
    }

    private static Value[] Rows(LoweringContext g, Value matrices, int size) => g.Expand("Unpack", [matrices], new AttributeMap { { "num", size }, { "axis", 1 } });

    private static Value Column(LoweringContext g, Value row, int index) => g.Tf("Slice", row, g.Vector(0, index), g.Vector(-1, 1));

    private static int Size(LoweringContext g)
    {
        Shape shape = g.Shape(0);
        if (shape is not { HasRank: true, Rank: > 1 } || shape[-1] != shape[-2] || shape[-1] is < 1 or > MostRows || shape.Dims[..^2].Count(-1) > 1)
            throw g.Refuse($"has matrices {shape}, expected square ones of at most {MostRows} rows");
        return g.Type(0) is DType.Float32 or DType.Float64 ? (int)shape[-1] : throw g.Refuse($"is of {g.Type(0).Name()}");
    }

    private static Value Flat(LoweringContext g, int input, int columns) => g.Tf("Reshape", g.In(input), g.Vector(-1, g.Shape(0)[-1], columns));

    // The dimensions of the batch, and those of the matrices but for so many.
    private static Value Batched(LoweringContext g, Value flat, int without, int? columns = null)
    {
        long[] dims = g.Shape(0).Dims[..^without].ToArray();
        if (columns is { } count)
            dims[^1] = count;
        return g.Tf("Reshape", flat, g.Vector(dims));
    }
}
