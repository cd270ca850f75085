using Decant.Passes.Optimize;

namespace Decant.Tests.Passes.Optimize;

/// <summary>Each graph is run before and after: what is folded gives the same numbers.</summary>
public sealed class FoldInputScalesTests
{
    private const string Constants = """
        x = Placeholder() {dtype: float32, shape: shape[1,4,4,2]}
        o = Placeholder() {dtype: float32, shape: shape?}
        m = Placeholder() {dtype: float32, shape: shape[2,4]}
        v = Placeholder() {dtype: float32, shape: shape[2,?]}
        n = NoOp()
        w = Const() {dtype: float32, value: float32[1,2,2,3] {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2}}
        wd = Const() {dtype: float32, value: float32[2,1,2,2] {0.1, -0.2, 0.3, 0.4, 0.5, -0.6, 0.7, 0.8}}
        wt = Const() {dtype: float32, value: float32[1,1,3,2] {0.1, 0.2, 0.3, -0.4, 0.5, 0.6}}
        wg = Const() {dtype: float32, value: float32[1,1,1,2] {0.5, 0.25}}
        wm = Const() {dtype: float32, value: float32[4,3] {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2}}
        sizes = Const() {dtype: int32, value: int32[4] {1, 4, 4, 3}}
        s = Const() {dtype: float32, value: float32[2] {1.5, -0.5}}
        t = Const() {dtype: float32, value: float32[2] {0.25, 0.75}}
        variance = Const() {dtype: float32, value: float32[2] {0.9, 1.7}}
        s4 = Const() {dtype: float32, value: float32[4] {1.5, 0.5, -2, 1.25}}
        k = Const() {dtype: float32, value: float32[] {127.5}}
        """;

    private static PassRun Run(string nodes, params string[] kept) => PassRun.Of($"graph {{\n{Constants}\n{nodes}\n}}", ["x", "m", "v", "y", .. kept], new FoldInputScales());

    [Theory]
    [InlineData("a = Mul(x, s, ^n) {T: float32}\ny = Conv2D(a, w) {T: float32, strides: [1, 1, 1, 1], padding: \"SAME\"}", "Mul a")]
    [InlineData("a = RealDiv(x, k) {T: float32}\ny = Conv2D(a, w) {T: float32, strides: [1, 2, 2, 1], padding: \"SAME\"}", "RealDiv a")]
    [InlineData("a = Mul(x, s) {T: float32}\ny = DepthwiseConv2dNative(a, wd) {T: float32, strides: [1, 1, 1, 1], padding: \"SAME\"}", "Mul a")]
    [InlineData("a = Mul(x, s) {T: float32}\ny = Conv2DBackpropInput(sizes, wt, a) {T: float32, strides: [1, 1, 1, 1], padding: \"SAME\"}", "Mul a")]
    [InlineData("a = Mul(m, s4) {T: float32}\ny = MatMul(a, wm) {T: float32}", "Mul a")]
    public void A_scale_goes_into_the_weights(string nodes, string what) => Run(nodes).Does($"fold_input_scales: y ({what})");

    [Theory]
    [InlineData("a = FusedBatchNorm(x, s, t, t, variance) {T: float32, is_training: false}\nc = Conv2D(a, w) {T: float32, strides: [1, 1, 1, 1], padding: \"VALID\"}\ny = Relu(c) {T: float32}")]
    [InlineData("a = Sub(x, t) {T: float32}\nc = Conv2D(a, w) {T: float32, strides: [1, 1, 1, 1], padding: \"VALID\"}\ny = Relu(c) {T: float32}")]
    [InlineData("a = AddV2(x, t) {T: float32}\nc = DepthwiseConv2dNative(a, wd) {T: float32, strides: [1, 1, 1, 1], padding: \"VALID\"}\ny = Relu(c) {T: float32}")]
    [InlineData("a = AddV2(m, s4) {T: float32}\nc = MatMul(a, wm) {T: float32}\ny = Relu(c) {T: float32}")]
    public void A_shift_becomes_a_bias_behind(string nodes) => Run(nodes).Has("y", "Relu", "c/shifted").Has("c/shifted", "BiasAdd", "c", "c/bias");

    [Theory]
    [InlineData("a = Sub(x, t) {T: float32}\nc = Conv2D(a, w) {T: float32, strides: [1, 1, 1, 1], padding: \"SAME\"}\ny = Relu(c) {T: float32}", "c", "does not map 0 to 0")]
    [InlineData("a = FusedBatchNorm(x, s, t, t, variance) {T: float32, is_training: false}\nc = Conv2D(a, w) {T: float32, strides: [1, 1, 1, 1], padding: \"EXPLICIT\", explicit_paddings: [0, 0, 1, 1, 0, 0, 0, 0]}\ny = Relu(c) {T: float32}", "c", "does not map 0 to 0")]
    [InlineData("a = Sub(x, t) {T: float32}\ny = Conv2D(a, w) {T: float32, strides: [1, 1, 1, 1], padding: \"VALID\"}", "y", "is an output, behind which")]
    [InlineData("a = Mul(x, s) {T: float32}\nz = Neg(a) {T: float32}\nc = Conv2D(a, w) {T: float32, strides: [1, 1, 1, 1], padding: \"VALID\"}\nq = Neg(c) {T: float32}\nd = Shape(z) {T: float32, out_type: int32}\ny = Relu(q, ^d) {T: float32}", "c", "has other readers")]
    [InlineData("a = Mul(x, k) {T: float32}\nc = Conv2D(a, wg) {T: float32, strides: [1, 1, 1, 1], padding: \"VALID\"}\ny = Relu(c) {T: float32}", "c", "groups of channels")]
    [InlineData("a = Mul(v, s4) {T: float32}\nc = MatMul(a, wm) {T: float32}\ny = Relu(c) {T: float32}", "c", "several channels of one")]
    [InlineData("a = Mul(x, s) {T: float32}\nc = Conv2D(a, w) {T: float32, strides: [1, 1, 1, 1], padding: \"VALID\"}\nd = Conv2D(x, w) {T: float32, strides: [1, 1, 1, 1], padding: \"VALID\"}\ny = Add(c, d) {T: float32}", "c", "")]
    public void What_would_change_the_edges_or_is_shared_is_declined(string nodes, string node, string reason)
    {
        if (reason.Length > 0)
            Run(nodes).Declines(node, reason);
        else
            Run(nodes).Does($"fold_input_scales: {node} (Mul a)"); // A copy of 48 bytes is less than what may be added.
    }
}
