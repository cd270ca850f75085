namespace Decant.Ops.LinearAlgebra;

/// <summary>The ops on matrices.</summary>
internal static class LinearAlgebraOps
{
    public static Op BatchMatMul => new BatchMatMul("BatchMatMul", broadcasts: false);
    public static Op BatchMatMulV2 => new BatchMatMul("BatchMatMulV2", broadcasts: true);
    public static Op BatchMatMulV3 => new BatchMatMul("BatchMatMulV3", broadcasts: true);
    public static Op BatchMatrixBandPart => new MatrixBandPart("BatchMatrixBandPart");
    public static Op BatchMatrixDiag => new MatrixDiag("BatchMatrixDiag", hasBand: false);
    public static Op BatchMatrixDiagPart => new MatrixDiagPart("BatchMatrixDiagPart", hasBand: false);
    public static Op BatchMatrixSetDiag => new MatrixSetDiag("BatchMatrixSetDiag", hasBand: false);
    public static Op Cross => new Cross();
    public static Op Diag => new Diag("Diag", part: false);
    public static Op DiagPart => new Diag("DiagPart", part: true);
    public static Op Einsum => new Einsum();
    public static Op MatMul => new MatMul("MatMul");
    public static Op MatrixBandPart => new MatrixBandPart("MatrixBandPart");
    public static Op MatrixDiag => new MatrixDiag("MatrixDiag", hasBand: false);
    public static Op MatrixDiagPart => new MatrixDiagPart("MatrixDiagPart", hasBand: false);
    public static Op MatrixDiagPartV2 => new MatrixDiagPart("MatrixDiagPartV2", hasBand: true);
    public static Op MatrixDiagPartV3 => new MatrixDiagPart("MatrixDiagPartV3", hasBand: true);
    public static Op MatrixDiagV2 => new MatrixDiag("MatrixDiagV2", hasBand: true);
    public static Op MatrixDiagV3 => new MatrixDiag("MatrixDiagV3", hasBand: true);
    public static Op MatrixSetDiag => new MatrixSetDiag("MatrixSetDiag", hasBand: false);
    public static Op MatrixSetDiagV2 => new MatrixSetDiag("MatrixSetDiagV2", hasBand: true);
    public static Op MatrixSetDiagV3 => new MatrixSetDiag("MatrixSetDiagV3", hasBand: true);
    public static Op SparseMatMul => new SparseMatMul();
    public static Op _FusedMatMul => new MatMul("_FusedMatMul");
}
