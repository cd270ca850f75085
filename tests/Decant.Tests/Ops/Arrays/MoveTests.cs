using System.Numerics;
using System.Text;
using Decant.IR;
using Decant.TestKit;

namespace Decant.Tests.Ops.Arrays;

/// <summary>Ops that only move elements, in element types of every size.</summary>
public sealed class MoveTests
{
    public static TheoryData<DType> Types => [DType.Bool, DType.Int8, DType.UInt16, DType.BFloat16, DType.Float16, DType.Int32, DType.Float32, DType.Float64, DType.Complex64, DType.Complex128, DType.String];

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_type_moves_alike(DType dtype)
    {
        Tensor x = Numbered(dtype, 2, 3);
        Check(x, "Transpose", [x, Ints(1, 0)], null, 0, 3, 1, 4, 2, 5);
        Check(x, "ReverseV2", [x, Ints(1)], null, 2, 1, 0, 5, 4, 3);
        Check(x, "GatherV2", [x, Ints(2, 0, 2), Tensor.Scalar(1)], null, 2, 0, 2, 5, 3, 5);
        Check(x, "Tile", [x, Ints(1, 2)], null, 0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5);
        Check(x, "ConcatV2", [x, x, Tensor.Scalar(1)], null, 0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5);
        Check(x, "Pack", [x, x], new() { { "axis", 2 } }, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5);
        Check(x, "MirrorPad", [x, Tensor.Wrap([0, 0, 1, 1], new Shape(2, 2))], new() { { "mode", "REFLECT" } }, 1, 0, 1, 2, 1, 4, 3, 4, 5, 4);
        Check(x, "Slice", [x, Ints(0, 1), Ints(-1, 2)], null, 1, 2, 4, 5);
        Check(x, "Roll", [x, Ints(1), Ints(1)], null, 2, 0, 1, 5, 3, 4);
        Check(x, "BroadcastTo", [x, Ints(2, 2, 3)], null, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5);
        Check(x, "DynamicStitch", [Ints(1, 0), x], null, 3, 4, 5, 0, 1, 2);
        Check(x, "GatherNd", [x, Tensor.Wrap([1, 2, 0, 1], new Shape(2, 2))], null, 5, 1);
    }

    [Theory]
    [InlineData(DType.Int8)]
    [InlineData(DType.Float16)]
    [InlineData(DType.Float32)]
    [InlineData(DType.Complex128)]
    [InlineData(DType.String)]
    public void Large_boxes_move_as_their_indices_say(DType dtype)
    {
        const int A = 7, B = 40, C = 11;
        Tensor x = Numbered(dtype, A, B, C);
        int[] From(int a, int b, int c, Func<int, int, int, int> index) =>
            [.. from i in Enumerable.Range(0, a) from j in Enumerable.Range(0, b) from k in Enumerable.Range(0, c) select index(i, j, k)];
        Check(x, "Transpose", [x, Ints(2, 0, 1)], null, From(C, A, B, (c, a, b) => (((a * B) + b) * C) + c));
        Check(x, "ConcatV2", [.. Enumerable.Repeat(x, 14), Tensor.Scalar(2)], null, From(A, B, C * 14, (a, b, c) => (((a * B) + b) * C) + (c % C)));
        Check(x, "ReverseV2", [x, Ints(0, 2)], null, From(A, B, C, (a, b, c) => ((((A - 1 - a) * B) + b) * C) + C - 1 - c));
        Check(x, "Slice", [x, Ints(1, 2, 3), Ints(6, 30, 8)], null, From(6, 30, 8, (a, b, c) => ((((a + 1) * B) + b + 2) * C) + c + 3));
        Check(x, "StridedSlice", [x, Ints(0, 39, 0), Ints(7, 0, 11), Ints(1, -2, 1)], null, From(A, 20, C, (a, b, c) => (((a * B) + 39 - (2 * b)) * C) + c));
        Check(x, "Tile", [x, Ints(1, 2, 1)], null, From(A, 2 * B, C, (a, b, c) => (((a * B) + (b % B)) * C) + c));
    }

    [Fact]
    public void Padding_is_zero_false_or_an_empty_string()
    {
        Tensor paddings = Tensor.Wrap([1, 1], new Shape(1, 2));
        Assert.Equal([0f, 7f, 0f], OneOp.Run("Pad", [Tensor.Wrap([7f]), paddings])[0].Span<float>().ToArray());
        Assert.Equal(["", "a", ""], OneOp.Run("Pad", [Tensor.FromStrings(["a"]), paddings])[0].Strings.ToArray().Select(s => Encoding.UTF8.GetString(s.Span)));
    }

    [Fact]
    public void Batches_and_blocks_are_each_others_reverse()
    {
        Tensor x = Numbered(DType.Int32, 2, 4, 6, 3);
        (Tensor block, Tensor paddings) = (Ints(2, 3), Tensor.Wrap([1, 1, 0, 3], new Shape(2, 2)));
        Tensor blocks = OneOp.Run("SpaceToBatchND", [x, block, paddings])[0];
        Assert.Equal(new Shape(12, 3, 3, 3), blocks.Shape);
        Assert.Equal(x.Span<int>().ToArray(), OneOp.Run("BatchToSpaceND", [blocks, block, paddings])[0].Span<int>().ToArray());
        foreach (string format in (string[])["NHWC", "NCHW"])
        {
            Tensor y = Numbered(DType.Int32, 2, 4, 4, 4);
            Tensor deep = OneOp.Run("SpaceToDepth", [y], new() { { "block_size", 2 }, { "data_format", format } })[0];
            Assert.Equal(y.Span<int>().ToArray(), OneOp.Run("DepthToSpace", [deep], new() { { "block_size", 2 }, { "data_format", format } })[0].Span<int>().ToArray());
        }
    }

    [Fact]
    public void Channels_first_blocks_keep_the_channels_innermost()
    {
        Tensor x = Tensor.Wrap([0, 1, 2, 3, 10, 11, 12, 13], new Shape(1, 2, 2, 2));
        Tensor deep = OneOp.Run("SpaceToDepth", [x], new() { { "block_size", 2 }, { "data_format", "NCHW" } })[0];
        Assert.Equal([0, 10, 1, 11, 2, 12, 3, 13], deep.Span<int>().ToArray());
    }

    [Fact]
    public void What_is_not_supported_or_out_of_range_is_said_so()
    {
        Tensor x = Numbered(DType.Float32, 2, 3);
        Assert.Contains("indices[1] = 3, expected one in [0, 3)", Message(() => OneOp.Run("GatherV2", [x, Ints(0, 3), Tensor.Scalar(1)])), StringComparison.Ordinal);
        Assert.Contains("NCHW_VECT_C", Message(() => OneOp.Run("SpaceToDepth", [Numbered(DType.QInt8, 1, 1, 2, 2, 4)], new() { { "block_size", 2 }, { "data_format", "NCHW_VECT_C" } })), StringComparison.Ordinal);
        Assert.Contains("6 elements cannot be reshaped to [4,-1]", Message(() => OneOp.Run("Reshape", [x, Ints(4, -1)])), StringComparison.Ordinal);
        Assert.Contains("expected equal sizes but for dimension 0", Message(() => OneOp.Run("ConcatV2", [x, Numbered(DType.Float32, 2, 2), Tensor.Scalar(0)])), StringComparison.Ordinal);
        Assert.Contains("holds NaN", Message(() => OneOp.Run("CheckNumerics", [Tensor.Wrap([1f, float.NaN])], new() { { "message", "loss" } })), StringComparison.Ordinal);
        Assert.Contains("holds NaN", Message(() => OneOp.Run("CheckNumerics", [Tensor.Wrap([(BFloat16)float.PositiveInfinity])], new() { { "message", "loss" } })), StringComparison.Ordinal);
    }

    private static void Check(Tensor x, string op, Tensor[] inputs, AttributeMap? attributes, params int[] order)
    {
        Tensor moved = OneOp.Run(op, inputs, attributes)[0];
        Tensor expected = OneOp.Run("GatherV2", [x.Reshaped(new Shape(x.ElementCount)), Tensor.Wrap(order), Tensor.Scalar(0)])[0];
        Assert.Equal(x.DType, moved.DType);
        Assert.Null(TensorComparison.Difference(moved.Reshaped(new Shape(moved.ElementCount)), expected, 0, 0));
    }

    private static string Message(Action action) => Assert.Throws<ModelException>(action).Message;

    private static Tensor Ints(params int[] values) => Tensor.Wrap(values);

    private static Tensor Numbered(DType dtype, params long[] dims)
    {
        var shape = new Shape(dims);
        int[] n = [.. Enumerable.Range(0, (int)shape.ElementCount)];
        return dtype switch
        {
            DType.Bool => Tensor.Wrap(Array.ConvertAll(n, i => i % 2 == 1), shape),
            DType.Int8 => Tensor.Wrap(Array.ConvertAll(n, i => (sbyte)i), shape),
            DType.QInt8 => Tensor.Wrap(Array.ConvertAll(n, i => (sbyte)i), shape).Reinterpreted(DType.QInt8),
            DType.UInt16 => Tensor.Wrap(Array.ConvertAll(n, i => (ushort)i), shape),
            DType.BFloat16 => Tensor.Wrap(Array.ConvertAll(n, i => (BFloat16)i), shape),
            DType.Float16 => Tensor.Wrap(Array.ConvertAll(n, i => (Half)i), shape),
            DType.Float32 => Tensor.Wrap(Array.ConvertAll(n, i => (float)i), shape),
            DType.Float64 => Tensor.Wrap(Array.ConvertAll(n, i => (double)i), shape),
            DType.Complex64 => Tensor.Wrap(Array.ConvertAll(n, i => new Complex64(i, -i)), shape),
            DType.Complex128 => Tensor.Wrap(Array.ConvertAll(n, i => new Complex(i, -i)), shape),
            DType.String => Tensor.FromStrings(Array.ConvertAll(n, i => $"s{i}"), shape),
            _ => Tensor.Wrap(n, shape),
        };
    }
}
