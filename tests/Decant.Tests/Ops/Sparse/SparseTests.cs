using Decant.IR;
using Decant.TestKit;

namespace Decant.Tests.Ops.Sparse;

/// <summary>Sparse and ragged tensors, worked out by hand.</summary>
public sealed class SparseTests
{
    // [[1, 0, 2], [0, 0, 0], [0, 3, 0]]
    private static readonly Tensor Indices = Tensor.Wrap([0L, 0, 0, 2, 2, 1], new Shape(3, 2));
    private static readonly Tensor Values = Tensor.Wrap([1f, 2f, 3f]);
    private static readonly Tensor Dense = Tensor.Wrap([3L, 3L]);

    [Fact]
    public void Sums_merge_equal_indices_and_drop_what_is_below_the_threshold()
    {
        Tensor other = Tensor.Wrap([0L, 2, 1, 1], new Shape(2, 2));
        Tensor[] sum = OneOp.Run("SparseAdd", [Indices, Values, Dense, other, Tensor.Wrap([-2f, 0.5f]), Dense, Tensor.Scalar(0.1f)], outputs: 3);
        Assert.Equal([0L, 0, 1, 1, 2, 1], sum[0].Span<long>().ToArray());
        Assert.Equal([1f, 0.5f, 3f], sum[1].Span<float>().ToArray());
    }

    [Fact]
    public void Products_with_dense_matrices_transpose_either_side()
    {
        Tensor b = Tensor.Wrap([1f, 2f, 3f, 4f, 5f, 6f], new Shape(3, 2));
        float[] Product(bool a, bool transposedB) => OneOp.Run(
            "SparseTensorDenseMatMul",
            [Indices, Values, Dense, transposedB ? OneOp.Run("Transpose", [b, Tensor.Wrap([1, 0])])[0] : b],
            new() { { "adjoint_a", a }, { "adjoint_b", transposedB } })[0].Span<float>().ToArray();
        Assert.Equal([11f, 14f, 0f, 0f, 9f, 12f], Product(false, false));
        Assert.Equal([11f, 14f, 0f, 0f, 9f, 12f], Product(false, true));
        Assert.Equal([1f, 2f, 15f, 18f, 2f, 4f], Product(true, false));
    }

    [Fact]
    public void Parts_joined_again_are_the_whole()
    {
        AttributeMap split = new() { { "num_split", 2 } };
        Tensor[] parts = OneOp.Run("SparseSplit", [Tensor.Scalar(1L), Indices, Values, Dense], split, outputs: 6);
        Assert.Equal([3L, 2], parts[4].Span<long>().ToArray());
        Assert.Equal([3L, 1], parts[5].Span<long>().ToArray());
        Assert.Equal([2f], parts[3].Span<float>().ToArray());
        Tensor[] joined = OneOp.Run("SparseConcat", parts, new() { { "concat_dim", 1 }, { "N", 2 } }, outputs: 3);
        Assert.Equal(Indices.Span<long>().ToArray(), joined[0].Span<long>().ToArray());
        Assert.Equal(Values.Span<float>().ToArray(), joined[1].Span<float>().ToArray());
        Assert.Equal([3L, 3], joined[2].Span<long>().ToArray());
        Tensor[] slice = OneOp.Run("SparseSlice", [Indices, Values, Dense, Tensor.Wrap([0L, 1]), Tensor.Wrap([2L, 5])], outputs: 3);
        Assert.Equal([0L, 1], slice[0].Span<long>().ToArray());
        Assert.Equal([2L, 2], slice[2].Span<long>().ToArray());
    }

    [Fact]
    public void Reductions_leave_zeros_or_nothing_where_there_was_no_value()
    {
        Assert.Equal([3f, 0f, 3f], OneOp.Run("SparseReduceSum", [Indices, Values, Dense, Tensor.Wrap([1])])[0].Span<float>().ToArray());
        Assert.Equal([6f], OneOp.Run("SparseReduceSum", [Indices, Values, Dense, Tensor.Wrap<int>([])])[0].Span<float>().ToArray());
        Tensor[] max = OneOp.Run("SparseReduceMaxSparse", [Indices, Values, Dense, Tensor.Wrap([-1])], new() { { "keep_dims", true } }, outputs: 3);
        Assert.Equal([0L, 0, 2, 0], max[0].Span<long>().ToArray());
        Assert.Equal([2f, 3f], max[1].Span<float>().ToArray());
    }

    [Fact]
    public void Reordered_indices_are_row_major_and_dense_operands_broadcast()
    {
        Tensor shuffled = Tensor.Wrap([2L, 1, 0, 2, 0, 0], new Shape(3, 2));
        Tensor[] ordered = OneOp.Run("SparseReorder", [shuffled, Tensor.Wrap([3f, 2f, 1f]), Dense], outputs: 2);
        Assert.Equal(Indices.Span<long>().ToArray(), ordered[0].Span<long>().ToArray());
        Assert.Equal([1f, 2f, 3f], ordered[1].Span<float>().ToArray());
        Assert.Equal([10f, 60f, 60f], OneOp.Run("SparseDenseCwiseMul", [Indices, Values, Dense, Tensor.Wrap([10f, 20f, 30f])])[0].Span<float>().ToArray());
    }

    [Fact]
    public void Distances_are_normalized_by_the_truth()
    {
        Tensor hypothesis = Tensor.Wrap([0L, 0, 0, 1, 1, 0], new Shape(3, 2));
        Tensor truth = Tensor.Wrap([0L, 0, 0, 1, 0, 2, 2, 0], new Shape(4, 2));
        float[] distance = OneOp.Run(
            "EditDistance",
            [hypothesis, Tensor.FromStrings(["a", "c", "x"]), Tensor.Wrap([3L, 2]), truth, Tensor.FromStrings(["a", "b", "c", "y"]), Tensor.Wrap([3L, 3])])[0].Span<float>().ToArray();
        Assert.Equal([1f / 3, float.PositiveInfinity, 1f], distance);
    }

    [Fact]
    public void Ragged_rows_become_sparse_and_dense()
    {
        Tensor splits = Tensor.Wrap([0L, 2, 2, 3]);
        Tensor values = Tensor.Wrap([1, 2, 3]);
        Tensor[] sparse = OneOp.Run("RaggedTensorToSparse", [splits, values], outputs: 3);
        Assert.Equal([0L, 0, 0, 1, 2, 0], sparse[0].Span<long>().ToArray());
        Assert.Equal([3L, 2], sparse[2].Span<long>().ToArray());
        AttributeMap types = new() { { "row_partition_types", new ListAttr { Strings = ["ROW_SPLITS"u8.ToArray()] } }, { "num_row_partition_tensors", 1 } };
        Tensor dense = OneOp.Run("RaggedTensorToTensor", [Tensor.Scalar(-1L), values, Tensor.Scalar(9), splits], types)[0];
        Assert.Equal(new Shape(3, 2), dense.Shape);
        Assert.Equal([1, 2, 9, 9, 3, 9], dense.Span<int>().ToArray());
        Tensor[] ranges = OneOp.Run("RaggedRange", [Tensor.Wrap([0, 5]), Tensor.Wrap([3, 0]), Tensor.Wrap([1, -2])], outputs: 2);
        Assert.Equal([0L, 3, 6], ranges[0].Span<long>().ToArray());
        Assert.Equal([0, 1, 2, 5, 3, 1], ranges[1].Span<int>().ToArray());
    }

    [Theory]
    [InlineData(0L, 3L, "which is not inside of the dense shape [3,3]")]
    [InlineData(0L, -1L, "which is not inside of the dense shape [3,3]")]
    public void An_index_outside_of_the_shape_is_an_error(long row, long column, string message)
    {
        var error = Assert.Throws<ModelException>(() => OneOp.Run("SparseReorder", [Tensor.Wrap([row, column], new Shape(1, 2)), Tensor.Wrap([1f]), Dense], outputs: 2));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_softmax_of_a_sparse_matrix_is_that_of_the_values_of_each_row()
    {
        // Row 0 holds 0 and ln 3, row 1 one value; the values are not in order.
        Tensor indices = Tensor.Wrap([0L, 2, 1, 1, 0, 0], new Shape(3, 2));
        Tensor y = OneNode.Single("SparseSoftmax", new AttributeMap { { "T", DType.Float64 } }, indices, Tensor.Wrap([Math.Log(3), 5, 0]), Tensor.Wrap([2L, 3]));
        Assert.Equal([0.75, 1, 0.25], OneNode.Numbers(y), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Contains("expected rank 2 or more", OneNode.Fault("SparseSoftmax", new AttributeMap { { "T", DType.Float64 } }, Tensor.Wrap([0L], new Shape(1, 1)), Tensor.Wrap([1d]), Tensor.Wrap([2L])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SparseSparseMaximum", new double[] { 0, 5, 2 })]
    [InlineData("SparseSparseMinimum", new double[] { -1, 3, 0 })]
    public void Where_one_of_two_sparse_tensors_has_no_value_it_counts_as_zero(string op, double[] expected)
    {
        Tensor shape = Tensor.Wrap([4L]);
        Tensor[] y = OneNode.Run(
            op, new AttributeMap { { "T", DType.Float32 } },
            [Tensor.Wrap([0L, 2], new Shape(2, 1)), Tensor.Wrap([-1f, 3]), shape, Tensor.Wrap([2L, 3], new Shape(2, 1)), Tensor.Wrap([5f, 2]), shape], 2);
        Assert.Equal([0d, 2, 3], OneNode.Numbers(y[0]));
        Assert.Equal(expected, OneNode.Numbers(y[1]));
    }
}
