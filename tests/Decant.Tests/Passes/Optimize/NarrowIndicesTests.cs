using Decant.Passes.Optimize;

namespace Decant.Tests.Passes.Optimize;

public sealed class NarrowIndicesTests
{
    private static PassRun Run(string nodes, params string[] kept) => PassRun.Of($"graph {{\nx = Placeholder() {{dtype: float32, shape: shape[2,3]}}\n{nodes}\n}}", ["x", .. kept], new NarrowIndices());

    [Fact]
    public void What_is_made_of_shapes_for_a_shape_becomes_int32()
    {
        PassRun run = Run(
            """
            s = Shape(x) {T: float32, out_type: int64}
            zero = Const() {dtype: int64, value: int64[1] {0}}
            one = Const() {dtype: int64, value: int64[1] {1}}
            d = StridedSlice(s, zero, one, one) {T: int64, Index: int64, shrink_axis_mask: 1}
            k = Const() {dtype: int64, value: int64[] {-1}}
            p = Pack(d, k) {T: int64, N: 2, axis: 0}
            y = Reshape(x, p) {T: float32, Tshape: int64}
            """, "y");
        Assert.Single(run.Report.Edits);
        Assert.Equal("int32[2]", run["p"].Fact(0).ToString());
        run.Has("d", "StridedSlice", "s", "zero/int32", "one/int32", "one/int32").Has("p", "Pack", "d", "k/int32");
        Assert.Equal((Decant.IR.AttrValue)DType.Int32, run["y"].Attributes["Tshape"]);
    }

    [Fact]
    public void A_cast_to_int64_in_front_of_an_index_becomes_one_to_int32() => Assert.Equal((Decant.IR.AttrValue)DType.Int32, Run(
        """
        i = Placeholder() {dtype: int32, shape: shape[2]}
        c = Cast(i) {SrcT: int32, DstT: int64}
        axis = Const() {dtype: int32, value: int32[] {0}}
        t = Const() {dtype: float32, value: float32[8] {1, 2, 3, 4, 5, 6, 7, 8}}
        y = GatherV2(t, c, axis) {Tparams: float32, Tindices: int64, Taxis: int32}
        """, "i", "y").Has("y", "GatherV2", "t", "c", "axis")["c"].Attributes["DstT"]);

    [Theory]
    [InlineData("y = Shape(x) {T: float32, out_type: int64}")]
    [InlineData("s = Shape(x) {T: float32, out_type: int64}\ny = Cast(s) {SrcT: int64, DstT: float32}")]
    [InlineData("k = Const() {dtype: int64, value: int64[2] {3000000000, 1}}\none = Const() {dtype: int64, value: int64[2] {1, 1}}\nz = Const() {dtype: int64, value: int64[2] {0, 0}}\ny = StridedSlice(x, z, k, one) {T: float32, Index: int64}")]
    [InlineData("i = Placeholder() {dtype: int64, shape: shape[2]}\nt = Const() {dtype: float32, value: float32[8] {1, 2, 3, 4, 5, 6, 7, 8}}\ny = Gather(t, i) {Tparams: float32, Tindices: int64}")]
    public void What_is_given_out_fed_or_large_stays(string nodes) => Run(nodes, nodes.StartsWith("i =", StringComparison.Ordinal) ? ["i", "y"] : ["y"]).Does();
}
