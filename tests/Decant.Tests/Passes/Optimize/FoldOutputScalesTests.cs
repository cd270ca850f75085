using Decant.Passes.Optimize;

namespace Decant.Tests.Passes.Optimize;

/// <summary>Each graph is run before and after: what is folded gives the same numbers.</summary>
public sealed class FoldOutputScalesTests
{
    private const string Constants = """
        x = Placeholder() {dtype: float32, shape: shape[1,4,4,2]}
        m = Placeholder() {dtype: float32, shape: shape[2,4]}
        x3 = Placeholder() {dtype: float32, shape: shape[1,3,3,3,2]}
        n = NoOp()
        w = Const() {dtype: float32, value: float32[1,2,2,3] {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2}}
        wd = Const() {dtype: float32, value: float32[2,1,2,2] {0.1, -0.2, 0.3, 0.4, 0.5, -0.6, 0.7, 0.8}}
        wt = Const() {dtype: float32, value: float32[1,1,3,2] {0.1, 0.2, 0.3, -0.4, 0.5, 0.6}}
        w3 = Const() {dtype: float32, value: float32[1,1,1,2,3] {0.1, 0.2, 0.3, -0.4, 0.5, 0.6}}
        wm = Const() {dtype: float32, value: float32[4,3] {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2}}
        wmt = Const() {dtype: float32, value: float32[3,4] {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2}}
        sizes = Const() {dtype: int32, value: int32[4] {1, 4, 4, 3}}
        gamma = Const() {dtype: float32, value: float32[3] {1.5, 0.5, -2}}
        beta = Const() {dtype: float32, value: float32[3] {0.1, -0.3, 0.7}}
        mean = Const() {dtype: float32, value: float32[3] {0.2, 0.4, -0.1}}
        variance = Const() {dtype: float32, value: float32[3] {0.9, 1.7, 0.3}}
        bias = Const() {dtype: float32, value: float32[3] {0.5, 0.25, -0.75}}
        gamma4 = Const() {dtype: float32, value: float32[4] {1.5, 0.5, -2, 1.25}}
        beta4 = Const() {dtype: float32, value: float32[4] {0.1, -0.3, 0.7, 0.2}}
        mean4 = Const() {dtype: float32, value: float32[4] {0.2, 0.4, -0.1, 0.3}}
        variance4 = Const() {dtype: float32, value: float32[4] {0.9, 1.7, 0.3, 0.6}}
        first = Const() {dtype: float32, value: float32[3,1,1] {1.5, 0.5, -2}}
        two = Const() {dtype: float32, value: float32[] {2}}
        wide = Const() {dtype: float32, value: float32[1,1,1,1,3] {1, 2, 3}}
        """;

    private const string Conv = "c = Conv2D(x, w) {T: float32, strides: [1, 1, 1, 1], padding: \"SAME\"}\n";

    private static PassRun Run(string nodes, params string[] kept) => PassRun.Of($"graph {{\n{Constants}\n{nodes}\n}}", ["x", "m", "x3", "y", .. kept], new FoldOutputScales());

    [Theory]
    [InlineData(Conv + "y = FusedBatchNorm(c, gamma, beta, mean, variance) {T: float32, epsilon: 0.01f, is_training: false}", "FusedBatchNorm into c")]
    [InlineData(Conv + "y2 = FusedBatchNormV3(c, gamma, beta, mean, variance) {T: float32, U: float32, epsilon: 0.01f, is_training: false}\ny = Relu(y2) {T: float32}", "FusedBatchNormV3 into c", "y2")]
    [InlineData(Conv + "y = BatchNormWithGlobalNormalization(c, mean, variance, beta, gamma) {T: float32, variance_epsilon: 0.01f, scale_after_normalization: true}", "BatchNormWithGlobalNormalization into c")]
    [InlineData(Conv + "y = BatchNormWithGlobalNormalization(c, mean, variance, beta, gamma) {T: float32, variance_epsilon: 0.01f, scale_after_normalization: false}", "BatchNormWithGlobalNormalization into c")]
    [InlineData(Conv + "b = BiasAdd(c, bias, ^n) {T: float32, data_format: \"NHWC\"}\ny = FusedBatchNorm(b, gamma, beta, mean, variance) {T: float32, is_training: false}", "FusedBatchNorm into c")]
    [InlineData(Conv + "b = Sub(c, bias) {T: float32}\ny = RealDiv(b, gamma) {T: float32}", "RealDiv into c")]
    [InlineData("c = Conv3D(x3, w3) {T: float32, strides: [1, 1, 1, 1, 1], padding: \"SAME\"}\ny = Mul(gamma, c) {T: float32}", "Mul into c")]
    [InlineData("c = DepthwiseConv2dNative(x, wd) {T: float32, strides: [1, 1, 1, 1], padding: \"VALID\"}\ny = FusedBatchNorm(c, gamma4, beta4, mean4, variance4) {T: float32, is_training: false}", "FusedBatchNorm into c")]
    [InlineData("c = Conv2DBackpropInput(sizes, wt, x) {T: float32, strides: [1, 1, 1, 1], padding: \"SAME\"}\ny = FusedBatchNorm(c, gamma, beta, mean, variance) {T: float32, is_training: false}", "FusedBatchNorm into c")]
    [InlineData("c = MatMul(m, wm) {T: float32}\ny = Mul(c, gamma) {T: float32}", "Mul into c")]
    [InlineData("c = MatMul(m, wmt) {T: float32, transpose_b: true}\nb = AddV2(bias, c) {T: float32}\ny = Mul(b, gamma) {T: float32}", "Mul into c")]
    [InlineData(Conv + "y = Mul(c, two) {T: float32}", "Mul into c")]
    public void A_scale_goes_into_the_weights(string nodes, string what, string name = "y") => Run(nodes).Does($"fold_output_scales: {name} ({what})");

    [Fact]
    public void The_bias_takes_the_name_and_what_was_waited_for() =>
        Run(Conv + "b = BiasAdd(c, bias, ^n) {T: float32, data_format: \"NHWC\"}\ny = FusedBatchNorm(b, gamma, beta, mean, variance) {T: float32, is_training: false}").Has("y", "BiasAdd", "c", "y/bias", "^n");

    [Fact]
    public void Without_a_bias_none_is_made() => Run(Conv + "y = Mul(c, two) {T: float32}").Has("y", "Identity", "c").Has("c", "Conv2D", "x", "c/weights");

    [Theory]
    [InlineData(Conv + "z = Neg(c) {T: float32}\na = Mul(c, two) {T: float32}\ny = Add(a, z) {T: float32}", "a", "'c' is an output or has other readers")]
    [InlineData(Conv + "b = BiasAdd(c, bias) {T: float32}\nz = Neg(b) {T: float32}\na = Mul(b, two) {T: float32}\ny = Add(a, z) {T: float32}", "a", "'b' is an output or has other readers")]
    [InlineData(Conv + "d = Conv2D(x, w) {T: float32, strides: [1, 1, 1, 1], padding: \"SAME\"}\na = Mul(c, two) {T: float32}\ny = Add(a, d) {T: float32}", "a", "would make the model 44 bytes larger")]
    [InlineData(Conv + "z = FusedBatchNorm(c, gamma, beta, mean, variance) {T: float32, is_training: false}\ny = Add(z, z:1) {T: float32}", "z", "its moments are read")]
    public void What_is_shared_or_kept_is_declined(string nodes, string node, string reason) => Run(nodes).Declines(node, reason);

    [Fact]
    public void A_product_that_is_an_output_stays() => Run(Conv + "y = Mul(c, two) {T: float32}", "c").Declines("y", "'c' is an output");

    [Theory]
    [InlineData(Conv + "y = Mul(c, wide) {T: float32}")]
    [InlineData(Conv + "y = RealDiv(gamma, c) {T: float32}")]
    [InlineData("c = Conv2D(x, w) {T: float32, strides: [1, 1, 1, 1], padding: \"SAME\"}\nr = Relu(c) {T: float32}\ny = Mul(r, two) {T: float32}")]
    public void What_is_no_scale_of_channels_stays(string nodes) => Run(nodes).Does();

    [Fact]
    public void Channels_in_front_are_scaled_by_constants_of_that_shape() => Run(
        """
        t = Transpose(x, perm) {T: float32, Tperm: int32}
        perm = Const() {dtype: int32, value: int32[4] {0, 3, 1, 2}}
        c = Conv2D(t, w) {T: float32, strides: [1, 1, 1, 1], padding: "VALID", data_format: "NCHW"}
        y = Mul(c, first) {T: float32}
        """).Does("fold_output_scales: y (Mul into c)");
}
