namespace Decant.Ops.Sparse;

/// <summary>The ops on sparse and ragged tensors.</summary>
internal static class SparseOps
{
    public static IEnumerable<Op> All =>
    [
        new EditDistance(),
        new RaggedGather(),
        new RaggedRange(),
        new RaggedTensorToSparse(),
        new RaggedTensorToTensor(),
        new SparseAdd(),
        new SparseConcat(),
        new SparseDenseCwise("SparseDenseCwiseAdd", '+'),
        new SparseDenseCwise("SparseDenseCwiseDiv", '/'),
        new SparseDenseCwise("SparseDenseCwiseMul", '*'),
        new SparseFillEmptyRows(),
        new SparseReduce("SparseReduceMax", max: true, sparseResult: false),
        new SparseReduce("SparseReduceMaxSparse", max: true, sparseResult: true),
        new SparseReduce("SparseReduceSum", max: false, sparseResult: false),
        new SparseReduce("SparseReduceSumSparse", max: false, sparseResult: true),
        new SparseReorder(),
        new SparseReshape(),
        new SparseSlice(),
        new SparseSoftmax(),
        new SparseSparseExtreme("SparseSparseMaximum", max: true),
        new SparseSparseExtreme("SparseSparseMinimum", max: false),
        new SparseSplit(),
        new SparseTensorDenseAdd(),
        new SparseTensorDenseMatMul(),
        new SparseToDense(),
    ];
}
