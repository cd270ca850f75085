using Decant.IR;
using Decant.IR.TextForm;
using Decant.Passes;

namespace Decant.Tests.Ops.Arrays;

/// <summary>Sizes of a shape are known one by one, where not all are.</summary>
public sealed class KnownSizesTests
{
    private const string Slice = "{T: int32, Index: int32, begin_mask: 0, end_mask: 0, ellipsis_mask: 0, new_axis_mask: 0, shrink_axis_mask: 1}";

    /// <summary>What is made of the shape s of x [?, 4, ?, 3], of which n is the first size, and what is known of y.</summary>
    [Theory]
    [InlineData($"y = StridedSlice(s, one, two, one) {Slice}", "[]", "4")]
    [InlineData($"y = StridedSlice(s, two, three, one) {Slice}", "[]", "")]
    [InlineData("y = StridedSlice(s, three, two, back) {T: int32, Index: int32, begin_mask: 0, end_mask: 0, ellipsis_mask: 0, new_axis_mask: 0, shrink_axis_mask: 0}", "[1]", "3")]
    [InlineData("y = StridedSlice(s, two, three, one) {T: int32, Index: int32, begin_mask: 0, end_mask: 1, ellipsis_mask: 0, new_axis_mask: 0, shrink_axis_mask: 0}", "[2]", "")]
    [InlineData("y = Slice(s, three, one) {T: int32, Index: int32}", "[1]", "3")]
    [InlineData("y = Slice(s, two, one) {T: int32, Index: int32}", "[1]", "")]
    [InlineData("p = Pack(n, n) {T: int32, N: 2, axis: 0}; c = ConcatV2(p, three, s, axis) {T: int32, N: 3, Tidx: int32}; y = Fill(c, f) {T: float32, index_type: int32}", "[?,?,3,?,4,?,3]", "")]
    [InlineData("p = Pack(n, six) {T: int32, N: 2, axis: 0}; y = Reshape(x, p) {T: float32, Tshape: int32}", "[?,6]", "")]
    [InlineData("l = Cast(s) {SrcT: int32, DstT: int64}; i = Identity(l) {T: int64}; y = Reshape(x, i) {T: float32, Tshape: int64}", "[?,4,?,3]", "")]
    [InlineData("m = Mul(s, s) {T: int32}; y = Reshape(x, m) {T: float32, Tshape: int32}", "[?,?,?,?]", "")]
    public void Parts_of_a_shape_are_known(string nodes, string shape, string value)
    {
        using Model model = GraphParser.Parse($$$"""
            graph {
              x = Placeholder() {dtype: float32, shape: shape[?,4,?,3]}
              f = Const() {dtype: float32, value: float32[] {1}}
              axis = Const() {dtype: int32, value: int32[] {0}}
              six = Const() {dtype: int32, value: int32[] {6}}
              zero = Const() {dtype: int32, value: int32[1] {0}}
              one = Const() {dtype: int32, value: int32[1] {1}}
              two = Const() {dtype: int32, value: int32[1] {2}}
              three = Const() {dtype: int32, value: int32[1] {3}}
              back = Const() {dtype: int32, value: int32[1] {-1}}
              s = Shape(x) {T: float32, out_type: int32}
              n = StridedSlice(s, zero, one, one) {{{Slice}}}
              {{{nodes.Replace("; ", "\n", StringComparison.Ordinal)}}}
            }
            """);
        Assert.Empty(InferFacts.Run(model));
        Fact y = model.Graph["y"].Fact(0);
        Assert.Equal(shape, y.Shape.ToString());
        Assert.Equal(value, y.Constant is { } constant ? string.Join(',', constant.Span<int>().ToArray()) : "");
    }
}
