using Decant.IR;
using Decant.Passes.Optimize;

namespace Decant.Tests.Passes.Optimize;

public sealed class FuseContractionsTests
{
    private const string Constants = """
        x = Placeholder() {dtype: float32, shape: shape[1,4,4,1]}
        m = Placeholder() {dtype: float32, shape: shape[2,3]}
        v = Placeholder() {dtype: float32, shape: shape[2,2]}
        n = NoOp()
        w = Const() {dtype: float32, value: float32[1,1,1,2] {0.5, -0.25}}
        wd = Const() {dtype: float32, value: float32[1,1,1,2] {0.5, -0.25}}
        wm = Const() {dtype: float32, value: float32[3,2] {0.1, -0.2, 0.3, 0.4, -0.5, 0.6}}
        b = Const() {dtype: float32, value: float32[2] {0.125, -0.5}}
        b4 = Const() {dtype: float32, value: float32[1,1,1,2] {0.125, -0.5}}
        s = Const() {dtype: float32, value: float32[1] {0.5}}
        r = Const() {dtype: float32, value: float32[2,1] {0.125, -0.5}}
        """;

    private const string Conv = "c = Conv2D(x, w) {T: float32, strides: [1, 1, 1, 1], padding: \"SAME\"}\na = BiasAdd(c, b) {T: float32, data_format: \"NHWC\"}\n";

    private static PassRun Run(string nodes, params string[] kept) => PassRun.Of($"graph {{\n{Constants}\n{nodes}\n}}", ["x", "m", "v", .. kept], new FuseContractions());

    [Fact]
    public void Convolutions_of_groups_stay_apart_from_their_bias()
    {
        const string Groups = "g = Placeholder() {dtype: float32, shape: shape[?,4,4,2]}\nc = Conv2D(g, w) {T: float32, strides: [1, 1, 1, 1], padding: \"SAME\"}\na = BiasAdd(c, b) {T: float32, data_format: \"NHWC\"}\ny = Relu(a) {T: float32}";
        Assert.Equal("Relu", Run(Groups, "g", "y")["y"].Op.Name);
    }

    [Theory]
    [InlineData(Conv + "y = Relu(a) {T: float32}", "_FusedConv2D", "BiasAdd,Relu")]
    [InlineData(Conv + "y = LeakyRelu(a) {T: float32, alpha: 0.3f}", "_FusedConv2D", "BiasAdd,LeakyRelu")]
    [InlineData(Conv + "y = Identity(a) {T: float32}", "Identity", "")]
    [InlineData("c = MatMul(m, wm) {T: float32}\na = BiasAdd(c, b) {T: float32}\ny = Sigmoid(a) {T: float32}", "_FusedMatMul", "BiasAdd,Sigmoid")]
    [InlineData("c = MatMul(m, wm) {T: float32}\ny = BiasAdd(c, b) {T: float32}", "_FusedMatMul", "BiasAdd")]
    [InlineData("c = DepthwiseConv2dNative(x, wd) {T: float32, strides: [1, 1, 1, 1], padding: \"SAME\"}\na = BiasAdd(c, b) {T: float32}\ny = Relu6(a) {T: float32}", "FusedDepthwiseConv2dNative", "BiasAdd,Relu6")]
    public void Bias_and_activation_become_part_of_the_product(string nodes, string op, string fused)
    {
        Node y = Run(nodes, "y")["y"];
        Assert.Equal(op, y.Op.Name);
        Assert.Equal(fused, string.Join(',', (y.Attributes["fused_ops"] as ListAttr)?.Strings.Select(s => System.Text.Encoding.UTF8.GetString(s.Span)) ?? []));
    }

    [Theory]
    [InlineData("y = AddV2(c, b) {T: float32}", "0.125, -0.5")]
    [InlineData("y = Add(b4, c) {T: float32}", "0.125, -0.5")]
    [InlineData("a = AddV2(c, s) {T: float32}\ny = Relu6(a) {T: float32}", "0.5, 0.5")]
    public void Constants_of_one_value_per_channel_that_are_added_are_a_bias(string nodes, string bias)
    {
        Node y = Run("c = Conv2D(x, w) {T: float32, strides: [1, 1, 1, 1], padding: \"SAME\"}\n" + nodes, "y")["y"];
        Assert.Equal("_FusedConv2D", y.Op.Name);
        Tensor vector = y.Inputs[2].Constant!;
        Assert.Equal((new Shape(2), bias), (vector.Shape, string.Join(", ", vector.Span<float>().ToArray().Select(v => v.ToString(System.Globalization.CultureInfo.InvariantCulture)))));
    }

    [Theory]
    [InlineData("y = AddV2(c, r) {T: float32}")]
    [InlineData("y = AddV2(c, v) {T: float32}")]
    [InlineData("y = AddV2(c, c) {T: float32}")]
    public void What_differs_within_a_channel_or_between_runs_is_no_bias(string nodes) =>
        Assert.Equal("AddV2", Run("c = MatMul(m, wm) {T: float32}\n" + nodes, "y")["y"].Op.Name);

    [Theory]
    [InlineData(Conv + "y = Sigmoid(a) {T: float32}")]
    [InlineData(Conv + "z = Relu6(a) {T: float32}\nq = Relu(a) {T: float32}\ny = Add(z, q) {T: float32}")]
    public void An_activation_that_the_op_does_not_know_or_that_is_one_of_two_stays(string nodes) => Assert.Equal("_FusedConv2D", Run(nodes, "y")["a"].Op.Name);

    [Theory]
    [InlineData(Conv + "z = Neg(c) {T: float32}\ny = Relu(a) {T: float32}", "y", "an output or has other readers")]
    [InlineData("c = Conv2D(x, w, ^n) {T: float32, strides: [1, 1, 1, 1], padding: \"SAME\"}\ny = BiasAdd(c, b) {T: float32}", "y", "waits for others")]
    public void A_group_that_is_shared_or_waits_is_declined(string nodes, string node, string reason) =>
        Assert.Contains(Run(nodes, nodes.Contains("z =", StringComparison.Ordinal) ? ["y", "z"] : ["y"]).Report.Declines, d => d.Node == node && d.Reason.Contains(reason, StringComparison.Ordinal));
}
