using Decant.IR;
using Decant.IR.TextForm;
using Decant.Lowering;

namespace Decant.Tests.Lowering;

public sealed class PreluFusionTests
{
    private const string Product = """
        x = Placeholder() {dtype: float32, shape: shape[1,2,2,1]}
        w = Const() {dtype: float32, value: float32[1,1,1,2] {0.5, -0.25}}
        b = Const() {dtype: float32, value: float32[2] {0.125, -0.5}}
        c = Conv2D(x, w) {T: float32, strides: [1, 1, 1, 1], padding: "SAME"}
        p = BiasAdd(c, b) {T: float32, data_format: "NHWC"}

        """;

    private const string Keras = """
        r = Relu(p) {T: float32}
        n = Neg(p) {T: float32}
        m = Relu(n) {T: float32}
        q = Mul(a, m) {T: float32}
        y = AddV2(r, q) {T: float32}

        """;

    /// <summary>Slopes and the ops, and what is left: the op of y, the ops that it has fused, the number of its inputs.</summary>
    [Theory]
    [InlineData("a = Const() {dtype: float32, value: float32[1,1,2] {-0.5, -2}}\n" + Keras, "_FusedConv2D", "BiasAdd,Prelu", 4)]
    [InlineData("a = Const() {dtype: float32, value: float32[1,1,2] {0.5, 2}}\nr = Relu(p) {T: float32}\nn = Neg(p) {T: float32}\nm = Relu(n) {T: float32}\nq = Mul(a, m) {T: float32}\ny = Sub(r, q) {T: float32}", "_FusedConv2D", "BiasAdd,Prelu", 4)]
    [InlineData("a = Const() {dtype: float32, value: float32[1] {-0.5}}\n" + Keras, "_FusedConv2D", "BiasAdd,Prelu", 4)]
    [InlineData("a = Const() {dtype: float32, value: float32[2,2,1] {-0.5, -2, 0, -0.25}}\n" + Keras, "Prelu", "", 2)]
    [InlineData("a = Const() {dtype: float32, value: float32[2] {0.5, 2}}\nz = Const() {dtype: float32, value: float32[] {0}}\ng = Greater(p, z) {T: float32}\nm = Mul(p, a) {T: float32}\ny = SelectV2(g, p, m) {T: float32}", "_FusedConv2D", "BiasAdd,Prelu", 4)]
    public void Nodes_that_compute_Prelu_become_one_and_join_the_product(string nodes, string op, string fused, int inputs)
    {
        using Model model = GraphParser.Parse($"graph {{\n{Product}{nodes}\n}}");
        Model converted = model.ConvertToTFJS(new TFJSConvertOptions { Inputs = ["x"], Outputs = ["y"] }).Model;
        Node y = converted.Graph["y"];
        Assert.Equal((op, inputs), (y.Op.Name, y.Inputs.Count));
        Assert.Equal(fused, string.Join(',', (y.Attributes["fused_ops"] as ListAttr)?.Strings.Select(s => System.Text.Encoding.UTF8.GetString(s.Span)) ?? []));
        Assert.DoesNotContain(converted.Graph.Nodes, n => n.Op.Name is "Relu" or "Neg" or "Mul" or "AddV2" or "Sub" || (n.Op == "Const" && !converted.Graph.Nodes.Any(r => r.Inputs.Exists(i => i.Node == n))));
        var feeds = new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap(new[] { 1f, -2, 3, -4 }, new Shape(1, 2, 2, 1)) };
        using Session original = new(model), changed = new(converted);
        Assert.Equal(original.Run(feeds, ["y"])["y"].Span<float>().ToArray(), changed.Run(feeds, ["y"])["y"].Span<float>().ToArray());
    }

    [Theory]
    [InlineData("a = Placeholder() {dtype: float32, shape: shape[2]}\n" + Keras, "y")]
    [InlineData("a = Const() {dtype: float32, value: float32[2] {-0.5, -2}}\n" + Keras, "y", "m")]
    public void Slopes_that_are_given_and_groups_of_which_a_part_is_asked_for_stay(string nodes, params string[] outputs)
    {
        using Model model = GraphParser.Parse($"graph {{\n{Product}{nodes}\n}}");
        Model converted = model.ConvertToTFJS(new TFJSConvertOptions { Outputs = outputs }).Model;
        Assert.Equal("AddV2", converted.Graph["y"].Op.Name);
    }
}
