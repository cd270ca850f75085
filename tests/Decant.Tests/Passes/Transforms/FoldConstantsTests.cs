using Decant.IR;

namespace Decant.Tests.Passes.Transforms;

public sealed class FoldConstantsTests
{
    private const string Text = """
        graph {
          x = Placeholder() {dtype: float32, shape: shape[2,3]}
          a = Const() {dtype: float32, value: float32[3] {1, 2, 3}}
          b = Const() {dtype: float32, value: float32[3] {4, 5, 6}}
          sum = Add(a, b) {T: float32, _output_shapes: [shape[3]]}
          twice = Mul(sum, sum) {T: float32}
          sizes = Shape(x) {T: float32, out_type: int32}
          rows = Const() {dtype: int32, value: int32[] {0}}
          row = Gather(sizes, rows) {Tparams: int32, Tindices: int32}
          count = Cast(row) {SrcT: int32, DstT: float32}
          scaled = Mul(x, twice) {T: float32}
          y = RealDiv(scaled, count) {T: float32}
          unused = Neg(x) {T: float32}
        }
        """;

    [Fact]
    public void What_depends_on_constants_or_known_shapes_is_computed_and_the_rest_stripped()
    {
        Transformed it = Transformed.Run(Text, "fold_constants").Has("x=Placeholder", "twice=Const", "scaled=Mul", "count=Const", "y=RealDiv").GivesTheSame();
        Assert.Equal([25, 49, 81], it.Constant("twice").Span<float>().ToArray());
        Assert.Equal([2], it.Constant("count").Span<float>().ToArray());
        Assert.Empty(it.Model.Transform("fold_constants", ["x"], ["y"]).Report.Edits);
    }

    [Fact]
    public void Ops_nodes_and_large_results_can_be_left_alone()
    {
        Assert.Equal("Mul", Transformed.Run(Text, "fold_constants(exclude_op=Mul)")["twice"].Op.Name);
        Transformed node = Transformed.Run(Text, "fold_constants(exclude_node=twice, exclude_node=twic)");
        Assert.Equal("Mul", node["twice"].Op.Name);
        Assert.Contains(node.Report.Declines, d => d.Reason == "there is no node 'twic' to exclude; did you mean 'twice'?");
        Assert.Equal("Add", Transformed.Run(Text, "fold_constants(max_constant_size_in_bytes=8)")["sum"].Op.Name);
    }

    [Fact]
    public void Shapes_that_are_told_can_be_kept()
    {
        Assert.True(Transformed.Run(Text, "fold_constants(clear_output_shapes=false, exclude_op=Add)")["sum"].Attributes.Contains("_output_shapes"));
        Assert.False(Transformed.Run(Text, "fold_constants(exclude_op=Add)")["sum"].Attributes.Contains("_output_shapes"));
    }

    [Fact]
    public void Nothing_is_folded_through_an_input()
    {
        Transformed it = Transformed.Run(Text, "fold_constants", "x,a");
        Assert.Equal("Add", it["sum"].Op.Name);
        Assert.Contains(it.Report.Declines, d => d.Reason.StartsWith("Input 'a' was expected to be a Placeholder or PlaceholderWithDefault op, but was Const", StringComparison.Ordinal));
    }

    [Fact]
    public void A_placeholder_with_a_default_that_is_an_input_has_none_any_more()
    {
        const string Default = "graph { c = Const() {dtype: float32, value: float32[2] {1, 2}}\n x = PlaceholderWithDefault(c) {dtype: float32, shape: shape[2]}\n y = Neg(x) {T: float32} }";
        Transformed.Run(Default, "fold_constants").Has("x=Placeholder", "y=Neg");
        Transformed.Run(Default, "fold_constants", "").Has("c=Const", "x=PlaceholderWithDefault", "y=Neg");
    }
}
