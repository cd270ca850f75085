using Decant.IR;
using Decant.IR.TextForm;
using Decant.Lowering;

namespace Decant.Tests.Lowering;

/// <summary>Products with fused ops give in TensorFlow Lite's operators what they give here.</summary>
public sealed class FusedProductTests
{
    private const string Constants = """
        image = Placeholder() {dtype: float32, shape: shape[1, 3, 3, 2]}
        rows = Placeholder() {dtype: float32, shape: shape[3, 2]}
        w = Const() {dtype: float32, value: float32[1, 2, 2, 2] {0.5, -1, 0.25, 2, 1.5, -0.5, 0.75, -2}}
        wd = Const() {dtype: float32, value: float32[2, 2, 2, 1] {0.5, -1, 0.25, 2, 1.5, -0.5, 0.75, -2}}
        wm = Const() {dtype: float32, value: float32[2, 2] {0.5, -1, 0.25, 2}}
        b = Const() {dtype: float32, value: float32[2] {0.25, -0.75}}
        scale = Const() {dtype: float32, value: float32[2] {1.5, -2}}
        mean = Const() {dtype: float32, value: float32[2] {0.1, 0.3}}
        variance = Const() {dtype: float32, value: float32[2] {0.9, 0.4}}
        """;

    [Theory]
    [InlineData("y = _FusedConv2D(image, w, b) {T: float32, strides: [1, 1, 1, 1], padding: \"SAME\", fused_ops: [\"BiasAdd\", \"Relu6\"]}", "image", "CONV_2D")]
    [InlineData("y = _FusedConv2D(image, w, scale, b, mean, variance) {T: float32, strides: [1, 1, 1, 1], padding: \"VALID\", epsilon: 0.01f, fused_ops: [\"FusedBatchNorm\", \"Elu\"]}", "image", "CONV_2D", "MUL", "ADD", "ELU")]
    [InlineData("y = _FusedConv2D(image, w, b, scale) {T: float32, strides: [1, 1, 1, 1], padding: \"SAME\", fused_ops: [\"BiasAdd\", \"Prelu\"]}", "image", "CONV_2D")]
    [InlineData("y = _FusedConv2D(image, w, b, image) {T: float32, strides: [1, 1, 1, 1], padding: \"SAME\", fused_ops: [\"BiasAdd\", \"Add\", \"Relu\"]}", "image", "CONV_2D", "ADD")]
    [InlineData("y = FusedDepthwiseConv2dNative(image, wd, b) {T: float32, strides: [1, 2, 2, 1], padding: \"SAME\", leakyrelu_alpha: 0.3f, fused_ops: [\"BiasAdd\", \"LeakyRelu\"]}", "image", "DEPTHWISE_CONV_2D", "LEAKY_RELU")]
    [InlineData("y = _FusedMatMul(rows, wm, b) {T: float32, transpose_b: true, fused_ops: [\"BiasAdd\", \"Sigmoid\"]}", "rows", "FULLY_CONNECTED", "LOGISTIC")]
    public void A_fused_product_gives_the_same_when_converted(string node, string input, params string[] operators)
    {
        using Model model = GraphParser.Parse($"graph {{\n{Constants}\n{node}\n}}");
        using Model converted = model.Convert(new ConvertOptions { Inputs = [input], Outputs = ["y"] }).Model;
        string[] made = [.. converted.Graph.Nodes.Where(n => n.Op.Dialect == Dialect.TFLite).Select(n => n.Op.Name)];
        Assert.Subset(made.ToHashSet(), operators.ToHashSet());
        var random = new Random(5);
        Shape shape = ((ShapeAttr)model.Graph[input].Attributes["shape"]!).Value;
        var feeds = new Dictionary<string, Tensor> { [input] = Tensor.Wrap([.. Enumerable.Range(0, (int)shape.ElementCount).Select(_ => (random.NextSingle() * 4) - 2)], shape) };
        using Session original = new(model), lite = new(converted);
        float[] expected = original.Run(feeds, ["y"])["y"].Span<float>().ToArray(), actual = lite.Run(feeds, ["y"])["y"].Span<float>().ToArray();
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), p => Assert.Equal(p.First, p.Second, 1e-5f));
    }
}
