using Decant.IR;

namespace Decant.Tests.Passes.Transforms;

public sealed class FoldOldBatchNormsTests
{
    /// <summary>s * (w x) against (s w) x: each product is rounded once more.</summary>
    private const double Tolerance = 1e-5;

    private const string Moments = """
        mean = Const() {dtype: float32, value: float32[2] {0.5, -1}}
        variance = Const() {dtype: float32, value: float32[2] {4, 0.25}}
        beta = Const() {dtype: float32, value: float32[2] {1, 2}}
        gamma = Const() {dtype: float32, value: float32[2] {3, 5}}
        """;

    private static string Graph(string normalization, string before = "conv = Conv2D(x, w) {T: float32, strides: [1, 1, 1, 1], padding: \"SAME\"}", string more = "") => $$"""
        graph {
          x = Placeholder() {dtype: float32, shape: shape[1,4,4,2]}
          w = Const() {dtype: float32, value: float32[1,1,2,2] {1, 2, 3, 4} }
          {{Moments}}
          {{before}}
          {{normalization}}
          {{more}}
          y = Relu(bn) {T: float32}
        }
        """;

    private static string Fused(string op, string training = "false", string more = "") =>
        $"bn = {op}(conv, gamma, beta, mean, variance) {{T: float32{(op.EndsWith('m') ? "" : ", U: float32")}, epsilon: 0.001f, is_training: {training}{more}}}";

    [Theory]
    [InlineData("FusedBatchNorm")]
    [InlineData("FusedBatchNormV2")]
    [InlineData("FusedBatchNormV3")]
    public void A_fused_normalization_becomes_weights_and_a_bias(string op)
    {
        Transformed it = Transformed.Run(Graph(Fused(op)), "fold_old_batch_norms").Has("x=Placeholder", "w=Const", "conv=Conv2D", "conv_bn_offset=Const", "bn=BiasAdd", "y=Relu").GivesTheSame(Tolerance);
        float first = 1f / MathF.Sqrt(4f + 0.001f) * 3f;
        float second = 1f / MathF.Sqrt(0.25f + 0.001f) * 5f;
        Assert.Equal([1 * first, 2 * second, 3 * first, 4 * second], it.Constant("w").Span<float>().ToArray());
        Assert.Equal([(-0.5f * first) + 1f, (1f * second) + 2f], it.Constant("conv_bn_offset").Span<float>().ToArray());
        Assert.Empty(it.Model.Transform("fold_old_batch_norms", ["x"], ["y"]).Report.Edits);
    }

    [Theory]
    [InlineData("BiasAdd", "float32[2] {10, 20}")]
    [InlineData("AddV2", "float32[1,1,2] {10, 20}")]
    public void A_bias_between_is_left_to_another_pass(string op, string constant)
    {
        string conv = $"c = Conv2D(x, w) {{T: float32, strides: [1, 1, 1, 1], padding: \"SAME\"}}\nb = Const() {{dtype: float32, value: {constant} }}\nconv = {op}(c, b) {{T: float32}}";
        Transformed.IsDeclined(Graph(Fused("FusedBatchNormV3"), conv), "fold_old_batch_norms", "the bias 'conv' stands between it and 'c': fold_output_scales folds both");
        Transformed it = Transformed.Run(Graph(Fused("FusedBatchNormV3"), conv), "fold_output_scales").GivesTheSame(Tolerance);
        Assert.DoesNotContain(it.Model.Graph.Nodes, n => n.Op == "FusedBatchNormV3");
    }

    [Theory]
    [InlineData(true, 1.5f)]
    [InlineData(false, 0.5f)]
    public void The_first_op_of_all_has_gamma_or_not(bool scales, float factor)
    {
        string graph = Graph($"bn = BatchNormWithGlobalNormalization(conv, mean, variance, beta, gamma) {{T: float32, variance_epsilon: 0f, scale_after_normalization: {(scales ? "true" : "false")}}}");
        Transformed it = Transformed.Run(graph, "fold_old_batch_norms").Has("x=Placeholder", "w=Const", "conv=Conv2D", "conv_bn_offset=Const", "bn=BiasAdd", "y=Relu").GivesTheSame(Tolerance);
        Assert.Equal(factor, it.Constant("w").Span<float>()[0]);
    }

    [Fact]
    public void A_depthwise_convolution_folds()
    {
        string graph = Graph(Fused("FusedBatchNormV3"), "conv = DepthwiseConv2dNative(x, w) {T: float32, strides: [1, 1, 1, 1], padding: \"SAME\"}").Replace("float32[1,1,2,2] {1, 2, 3, 4}", "float32[1,1,2,1] {1, 2}", StringComparison.Ordinal);
        Transformed.Run(graph, "fold_old_batch_norms").Has("x=Placeholder", "w=Const", "conv=DepthwiseConv2dNative", "conv_bn_offset=Const", "bn=BiasAdd", "y=Relu").GivesTheSame(Tolerance);
    }

    [Fact]
    public void Channels_that_come_first_stay_first()
    {
        string graph = Graph(Fused("FusedBatchNorm", more: ", data_format: \"NCHW\""), "conv = Conv2D(x, w) {T: float32, strides: [1, 1, 1, 1], padding: \"SAME\", data_format: \"NCHW\"}").Replace("shape[1,4,4,2]", "shape[1,2,4,4]", StringComparison.Ordinal);
        Transformed it = Transformed.Run(graph, "fold_old_batch_norms").GivesTheSame(Tolerance);
        Assert.Equal(new StringAttr("NCHW"), it["bn"].Attributes["data_format"]);
        Transformed.IsDeclined(graph.Replace("is_training: false, data_format: \"NCHW\"", "is_training: false", StringComparison.Ordinal), "fold_old_batch_norms", "its data format is NHWC, and that of 'conv' is NCHW");
    }

    [Fact]
    public void A_batch_to_space_may_stand_between()
    {
        const string Before = """
            block = Const() {dtype: int32, value: int32[2] {2, 2}}
            none = Const() {dtype: int32, value: int32[2,2] {0, 0, 0, 0}}
            space = SpaceToBatchND(x, block, none) {T: float32, Tblock_shape: int32, Tpaddings: int32}
            conv = Conv2D(space, w) {T: float32, strides: [1, 1, 1, 1], padding: "SAME"}
            batch = BatchToSpaceND(conv, block, none) {T: float32, Tblock_shape: int32, Tcrops: int32}
            """;
        Transformed it = Transformed.Run(Graph(Fused("FusedBatchNorm").Replace("(conv", "(batch", StringComparison.Ordinal), Before), "fold_old_batch_norms").GivesTheSame(Tolerance);
        Assert.Equal("BatchToSpaceND", it["bn"].Op.Name);
        Assert.Equal("conv/biasadd", it["bn"].Inputs[0].Node.Name);
    }

    [Theory]
    [InlineData("axis = Const() {dtype: int32, value: int32[] {3}}\njoined = ConcatV2(conv, conv2, axis) {T: float32, N: 2, Tidx: int32}", "1,1,2,1", "1, 2", 1)]
    [InlineData("axis = Const() {dtype: int32, value: int32[] {-1}}\njoined = Concat(axis, conv, conv2) {T: float32, N: 2}", "1,1,2,1", "1, 2", 1)]
    [InlineData("axis = Const() {dtype: int32, value: int32[] {1}}\njoined = ConcatV2(conv, conv2, axis) {T: float32, N: 2, Tidx: int32}", "1,1,2,2", "1, 2, 3, 4", 2)]
    public void A_concatenation_may_stand_between(string joined, string shape, string weights, int offsets)
    {
        string before = $$"""
            w2 = Const() {dtype: float32, value: float32[{{shape}}] { {{weights}} } }
            conv = Conv2D(x, w) {T: float32, strides: [1, 1, 1, 1], padding: "SAME"}
            conv2 = Conv2D(x, w2) {T: float32, strides: [1, 1, 1, 1], padding: "SAME"}
            {{joined}}
            """;
        string graph = Graph(Fused("FusedBatchNorm").Replace("(conv", "(joined", StringComparison.Ordinal), before).Replace("value: float32[1,1,2,2] {1, 2, 3, 4} }", $"value: float32[{shape}] {{{weights}}} }}", StringComparison.Ordinal);
        Transformed it = Transformed.Run(graph, "fold_old_batch_norms").GivesTheSame(Tolerance);
        Assert.StartsWith("Concat", it["bn"].Op.Name, StringComparison.Ordinal);
        Assert.Equal("BiasAdd", it["joined_bn_in1"].Op.Name);
        Assert.Equal(offsets, it.Constant("conv_bn_offset").ElementCount);
    }

    [Fact]
    public void What_cannot_be_folded_is_declined()
    {
        Transformed.IsDeclined(Graph(Fused("FusedBatchNorm", "true")), "fold_old_batch_norms", "is_training is true");
        Transformed.IsDeclined(Graph(Fused("FusedBatchNorm"), more: "z = Neg(bn:1) {T: float32}"), "fold_old_batch_norms", "the moments that it gives are used", outputs: "y,z");
        Transformed.IsDeclined(Graph(Fused("FusedBatchNorm"), more: "z = Neg(conv) {T: float32}"), "fold_old_batch_norms", "'conv' is read by others too", outputs: "y,z");
        Transformed.IsDeclined(Graph(Fused("FusedBatchNorm")).Replace("float32[2] {4, 0.25}", "float32[1] {4}", StringComparison.Ordinal), "fold_old_batch_norms", "Variance input to batch norm has bad shape: [1]");
        Transformed.IsDeclined(Graph(Fused("FusedBatchNorm")).Replace("beta = Const() {dtype: float32, value: float32[2] {1, 2}}", "beta = Identity(mean) {T: float32}", StringComparison.Ordinal), "fold_old_batch_norms", "Beta input to batch norm is Identity, not a Const");
        Transformed.IsDeclined(Graph(Fused("FusedBatchNorm")).Replace("float32[1,1,2,2] {1, 2, 3, 4}", "float32[1,1,2,3] {1, 2, 3, 4, 5, 6}", StringComparison.Ordinal), "fold_old_batch_norms", "normalizes 2 channels, and there are 3");
    }
}
