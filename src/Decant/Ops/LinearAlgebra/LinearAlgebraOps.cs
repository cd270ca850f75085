namespace Decant.Ops.LinearAlgebra;

/// <summary>The ops on matrices.</summary>
internal static class LinearAlgebraOps
{
    public static IEnumerable<Op> All =>
    [
        new BatchMatMul("BatchMatMul", broadcasts: false),
        new BatchMatMul("BatchMatMulV2", broadcasts: true),
        new BatchMatMul("BatchMatMulV3", broadcasts: true),
        new MatrixBandPart("BatchMatrixBandPart"),
        new MatrixDiag("BatchMatrixDiag", hasBand: false),
        new MatrixDiagPart("BatchMatrixDiagPart", hasBand: false),
        new MatrixSetDiag("BatchMatrixSetDiag", hasBand: false),
        new Cross(),
        new Diag("Diag", part: false),
        new Diag("DiagPart", part: true),
        new Einsum(),
        new MatMul("MatMul"),
        new MatrixBandPart("MatrixBandPart"),
        new MatrixDiag("MatrixDiag", hasBand: false),
        new MatrixDiagPart("MatrixDiagPart", hasBand: false),
        new MatrixDiagPart("MatrixDiagPartV2", hasBand: true),
        new MatrixDiagPart("MatrixDiagPartV3", hasBand: true),
        new MatrixDiag("MatrixDiagV2", hasBand: true),
        new MatrixDiag("MatrixDiagV3", hasBand: true),
        new MatrixSetDiag("MatrixSetDiag", hasBand: false),
        new MatrixSetDiag("MatrixSetDiagV2", hasBand: true),
        new MatrixSetDiag("MatrixSetDiagV3", hasBand: true),
        new SparseMatMul(),
        new MatMul("_FusedMatMul"),
        .. SpectralOps.All,
        .. SquareMatrixOps.All,
    ];
}
