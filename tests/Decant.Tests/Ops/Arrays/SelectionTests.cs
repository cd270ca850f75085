using Decant.IR;
using Decant.TestKit;

namespace Decant.Tests.Ops.Arrays;

/// <summary>Ops that look at elements: order, equality, what is zero.</summary>
public sealed class SelectionTests
{
    [Fact]
    public void Of_equal_elements_the_first_is_on_top_and_NaN_is_last()
    {
        Tensor x = Tensor.Wrap([1f, 3f, float.NaN, 3f, float.NegativeInfinity]);
        Tensor[] top = OneOp.Run("TopKV2", [x, Tensor.Scalar(5)], outputs: 2);
        Assert.Equal([3f, 3f, 1f, float.NegativeInfinity, float.NaN], top[0].Span<float>().ToArray());
        Assert.Equal([1, 3, 0, 4, 2], top[1].Span<int>().ToArray());
    }

    [Fact]
    public void Many_largest_elements_are_those_of_a_sort()
    {
        var random = new Random(7);
        int[] row = [.. Enumerable.Range(0, 1000).Select(_ => random.Next(200))];
        foreach (int k in (int[])[1, 32, 33, 999, 1000])
        {
            int[] expected = [.. row.Select((v, i) => (v, i)).OrderByDescending(p => p.v).ThenBy(p => p.i).Take(k).Select(p => p.i)];
            Assert.Equal(expected, OneOp.Run("TopKV2", [Tensor.Wrap(row), Tensor.Scalar(k)], outputs: 2)[1].Span<int>().ToArray());
            int[] unsorted = OneOp.Run("TopKV2", [Tensor.Wrap(row), Tensor.Scalar(k)], new() { { "sorted", false } }, outputs: 2)[1].Span<int>().ToArray();
            Assert.Equal(expected.Order(), unsorted.Order());
        }
    }

    [Fact]
    public void Unique_takes_minus_zero_for_zero_and_no_NaN_for_another()
    {
        Tensor[] unique = OneOp.Run("UniqueWithCounts", [Tensor.Wrap([0f, float.NaN, -0f, float.NaN, 2f])], outputs: 3);
        Assert.Equal([0f, float.NaN, float.NaN, 2f], unique[0].Span<float>().ToArray());
        Assert.Equal([0, 1, 0, 2, 3], unique[1].Span<int>().ToArray());
        Assert.Equal([2, 1, 1, 1], unique[2].Span<int>().ToArray());
    }

    [Fact]
    public void Unique_compares_columns_along_an_axis_and_strings_by_their_bytes()
    {
        Tensor columns = Tensor.Wrap([1, 2, 1, 3, 4, 3], new Shape(2, 3));
        Tensor[] unique = OneOp.Run("UniqueV2", [columns, Tensor.Wrap([1L])], outputs: 2);
        Assert.Equal(new Shape(2, 2), unique[0].Shape);
        Assert.Equal([1, 2, 3, 4], unique[0].Span<int>().ToArray());
        Assert.Equal([0, 1, 0], unique[1].Span<int>().ToArray());
        Assert.Equal([0, 0, 1], OneOp.Run("Unique", [Tensor.FromStrings(["a", "a", "b"])], outputs: 2)[1].Span<int>().ToArray());
        Assert.Equal([1], OneOp.Run("ListDiff", [Tensor.FromStrings(["a", "c"]), Tensor.FromStrings(["a"])], outputs: 2)[1].Span<int>().ToArray());
    }

    [Fact]
    public void Minus_zero_is_nowhere_and_NaN_is_somewhere()
    {
        Assert.Equal([1L, 2L], OneOp.Run("Where", [Tensor.Wrap([-0f, float.NaN, 1f])])[0].Span<long>().ToArray());
        Assert.Equal([1L], OneOp.Run("Where", [Tensor.Wrap([new Complex64(-0f, -0f), new Complex64(0, 1)])])[0].Span<long>().ToArray());
        Assert.Equal([0L], OneOp.Run("Where", [Tensor.Wrap([(BFloat16)(-1f), (BFloat16)(-0f)])])[0].Span<long>().ToArray());
        Assert.Equal(new Shape(1, 0), OneOp.Run("Where", [Tensor.Scalar(true)])[0].Shape);
    }

    [Theory]
    [InlineData(0, 7)]
    [InlineData(1, 7)]
    [InlineData(3, 33)]
    [InlineData(5, 64)]
    [InlineData(4, 201)]
    public void Where_finds_the_same_in_every_type(int rows, int columns)
    {
        // Zeros in runs of up to 80, longer than any register.
        bool[] given = [.. Enumerable.Range(0, rows * columns).Select(i => i % 97 > 80 || i % 13 == 5 && i % 2 == 0)];
        long[] expected = [.. Enumerable.Range(0, given.Length).Where(i => given[i]).SelectMany(i => (long[])[i / columns, i % columns])];
        var shape = new Shape(rows, columns);
        foreach (Tensor condition in (Tensor[])[
            Tensor.Wrap(given, shape), Tensor.Wrap(Array.ConvertAll(given, g => (short)(g ? -1 : 0)), shape), Tensor.Wrap(Array.ConvertAll(given, g => g ? 1e-40f : -0f), shape),
            Tensor.Wrap(Array.ConvertAll(given, g => g ? double.NaN : -0d), shape), Tensor.Wrap(Array.ConvertAll(given, g => g ? long.MinValue : 0), shape)])
        {
            Tensor found = OneOp.Run("Where", [condition])[0];
            Assert.Equal(new Shape(expected.Length / 2, 2), found.Shape);
            Assert.Equal(expected, found.Span<long>().ToArray());
        }
    }

    [Fact]
    public void Several_updates_of_one_slice_all_count()
    {
        Tensor indices = Tensor.Wrap([1, 1, 0], new Shape(3, 1));
        Assert.Equal([4f, 3f, 0f], OneOp.Run("ScatterNd", [indices, Tensor.Wrap([1f, 2f, 4f]), Tensor.Wrap([3])])[0].Span<float>().ToArray());
        Assert.Equal([new Complex64(4, 1), new(3, 0)], OneOp.Run("ScatterNd", [indices, Tensor.Wrap([new Complex64(1, 2), new(2, -2), new(4, 1)]), Tensor.Wrap([2])])[0].Span<Complex64>().ToArray());
        Tensor x = Tensor.Wrap([(Half)10, (Half)20]);
        Tensor updates = Tensor.Wrap([(Half)1, (Half)30, (Half)5]);
        Assert.Equal([(Half)5, (Half)(-11)], OneOp.Run("TensorScatterSub", [x, indices, updates])[0].Span<Half>().ToArray());
        Assert.Equal([(Half)10, (Half)30], OneOp.Run("TensorScatterMax", [x, indices, updates])[0].Span<Half>().ToArray());
        Assert.Equal([(Half)5, (Half)1], OneOp.Run("TensorScatterMin", [x, indices, updates])[0].Span<Half>().ToArray());
        Assert.Equal([(Half)5, (Half)30], OneOp.Run("TensorScatterUpdate", [x, indices, updates])[0].Span<Half>().ToArray());
        Assert.Throws<ModelException>(() => OneOp.Run("ScatterNd", [indices, Tensor.Wrap([1f, 2f, 4f]), Tensor.Wrap([1])]));
        Assert.Equal([4f], OneOp.Run("ScatterNd", [indices, Tensor.Wrap([1f, 2f, 4f]), Tensor.Wrap([1])], new() { { "bad_indices_policy", "IGNORE" } })[0].Span<float>().ToArray());
    }

    [Fact]
    public void A_target_is_in_the_top_when_fewer_than_k_are_higher()
    {
        Tensor predictions = Tensor.Wrap([0.1f, 0.3f, 0.3f, float.NaN, 1f, 2f], new Shape(2, 3));
        bool[] Top(int a, int b, int k) => OneOp.Run("InTopKV2", [predictions, Tensor.Wrap([a, b]), Tensor.Scalar(k)])[0].Span<bool>().ToArray();
        Assert.Equal([true, false], Top(2, 2, 1));
        Assert.Equal([false, false], Top(0, 7, 2));
        Assert.Equal([true, false], Top(0, 1, 3));
    }

    [Fact]
    public void Patches_list_rows_columns_and_channels_in_this_order()
    {
        Tensor image = Tensor.Wrap([1, 2, 3, 4, 5, 6, 7, 8, 9], new Shape(1, 3, 3, 1));
        ListAttr Ints(params long[] values) => new() { Ints = values };
        AttributeMap attributes = new() { { "ksizes", Ints(1, 2, 2, 1) }, { "strides", Ints(1, 2, 2, 1) }, { "rates", Ints(1, 1, 1, 1) }, { "padding", "SAME" } };
        Assert.Equal([1, 2, 4, 5, 3, 0, 6, 0, 7, 8, 0, 0, 9, 0, 0, 0], OneOp.Run("ExtractImagePatches", [image], attributes)[0].Span<int>().ToArray());
        attributes = new() { { "ksizes", Ints(1, 2, 2, 1) }, { "strides", Ints(1, 1, 1, 1) }, { "rates", Ints(1, 2, 2, 1) }, { "padding", "VALID" } };
        Assert.Equal([1, 3, 7, 9], OneOp.Run("ExtractImagePatches", [image], attributes)[0].Span<int>().ToArray());
    }
}
