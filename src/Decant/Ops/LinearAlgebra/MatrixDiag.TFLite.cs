using Decant.IR;
using Decant.Ops.Lowering;

namespace Decant.Ops.LinearAlgebra;

/// <summary>Diagonals and bands of matrices in TensorFlow Lite's operators.</summary>
internal static class MatrixLowering
{
    public static IEnumerable<LoweringRule> All =>
    [
        new("MatrixDiag", g => g.Set(g.Emit("MATRIX_DIAG", [g.In(0)], null)[0])),
        new("MatrixDiagV2", g => Diagonal(g)),
        new("MatrixDiagV3", g => Diagonal(g)),
        new("MatrixSetDiag", SetDiagonal),
        new("MatrixSetDiagV2", SetDiagonal),
        new("MatrixSetDiagV3", SetDiagonal),
        new("MatrixDiagPart", DiagonalPart),
        new("MatrixDiagPartV2", DiagonalPart),
        new("MatrixDiagPartV3", DiagonalPart),
        new("MatrixBandPart", Band),
        new("Cross", Cross),
    ];

    private static void MainOnly(LoweringContext g, int input)
    {
        if (g.InputCount > input && g.Known(input) is not [0])
            throw g.Refuse("is about other diagonals than the main one");
    }

    private static void Diagonal(LoweringContext g)
    {
        MainOnly(g, 1);
        if (g.Known(2) is not [-1] || g.Known(3) is not [-1])
            throw g.Refuse("gives a matrix of another size than that of its diagonal");
        g.Set(g.Tf("MatrixDiag", g.In(0)));
    }

    private static void SetDiagonal(LoweringContext g)
    {
        MainOnly(g, 2);
        g.Set(g.Emit("MATRIX_SET_DIAG", [g.In(0), g.In(1)], null)[0]);
    }

    // Elements of the main diagonal are n + 1 apart in a row of all elements.
    private static void DiagonalPart(LoweringContext g)
    {
        MainOnly(g, 1);
        if (g.Shape(0) is not { HasRank: true } shape || shape[-1] < 0 || shape[-2] < 0 || shape.Dims[..^2].ToArray().Count(d => d < 0) > 1)
            throw g.Refuse($"has matrices of unknown size, {g.Shape(0)}");
        long count = Math.Min(shape[-1], shape[-2]);
        Value flat = g.Tf("Reshape", g.In(0), g.Vector([.. shape.Dims[..^2], shape[-1] * shape[-2]]));
        g.Set(g.Tf("GatherV2", flat, g.Vector([.. Enumerable.Range(0, (int)count).Select(i => i * (shape[-1] + 1))]), g.Scalar(shape.Rank - 2, DType.Int32)));
    }

    private static void Band(LoweringContext g)
    {
        if (g.Shape(0) is not { HasRank: true } shape || shape[-1] < 0 || shape[-2] < 0 || g.Known(1) is not [var lower] || g.Known(2) is not [var upper])
            throw g.Refuse("has matrices of unknown size, or bounds that are not constant");
        (int rows, int columns) = ((int)shape[-2], (int)shape[-1]);
        bool[] mask = new bool[rows * columns];
        for (int i = 0; i < mask.Length; i++)
        {
            int below = (i / columns) - (i % columns);
            mask[i] = (lower < 0 || below <= lower) && (upper < 0 || -below <= upper);
        }

        g.Set(g.Tf("SelectV2", g.Const(Tensor.Wrap(mask, new Shape(rows, columns))), g.In(0), g.Scalar(0, g.Type(0))));
    }

    private static void Cross(LoweringContext g)
    {
        if (!g.Shape(0).HasRank)
            throw g.Refuse("has an input of unknown rank");
        Value axis = g.Scalar(g.Shape(0).Rank - 1, DType.Int32);
        Value Turned(int input, params long[] order) => g.Tf("GatherV2", g.In(input), g.Vector(order), axis);
        g.Set(g.Tf("Sub", g.Tf("Mul", Turned(0, 1, 2, 0), Turned(1, 2, 0, 1)), g.Tf("Mul", Turned(0, 2, 0, 1), Turned(1, 1, 2, 0))));
    }
}
