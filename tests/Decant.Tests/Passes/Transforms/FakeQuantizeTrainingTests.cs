using Decant.IR;

namespace Decant.Tests.Passes.Transforms;

/// <summary>fake_quantize_training.</summary>
public sealed class FakeQuantizeTrainingTests
{
    /// <summary>The values of 8 bits in the ranges of the graph below are 1/85 and 1/42.5 apart; half of that, times nine products each.</summary>
    private const double Tolerance = 0.12;

    private static string Net(string activation) => $$"""
        graph {
          x = Placeholder() {dtype: float32, shape: shape[1,4,4,1]}
          w = Const() {dtype: float32, value: float32[3,3,1,1] {0.1, -0.2, 0.3, 0.1, -0.2, 0.3, 0.1, -0.2, 0.3} }
          read = Identity(w) {T: float32}
          conv = Conv2D(x, read) {T: float32, strides: [1, 1, 1, 1], padding: "SAME"}
          act = {{activation}}(conv) {T: float32}
          pool = MaxPool(act) {T: float32, ksize: [1, 2, 2, 1], strides: [1, 2, 2, 1], padding: "VALID"}
          dims = Const() {dtype: int32, value: int32[2] {1, 4} }
          flat = Reshape(pool, dims) {T: float32, Tshape: int32}
          v = Const() {dtype: float32, value: float32[4,1] {-1, 0, 1, 2} }
          y = MatMul(flat, v) {T: float32}
        }
        """;

    [Fact]
    public void Inputs_of_convolutions_and_products_are_rounded_to_8_bits()
    {
        Transformed it = Transformed.Run(Net("Relu6"), "fake_quantize_training").GivesTheSame(Tolerance);
        Assert.Equal(["fake_quantize_training: conv", "fake_quantize_training: y"], it.Report.Edits);
        Assert.Equal(["flat_fakequant", "v_fakequant"], it["y"].Inputs.Select(i => i.Node.Name));
        Assert.All(it["y"].Inputs.Concat(it["conv"].Inputs), i => Assert.Equal("FakeQuantWithMinMaxVars", i.Node.Op.Name));
        Assert.Equal([-1, 2], new[] { "min", "max" }.Select(r => it.Constant($"v_fakequant/{r}").Span<float>()[0]));
        Assert.Empty(it.Model.Transform("fake_quantize_training", ["x"], ["y"]).Report.Edits);
    }

    [Theory]
    [InlineData("Relu6", 0, 6f)]
    [InlineData("Sigmoid", 0, 1f)]
    [InlineData("Tanh", -1, 1f)]
    [InlineData("Relu", 0, null)]
    public void An_activation_tells_its_range_through_pools_and_reshapes(string activation, float min, float? max)
    {
        Transformed it = Transformed.Run(Net(activation), "fake_quantize_training").GivesTheSame(Tolerance);
        Assert.Equal(min, it.Constant("flat_fakequant/min").Span<float>()[0]);
        if (max is { } known)
            Assert.Equal(known, it.Constant("flat_fakequant/max").Span<float>()[0]);
        else
            Assert.Equal("Maximum", it["flat_fakequant/max"].Op.Name);
        Assert.Equal("Minimum", it["x_fakequant/min"].Op.Name);
    }

    [Fact]
    public void Weights_of_zeros_and_nodes_of_training_stay()
    {
        Transformed zeros = Transformed.Run(Net("Relu").Replace("{-1, 0, 1, 2}", "{0, 0, 0, 0}", StringComparison.Ordinal), "fake_quantize_training").GivesTheSame(Tolerance);
        Assert.Equal("v", zeros["y"].Inputs[1].Node.Name);
        Assert.Contains(zeros.Report.Declines, d => d.Reason.Contains("'v' holds zeros alone", StringComparison.Ordinal));
        Assert.Empty(Transformed.Run("graph { x = Placeholder() {dtype: float32, shape: shape[2,2]}\n gradients/y = MatMul(x, x) {T: float32} }", "fake_quantize_training", outputs: "gradients/y").Report.Edits);
    }
}
