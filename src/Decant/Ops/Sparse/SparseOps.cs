namespace Decant.Ops.Sparse;

/// <summary>The ops on sparse and ragged tensors.</summary>
internal static class SparseOps
{
    public static Op EditDistance => new EditDistance();
    public static Op RaggedGather => new RaggedGather();
    public static Op RaggedRange => new RaggedRange();
    public static Op RaggedTensorToSparse => new RaggedTensorToSparse();
    public static Op RaggedTensorToTensor => new RaggedTensorToTensor();
    public static Op SparseAdd => new SparseAdd();
    public static Op SparseConcat => new SparseConcat();
    public static Op SparseCross => new SparseCross("SparseCross");
    public static Op SparseCrossHashed => new SparseCross("SparseCrossHashed");
    public static Op SparseCrossV2 => new SparseCross("SparseCrossV2");
    public static Op SparseDenseCwiseAdd => new SparseDenseCwise("SparseDenseCwiseAdd", '+');
    public static Op SparseDenseCwiseDiv => new SparseDenseCwise("SparseDenseCwiseDiv", '/');
    public static Op SparseDenseCwiseMul => new SparseDenseCwise("SparseDenseCwiseMul", '*');
    public static Op SparseFillEmptyRows => new SparseFillEmptyRows();
    public static Op SparseReduceMax => new SparseReduce("SparseReduceMax", max: true, sparseResult: false);
    public static Op SparseReduceMaxSparse => new SparseReduce("SparseReduceMaxSparse", max: true, sparseResult: true);
    public static Op SparseReduceSum => new SparseReduce("SparseReduceSum", max: false, sparseResult: false);
    public static Op SparseReduceSumSparse => new SparseReduce("SparseReduceSumSparse", max: false, sparseResult: true);
    public static Op SparseReorder => new SparseReorder();
    public static Op SparseReshape => new SparseReshape();
    public static Op SparseSlice => new SparseSlice();
    public static Op SparseSoftmax => new SparseSoftmax();
    public static Op SparseSparseMaximum => new SparseSparseExtreme("SparseSparseMaximum", max: true);
    public static Op SparseSparseMinimum => new SparseSparseExtreme("SparseSparseMinimum", max: false);
    public static Op SparseSplit => new SparseSplit();
    public static Op SparseTensorDenseAdd => new SparseTensorDenseAdd();
    public static Op SparseTensorDenseMatMul => new SparseTensorDenseMatMul();
    public static Op SparseToDense => new SparseToDense();
}
