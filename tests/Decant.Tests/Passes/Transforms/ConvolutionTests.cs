using Decant.IR;

namespace Decant.Tests.Passes.Transforms;

/// <summary>flatten_atrous_conv, the fuse_ family, fold_subdivmul_batch_norms, fold_batch_norms_algebraic and fold_moments.</summary>
public sealed class ConvolutionTests
{
    /// <summary>The same products, summed in another order.</summary>
    private const double Tolerance = 1e-5;

    private static string Atrous(string paddings, string crops, string op = "Conv2D", string attributes = "", string size = "6,7") => $$"""
        graph {
          x = Placeholder() {dtype: float32, shape: shape[1,{{size}},1]}
          w = Const() {dtype: float32, value: float32[3,3,1,1] {1, 2, 3, 4, 5, 6, 7, 8, 9} }
          block = Const() {dtype: int32, value: int32[2] {2, 3} }
          pads = Const() {dtype: int32, value: int32[2,2] { {{paddings}} } }
          crops = Const() {dtype: int32, value: int32[2,2] { {{crops}} } }
          space = SpaceToBatchND(x, block, pads) {T: float32, Tblock_shape: int32, Tpaddings: int32}
          conv = {{op}}(space, w) {T: float32, strides: [1, 1, 1, 1], padding: "VALID"{{attributes}} }
          y = BatchToSpaceND(conv, block, crops) {T: float32, Tblock_shape: int32, Tcrops: int32}
        }
        """;

    [Theory]
    [InlineData("2, 2, 3, 5", "0, 0, 0, 2", "Conv2D", "SAME")]
    [InlineData("2, 2, 3, 5", "0, 0, 0, 2", "DepthwiseConv2dNative", "SAME")]
    [InlineData("0, 0, 0, 2", "0, 0, 0, 2", "Conv2D", "VALID")]
    public void A_dilated_convolution_becomes_one_with_zeros_in_the_filter(string paddings, string crops, string op, string padding)
    {
        Transformed it = Transformed.Run(Atrous(paddings, crops, op), "flatten_atrous_conv").Has("x=Placeholder", "w=Const", $"y={op}").GivesTheSame(Tolerance);
        Assert.Equal(new Shape(5, 7, 1, 1), it.Constant("w").Shape);
        Assert.Equal([1, 0, 0, 2, 0, 0, 3, 0], it.Constant("w").Span<float>()[..8].ToArray());
        Assert.Equal(new StringAttr(padding), it["y"].Attributes["padding"]);
    }

    [Fact]
    public void Crops_that_are_no_padding_are_declined()
    {
        Transformed.IsDeclined(Atrous("2, 2, 3, 5", "0, 0, 1, 1"), "flatten_atrous_conv", "the paddings and crops are neither those of SAME nor none");
        Transformed.IsDeclined(Atrous("2, 2, 3, 5", "0, 0, 0, 2", attributes: ", dilations: [1, 2, 2, 1]", size: "12,25"), "flatten_atrous_conv", "has strides, dilations");
    }

    private const string Resized = """
        graph {
          x = Placeholder() {dtype: float32, shape: shape[1,3,4,2]}
          size = Const() {dtype: int32, value: int32[2] {6, 8} }
          w = Const() {dtype: float32, value: float32[2,2,2,1] {1, 2, 3, 4, 5, 6, 7, 8} }
          pads = Const() {dtype: int32, value: int32[4,2] {0, 0, 1, 1, 2, 1, 0, 0} }
          big = ResizeBilinear(x, size) {T: float32, align_corners: true}
          pad = MirrorPad(big, pads) {T: float32, Tpaddings: int32, mode: "SYMMETRIC"}
          y = Conv2D(pad, w) {T: float32, strides: [1, 2, 2, 1], padding: "VALID"}
        }
        """;

    [Fact]
    public void Resizing_and_padding_go_into_the_convolution()
    {
        Transformed it = Transformed.Run(Resized, "fuse_resize_pad_and_conv").Has("x=Placeholder", "size=Const", "w=Const", "pads=Const", "y=FusedResizeAndPadConv2D").GivesTheSame(Tolerance);
        Assert.Equal(BoolAttr.True, it["y"].Attributes["resize_align_corners"]);
        Assert.Equal(new StringAttr("SYMMETRIC"), it["y"].Attributes["mode"]);
        Transformed.Run(Resized, "fuse_pad_and_conv").Has("x=Placeholder", "size=Const", "w=Const", "pads=Const", "big=ResizeBilinear", "y=FusedPadConv2D").GivesTheSame(Tolerance);
        Assert.Empty(Transformed.Run(Resized, "fuse_resize_and_conv").Report.Edits);
    }

    [Fact]
    public void The_name_in_the_originals_guide_takes_what_there_is()
    {
        const string Transform = "strip_unused_nodes fuse_convolutions";
        Transformed.Run(Resized, Transform).Has("x=Placeholder", "size=Const", "w=Const", "pads=Const", "y=FusedResizeAndPadConv2D").GivesTheSame(Tolerance);
        Transformed.Run(Resized.Replace("Conv2D(pad", "Conv2D(big", StringComparison.Ordinal), Transform).Has("x=Placeholder", "size=Const", "w=Const", "y_dummy_paddings=Const", "y=FusedResizeAndPadConv2D").GivesTheSame(Tolerance);
        Transformed.Run(Resized.Replace("MirrorPad(big", "MirrorPad(x", StringComparison.Ordinal), Transform).Has("x=Placeholder", "w=Const", "pads=Const", "y=FusedPadConv2D").GivesTheSame(Tolerance);
    }

    [Fact]
    public void A_variance_that_is_written_out_takes_one_node_less()
    {
        const string Moments = """
            graph {
              x = Placeholder() {dtype: float32, shape: shape[2,3,4]}
              axes = Const() {dtype: int32, value: int32[2] {0, 1} }
              mean = Mean(x, axes) {T: float32, Tidx: int32, keep_dims: true}
              sub = Sub(x, mean) {T: float32}
              square = Mul(sub, sub) {T: float32}
              y = Mean(square, axes) {T: float32, Tidx: int32}
            }
            """;
        Transformed.Run(Moments, "fold_moments").Has("x=Placeholder", "axes=Const", "mean=Mean", "square=SquaredDifference", "y=Mean").GivesTheSame();
        Transformed.Run(Moments, "fold_moments", outputs: "y,sub").Has("x=Placeholder", "axes=Const", "mean=Mean", "sub=Sub", "square=SquaredDifference", "y=Mean").GivesTheSame();
        Transformed.IsDeclined(Moments, "fold_moments", "'square' is read by others too", outputs: "y,square");
        Assert.Empty(Transformed.Run(Moments.Replace("Mul(sub, sub)", "Mul(sub, x)", StringComparison.Ordinal), "fold_moments").Report.Edits);
    }

    [Fact]
    public void Resizing_alone_goes_into_the_convolution_with_paddings_of_zero()
    {
        string text = Resized.Replace("Conv2D(pad", "Conv2D(big", StringComparison.Ordinal);
        Transformed it = Transformed.Run(text, "strip_unused_nodes fuse_resize_and_conv").Has("x=Placeholder", "size=Const", "w=Const", "y_dummy_paddings=Const", "y=FusedResizeAndPadConv2D").GivesTheSame(Tolerance);
        Assert.Equal(new Shape(4, 2), it.Constant("y_dummy_paddings").Shape);
    }

    [Fact]
    public void What_the_fused_ops_cannot_do_is_declined()
    {
        const string Transform = "fuse_resize_pad_and_conv";
        Transformed.IsDeclined(Resized.Replace("padding: \"VALID\"", "padding: \"VALID\", dilations: [1, 1, 2, 1]", StringComparison.Ordinal), Transform, "has dilations");
        Transformed.IsDeclined(Resized.Replace("align_corners: true", "half_pixel_centers: true", StringComparison.Ordinal), Transform, "half_pixel_centers");
        Transformed.IsDeclined(Resized.Replace("{0, 0, 1, 1, 2, 1, 0, 0}", "{0, 0, 1, 1, 2, 1, 0, 1}", StringComparison.Ordinal).Replace("float32[2,2,2,1] {1, 2, 3, 4, 5, 6, 7, 8}", "float32[1,1,3,1] {1, 2, 3}", StringComparison.Ordinal), Transform, "pads height and width alone");
        Transformed.IsDeclined(Resized, Transform, "'pad' is read by others too", outputs: "y,pad");
    }

    [Fact]
    public void A_normalization_that_is_written_out_folds_in_the_originals_order()
    {
        const string Written = """
            graph {
              x = Placeholder() {dtype: float32, shape: shape[1,3,3,1]}
              w = Const() {dtype: float32, value: float32[1,1,1,2] {3, 7} }
              mean = Const() {dtype: float32, value: float32[2] {0.5, -1} }
              dev = Const() {dtype: float32, value: float32[2] {3, 0.7} }
              gamma = Const() {dtype: float32, value: float32[2] {1.1, 5} }
              beta = Const() {dtype: float32, value: float32[2] {1, 2} }
              conv = Conv2D(x, w) {T: float32, strides: [1, 1, 1, 1], padding: "SAME"}
              sub = Sub(conv, mean) {T: float32}
              div = RealDiv(sub, dev) {T: float32}
              mul = Mul(div, gamma) {T: float32}
              y = BiasAdd(mul, beta) {T: float32}
            }
            """;
        Transformed it = Transformed.Run(Written, "fold_subdivmul_batch_norms").Has("x=Placeholder", "w=Const", "conv=Conv2D", "conv_bn_offset=Const", "y=BiasAdd").GivesTheSame(Tolerance);
        Assert.Equal([3f * 1.1f / 3f, 7f * 5f / 0.7f], it.Constant("w").Span<float>().ToArray());
        Assert.Equal([((0f - 0.5f) * 1.1f / 3f) + 1f, ((0f + 1f) * 5f / 0.7f) + 2f], it.Constant("conv_bn_offset").Span<float>().ToArray());
        Transformed.IsDeclined(Written, "fold_subdivmul_batch_norms", "'sub' is read by others too", outputs: "y,sub");
        Transformed.IsDeclined(Written.Replace("float32[2] {3, 0.7}", "float32[3,1] {3, 2, 1}", StringComparison.Ordinal), "fold_subdivmul_batch_norms", "is not 2 constants");
    }

    [Fact]
    public void A_normalization_by_algebra_becomes_one_node_and_folds_then()
    {
        const string Algebra = """
            graph {
              x = Placeholder() {dtype: float32, shape: shape[1,3,3,1]}
              w = Const() {dtype: float32, value: float32[1,1,1,2] {3, 7} }
              mean = Const() {dtype: float32, value: float32[2] {0.5, -1} }
              var = Const() {dtype: float32, value: float32[2] {3, 0.7} }
              gamma = Const() {dtype: float32, value: float32[2] {1.1, 5} }
              beta = Const() {dtype: float32, value: float32[2] {1, 2} }
              eps = Const() {dtype: float32, value: float32[] {0.001} }
              conv = Conv2D(x, w) {T: float32, strides: [1, 1, 1, 1], padding: "SAME"}
              add = Add(var, eps) {T: float32}
              root = Rsqrt(add) {T: float32}
              factor = Mul(root, gamma) {T: float32}
              scaled = Mul(conv, factor) {T: float32}
              shift = Mul(mean, factor) {T: float32}
              rest = Sub(beta, shift) {T: float32}
              y = Add(scaled, rest) {T: float32}
            }
            """;
        Transformed.Run(Algebra, "fold_batch_norms_algebraic").Has("x=Placeholder", "w=Const", "mean=Const", "var=Const", "gamma=Const", "beta=Const", "conv=Conv2D", "y=BatchNormWithGlobalNormalization").GivesTheSame(Tolerance);
        Transformed.Run(Algebra, "fold_batch_norms_algebraic fold_old_batch_norms").Has("x=Placeholder", "w=Const", "conv=Conv2D", "conv_bn_offset=Const", "y=BiasAdd").GivesTheSame(Tolerance);
        Transformed.IsDeclined(Algebra, "fold_batch_norms_algebraic", "'factor' is read by others too", outputs: "y,factor");
    }
}
