using Decant.IR;
using Decant.IR.TextForm;
using Decant.Lowering;

namespace Decant.Tests.Lowering;

public sealed class TFJSConverterTests
{
    [Fact]
    public void Attributes_that_are_left_out_are_written_with_their_defaults()
    {
        using Model model = GraphParser.Parse("""
            graph {
              x = Placeholder() {dtype: float32, shape: shape[1, 3, 3, 2]}
              w = Const() {dtype: float32, value: float32[1, 2, 2, 2] {0.5, -1, 0.25, 2, 1.5, -0.5, 0.75, -2}}
              y = Conv2D(x, w) {T: float32, strides: [1, 1, 1, 1], padding: "SAME"}
            }
            """);
        using Model converted = Convert(model, "y");
        Assert.Equal([1, 1, 1, 1], Assert.IsType<ListAttr>(converted.Graph["y"].Attributes["dilations"]).Ints!);
        Assert.False(model.Graph["y"].Attributes.Contains("dilations"));
    }

    [Fact]
    public void Tanh_is_not_fused_into_a_product()
    {
        using Model model = GraphParser.Parse("""
            graph {
              x = Placeholder() {dtype: float32, shape: shape[3, 2]}
              w = Const() {dtype: float32, value: float32[2, 2] {0.5, -1, 0.25, 2}}
              b = Const() {dtype: float32, value: float32[2] {0.25, -0.75}}
              m = MatMul(x, w) {T: float32}
              a = BiasAdd(m, b) {T: float32}
              y = Tanh(a) {T: float32}
            }
            """);
        using Model converted = Convert(model, "y");
        Assert.Equal((OpName)"Tanh", converted.Graph["y"].Op);
        Node product = converted.Graph["y"].Inputs[0].Node;
        Assert.Equal((OpName)"_FusedMatMul", product.Op);
        Assert.True(Assert.IsType<ListAttr>(product.Attributes["fused_ops"]).Strings![0].Span.SequenceEqual("BiasAdd"u8));
    }

    [Fact]
    public void Channels_come_last_between_transposes_and_names_stay()
    {
        using Model model = GraphParser.Parse("""
            graph {
              x = Placeholder() {dtype: float32, shape: shape[1, 2, 5, 4]}
              w = Const() {dtype: float32, value: float32[2, 1, 2, 3] {0.5, -1, 0.25, 2, 1.5, -0.5, 0.75, -2, 1, 0.1, 0.2, 0.3}}
              c = Conv2D(x, w) {T: float32, strides: [1, 1, 2, 1], padding: "EXPLICIT", explicit_paddings: [0, 0, 0, 0, 1, 0, 0, 1], data_format: "NCHW"}
              y = MaxPool(c) {T: float32, ksize: [1, 1, 2, 1], strides: [1, 1, 1, 1], padding: "VALID", data_format: "NCHW"}
            }
            """);
        using Model converted = Convert(model, "y");
        Assert.Equal(2, converted.Graph.Nodes.Count(n => n.Op == "Transpose"));
        Node convolution = converted.Graph.Nodes.Single(n => n.Op == "Conv2D"), pool = converted.Graph.Nodes.Single(n => n.Op == "MaxPool");
        Assert.Equal([1, 2, 1, 1], ((ListAttr)convolution.Attributes["strides"]!).Ints);
        Assert.Equal([0, 0, 1, 0, 0, 1, 0, 0], ((ListAttr)convolution.Attributes["explicit_paddings"]!).Ints);
        Assert.Equal([1, 2, 1, 1], ((ListAttr)pool.Attributes["ksize"]!).Ints);
        Assert.Same(convolution, pool.Inputs[0].Node);
        var feeds = new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap([.. Enumerable.Range(0, 40).Select(i => (i % 7) - 2.5f)], new Shape(1, 2, 5, 4)) };
        using Session original = new(model), changed = new(converted);
        Tensor expected = original.Run(feeds, ["y"])["y"], found = changed.Run(feeds, ["y"])["y"];
        Assert.Equal(expected.Shape, found.Shape);
        Assert.Equal(expected.Span<float>().ToArray(), found.Span<float>().ToArray());
    }

    private static Model Convert(Model model, string output) => model.ConvertToTFJS(new TFJSConvertOptions { Inputs = ["x"], Outputs = [output] }).Model;

    [Theory]
    [InlineData("y = Cumsum(x, axis) {T: float32, Tidx: int32, exclusive: false, reverse: false}", "Cumsum runs along axis -1 of a shape whose rank is not known")]
    [InlineData("y = SpaceToDepth(x) {T: float32, block_size: 2, data_format: \"NHWC\"}", "SpaceToDepth has an input <unknown>, expected [n,h,w,c]")]
    public void Why_an_op_cannot_be_composed_is_told_with_its_node(string op, string reason)
    {
        using Model model = Decant.IR.TextForm.GraphParser.Parse(
            $$"""
            graph {
              x = Placeholder() {dtype: float32, shape: shape?}
              axis = Const() {dtype: int32, value: int32[] {-1} }
              {{op}}
            }
            """);
        ModelException e = Assert.Throws<ModelException>(() => Convert(model, "y"));
        Diagnostic told = Assert.Single(e.Diagnostics, d => d.Location?.Node == "y");
        Assert.StartsWith(reason, told.Message, StringComparison.Ordinal);
        Assert.NotNull(told.Hint);
        Assert.DoesNotContain(model.ConvertToTFJS(new TFJSConvertOptions { Inputs = ["x"], Outputs = ["y"], CheckOps = false }).Model.Graph.Nodes, n => n.Op.Name is "Reshape" or "Transpose");
    }

    [Fact]
    public void Variables_without_values_are_told_one_by_one_with_what_to_do()
    {
        using Model model = Decant.IR.TextForm.GraphParser.Parse(
            """
            graph {
              x = Placeholder() {dtype: float32, shape: shape[2]}
              v = VarHandleOp() {dtype: float32, shape: shape[2]}
              r = ReadVariableOp(v) {dtype: float32}
              y = AddV2(x, r) {T: float32}
            }
            """);
        ModelException e = Assert.Throws<ModelException>(() => Convert(model, "y"));
        Diagnostic told = Assert.Single(e.Diagnostics, d => d.Location?.Node == "v");
        Assert.Contains("--checkpoint", told.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_are_filled_by_the_op_that_TensorFlow_js_has()
    {
        using Model model = Decant.IR.TextForm.GraphParser.Parse(
            """
            graph {
              x = Placeholder() {dtype: string, shape: shape[?]}
              t = HashTableV2() {key_dtype: string, value_dtype: int64, shared_name: "words"}
              keys = Const() {dtype: string, value: string[2] {"a", "b"} }
              values = Const() {dtype: int64, value: int64[2] {10, 20} }
              fill = InitializeTableV2(t, keys, values) {Tkey: string, Tval: int64}
              default = Const() {dtype: int64, value: int64[] {-1} }
              y = LookupTableFindV2(t, x, default) {Tin: string, Tout: int64}
            }
            """);
        Model converted = model.ConvertToTFJS().Model;
        Assert.Contains(converted.Graph.Nodes, n => n.Op == "LookupTableImportV2");
        using var session = new Session(converted);
        Assert.Equal([20L, -1], session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.FromStrings(["b", "c"]) }, ["y"])["y"].Span<long>().ToArray());
    }
}
