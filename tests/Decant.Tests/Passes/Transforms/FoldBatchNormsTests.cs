using Decant.IR;

namespace Decant.Tests.Passes.Transforms;

public sealed class FoldBatchNormsTests
{
    private static string Conv(string mul, string constant = "float32[2] {3, 5}", string attributes = "", string more = "") => $$"""
        graph {
          x = Placeholder() {dtype: float32, shape: shape[1,3,3,2]}
          w = Const() {dtype: float32, value: float32[1,1,2,2] {1, 2, 3, 4} }
          c = Const() {dtype: float32, value: {{constant}} }
          conv = Conv2D(x, w) {T: float32, strides: [1, 1, 1, 1], padding: "SAME"{{attributes}} }
          mul = Mul({{mul}}) {T: float32}
          {{more}}
          y = Relu(mul) {T: float32}
        }
        """;

    private static string MatMul(string attributes, string weights, string scale = "float32[2] {3, 5}") => $$"""
        graph {
          x = Placeholder() {dtype: float32, shape: shape[4,3]}
          w = Const() {dtype: float32, value: {{weights}} }
          c = Const() {dtype: float32, value: {{scale}} }
          product = MatMul(x, w) {T: float32{{attributes}} }
          y = Mul(product, c) {T: float32}
        }
        """;

    [Theory]
    [InlineData("conv, c")]
    [InlineData("c, conv")]
    public void A_factor_per_channel_goes_into_the_weights(string inputs)
    {
        Transformed it = Transformed.Run(Conv(inputs), "fold_batch_norms").Has("x=Placeholder", "w=Const", "mul=Conv2D", "y=Relu").GivesTheSame();
        Assert.Equal([3, 10, 9, 20], it.Constant("w").Span<float>().ToArray());
        Assert.Empty(it.Model.Transform("fold_batch_norms", ["x"], ["y"]).Report.Edits);
    }

    [Theory]
    [InlineData("float32[] {3}")]
    [InlineData("float32[1,1,1,2] {3, 5}")]
    public void Other_shapes_that_give_a_factor_per_channel_fold_too(string constant) => Transformed.Run(Conv("conv, c", constant), "fold_batch_norms").Has("x=Placeholder", "w=Const", "mul=Conv2D", "y=Relu").GivesTheSame();

    [Fact]
    public void A_depthwise_convolution_has_as_many_channels_as_input_times_multiplier()
    {
        const string Depthwise = """
            graph {
              x = Placeholder() {dtype: float32, shape: shape[1,3,3,2]}
              w = Const() {dtype: float32, value: float32[1,1,2,2] {1, 2, 3, 4} }
              c = Const() {dtype: float32, value: float32[4] {3, 5, 7, 11}}
              conv = DepthwiseConv2dNative(x, w) {T: float32, strides: [1, 1, 1, 1], padding: "SAME"}
              y = Mul(conv, c) {T: float32}
            }
            """;
        Transformed it = Transformed.Run(Depthwise, "fold_batch_norms").Has("x=Placeholder", "w=Const", "y=DepthwiseConv2dNative").GivesTheSame();
        Assert.Equal([3, 10, 21, 44], it.Constant("w").Span<float>().ToArray());
    }

    [Fact]
    public void A_product_is_folded_whichever_way_its_weights_lie()
    {
        Transformed plain = Transformed.Run(MatMul("", "float32[3,2] {1, 2, 3, 4, 5, 6}"), "fold_batch_norms").Has("x=Placeholder", "w=Const", "y=MatMul").GivesTheSame();
        Assert.Equal([3, 10, 9, 20, 15, 30], plain.Constant("w").Span<float>().ToArray());
        Transformed transposed = Transformed.Run(MatMul(", transpose_b: true", "float32[2,3] {1, 2, 3, 4, 5, 6}"), "fold_batch_norms").GivesTheSame();
        Assert.Equal([3, 6, 9, 20, 25, 30], transposed.Constant("w").Span<float>().ToArray());
    }

    [Fact]
    public void Channels_that_come_first_need_a_factor_that_lies_so()
    {
        const string First = """
            graph {
              x = Placeholder() {dtype: float32, shape: shape[1,2,2,2]}
              w = Const() {dtype: float32, value: float32[1,1,2,2] {1, 2, 3, 4} }
              c = Const() {dtype: float32, value: CONSTANT}
              conv = Conv2D(x, w) {T: float32, strides: [1, 1, 1, 1], padding: "SAME", data_format: "NCHW"}
              y = Mul(conv, c) {T: float32}
            }
            """;
        Transformed.IsDeclined(First.Replace("CONSTANT", "float32[2] {3, 5}", StringComparison.Ordinal), "fold_batch_norms", "bad shape");
        Transformed it = Transformed.Run(First.Replace("CONSTANT", "float32[2,1,1] {3, 5}", StringComparison.Ordinal), "fold_batch_norms").Has("x=Placeholder", "w=Const", "y=Conv2D").GivesTheSame();
        Assert.Equal([3, 10, 9, 20], it.Constant("w").Span<float>().ToArray());
    }

    [Fact]
    public void A_factor_that_others_read_stays() =>
        Transformed.Run(Conv("conv, c", more: "z = Neg(c) {T: float32}"), "fold_batch_norms", outputs: "y,z").Has("x=Placeholder", "w=Const", "c=Const", "mul=Conv2D", "y=Relu", "z=Neg").GivesTheSame();

    [Fact]
    public void What_cannot_be_folded_is_declined()
    {
        Transformed.IsDeclined(Conv("conv, c", more: "z = Neg(conv) {T: float32}"), "fold_batch_norms", "'conv' is read by others too", outputs: "y,z");
        Transformed.IsDeclined(Conv("conv, c"), "fold_batch_norms", "'conv' is read by others too, or is an output", outputs: "y,conv");
        Transformed.IsDeclined(Conv("conv, c", more: "z = Neg(w) {T: float32}"), "fold_batch_norms", "the weights of 'conv' are read by others too", outputs: "y,z");
        Transformed.IsDeclined(Conv("conv, c", "float32[3,1] {1, 2, 3}"), "fold_batch_norms", "Mul constant input to batch norm has bad shape: [3,1], for 2 channels");
        Transformed.IsDeclined(Conv("conv, c").Replace("Conv2D(x, w)", "Conv2D(x, read)", StringComparison.Ordinal).Replace("conv =", "read = Identity(w) {T: float32}\n conv =", StringComparison.Ordinal), "fold_batch_norms", "the weights of 'conv' are Identity, not a Const: run fold_constants first");
    }

    [Fact]
    public void An_output_keeps_its_name()
    {
        Transformed it = Transformed.Run(Conv("conv, c"), "fold_batch_norms", outputs: "y,mul").Has("x=Placeholder", "w=Const", "mul=Conv2D", "y=Relu");
        it.GivesTheSame();
    }
}
