using System.Text;
using Decant.IR;
using Decant.TestKit;

namespace Decant.Tests.Ops.Sparse;

/// <summary>Combinations of features. The hashes are those that TensorFlow's own tests expect.</summary>
public sealed class SparseCrossTests
{
    private const long DefaultKey = 0xDECAFCAFFE;

    [Theory]
    [InlineData(0, DefaultKey, 1971693436396284976)]
    [InlineData(0, DefaultKey + 1, 4847552627144134031)]
    [InlineData(100, DefaultKey, 83)]
    [InlineData(100, DefaultKey + 1, 31)]
    public void Hashes_are_those_of_TensorFlow(int buckets, long key, long expected)
    {
        string[] features = ["batch1-FC1-F1", "batch1-FC2-F1", "batch1-FC3-F1"];
        Tensor[] dense = [.. features.Select(f => Tensor.FromStrings([f]).Reshaped(new Shape(1, 1)))];
        Assert.Equal([expected], Run(0, dense, DType.Int64, buckets, key)[1].Span<long>().ToArray());
        Tensor[] sparse = [.. features.Select(_ => Tensor.Wrap([0L, 0], new Shape(1, 2))), .. features.Select(f => Tensor.FromStrings([f])), .. features.Select(_ => Tensor.Wrap([1L, 1]))];
        Assert.Equal([expected], Run(3, sparse, DType.Int64, buckets, key)[1].Span<long>().ToArray());
    }

    [Fact]
    public void Each_row_combines_its_features_the_last_column_fastest()
    {
        // Rows of the sparse column: a b | nothing | c. The dense column has two features in each.
        Tensor[] crossed = Run(1, [Tensor.Wrap([0L, 0, 0, 1, 2, 0], new Shape(3, 2)), Tensor.FromStrings(["a", "b", "c"]), Tensor.Wrap([3L, 2]), Tensor.Wrap([1L, 2, 3, 4, 5, 6], new Shape(3, 2))], DType.String);
        Assert.Equal(["a_X_1", "a_X_2", "b_X_1", "b_X_2", "c_X_5", "c_X_6"], crossed[1].Strings.ToArray().Select(s => Encoding.UTF8.GetString(s.Span)));
        Assert.Equal([0L, 0, 0, 1, 0, 2, 0, 3, 2, 0, 2, 1], crossed[0].Span<long>().ToArray());
        Assert.Equal([3L, 4], crossed[2].Span<long>().ToArray());
    }

    [Fact]
    public void Columns_without_features_have_no_combinations_however_many_rows_they_claim()
    {
        Tensor[] crossed = Run(1, [Tensor.Wrap(Array.Empty<long>(), new Shape(0, 2)), Tensor.FromStrings([]), Tensor.Wrap([1L << 40, 2])], DType.Int64);
        Assert.Equal(0, crossed[1].ElementCount);
        Assert.Equal([1L << 40, 0], crossed[2].Span<long>().ToArray());
    }

    [Fact]
    public void Too_many_combinations_and_columns_of_other_lengths_are_refused()
    {
        Tensor wide = Tensor.Wrap(new long[1000], new Shape(1, 1000));
        Assert.Contains("more than", Assert.Throws<ModelException>(() => Run(0, [wide, wide, wide], DType.Int64)).Message, StringComparison.Ordinal);
        Assert.Contains("a column has 1000 rows, expected 1", Assert.Throws<ModelException>(() => Run(0, [wide, wide.Reshaped(new Shape(1000, 1))], DType.Int64)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_separator_is_given_to_the_second_version()
    {
        Tensor[] crossed = RunOther("SparseCrossV2", 1, [Tensor.Wrap([0L, 0, 0, 1], new Shape(2, 2)), Tensor.FromStrings(["a", "b"]), Tensor.Wrap([1L, 2])], [Tensor.Wrap([7L], new Shape(1, 1))], Tensor.FromStrings(["_Y_"]).Reshaped(Shape.Scalar));
        Assert.Equal(["a_Y_7", "b_Y_7"], crossed[1].Strings.ToArray().Select(s => Encoding.UTF8.GetString(s.Span)));
        Assert.Equal([0L, 0, 0, 1], crossed[0].Span<long>().ToArray());
        Assert.Equal([1L, 2], crossed[2].Span<long>().ToArray());
    }

    /// <summary>Those that are not strong are what TensorFlow's own tests expect; the strong ones were computed apart, of SipHash-2-4 and its paper's vector.</summary>
    [Theory]
    [InlineData(0, false, 1, 1, 9186962005966787372)]
    [InlineData(0, false, 137, 173, 9186962005966787372)]
    [InlineData(100, false, 137, 173, 79)]
    [InlineData(0, true, 137, 173, 5419813757641897274)]
    [InlineData(1000, true, 137, 173, 274)]
    [InlineData(1000, true, 137, 1, 129)]
    public void Hashes_without_a_key_are_those_of_TensorFlow(int buckets, bool strong, long first, long second, long expected)
    {
        string[] features = ["batch1-FC1-F1", "batch1-FC2-F1", "batch1-FC3-F1"];
        Tensor[] options = [Tensor.Scalar((long)buckets), Tensor.Scalar(strong), Tensor.Wrap([first, second])], dense = [.. features.Select(f => Tensor.FromStrings([f]).Reshaped(new Shape(1, 1)))];
        Tensor[] sparse = [.. features.Select(_ => Tensor.Wrap([0L, 0], new Shape(1, 2))), .. features.Select(f => Tensor.FromStrings([f])), .. features.Select(_ => Tensor.Wrap([1L, 1]))];
        Assert.Equal([expected], RunOther("SparseCrossHashed", 0, [], dense, options)[1].Span<long>().ToArray());
        Assert.Equal([expected], RunOther("SparseCrossHashed", 3, sparse, [], options)[1].Span<long>().ToArray());
    }

    /// <summary>Of numbers TensorFlow hashes four bytes, and in dense columns none when the hash is not strong.</summary>
    [Theory]
    [InlineData(false, true, 4770859264090254889)]
    [InlineData(true, true, 6924456730525448877)]
    [InlineData(false, false, 7269900433230840156)]
    public void Numbers_are_hashed_as_TensorFlow_does_it(bool strong, bool isSparse, long expected)
    {
        Tensor[] options = [Tensor.Scalar(0L), Tensor.Scalar(strong), Tensor.Wrap([137L, 173])];
        Tensor[] sparse = [Tensor.Wrap([0L, 0], new Shape(1, 2)), Tensor.Wrap([0L, 0], new Shape(1, 2)), Tensor.Wrap([5L]), Tensor.Wrap([-7L]), Tensor.Wrap([1L, 1]), Tensor.Wrap([1L, 1])];
        Tensor[] dense = [Tensor.Wrap([5L], new Shape(1, 1)), Tensor.Wrap([-7L], new Shape(1, 1))];
        Assert.Equal([expected], RunOther("SparseCrossHashed", isSparse ? 2 : 0, isSparse ? sparse : [], isSparse ? [] : dense, options)[1].Span<long>().ToArray());
    }

    [Fact]
    public void What_hashes_cannot_be_made_of_is_refused()
    {
        Tensor[] Options(long buckets, bool strong, params long[] salt) => [Tensor.Scalar(buckets), Tensor.Scalar(strong), Tensor.Wrap(salt)];
        Tensor dense = Tensor.Wrap([5L], new Shape(1, 1));
        void Refused(string why, Tensor[] options) => Assert.Contains(why, Assert.Throws<ModelException>(() => RunOther("SparseCrossHashed", 0, [], [dense], options)).Message, StringComparison.Ordinal);
        Refused("num_buckets is -461", Options(-461, false, 1, 2));
        Refused("expected a bool and int64[2]", Options(1, false));
        Refused("hashes the numbers of a dense column strongly", Options(1, true, 1, 2));
    }

    private static Tensor[] RunOther(string op, int sparse, Tensor[] columns, Tensor[] dense, params Tensor[] options)
    {
        static ListAttr Types(IEnumerable<Tensor> tensors) => new() { Types = [.. tensors.Select(t => t.DType)] };
        return OneOp.Run(op, [.. columns, .. dense, .. options], new() { { "N", sparse }, { "sparse_types", Types(columns.Skip(sparse).Take(sparse)) }, { "dense_types", Types(dense) } }, outputs: 3);
    }

    private static Tensor[] Run(int sparse, Tensor[] inputs, DType type, int buckets = 0, long key = DefaultKey)
    {
        static ListAttr Types(IEnumerable<Tensor> tensors) => new() { Types = [.. tensors.Select(t => t.DType)] };
        return OneOp.Run("SparseCross", inputs, new()
        {
            { "N", sparse }, { "hashed_output", type == DType.Int64 }, { "num_buckets", buckets }, { "hash_key", key }, { "out_type", type }, { "internal_type", type },
            { "sparse_types", Types(inputs.Skip(sparse).Take(sparse)) }, { "dense_types", Types(inputs.Skip(3 * sparse)) },
        }, outputs: 3);
    }
}
