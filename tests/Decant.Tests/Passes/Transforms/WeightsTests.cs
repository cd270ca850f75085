using Decant.IR;

namespace Decant.Tests.Passes.Transforms;

/// <summary>quantize_weights and round_weights.</summary>
public sealed class WeightsTests
{
    private static string Graph(string constant, string shape = "4") => $$"""
        graph {
          x = Placeholder() {dtype: float32, shape: shape[{{shape}}]}
          c = Const() {dtype: float32, value: {{constant}} }
          y = Add(x, c) {T: float32}
        }
        """;

    private static string Sixteen(string first) => $"float32[16] {{{first}, {string.Join(", ", Enumerable.Range(0, 14).Select(i => i))}}}";

    [Fact]
    public void Weights_become_8_bit_integers_and_a_dequantize()
    {
        // max - min = 2.55, so a step is 0.01 and zero is at 55: q = round(100 v) + 55.
        Transformed it = Transformed.Run(Graph("float32[4] {-0.55, 2.0, 0, 1.004}"), "quantize_weights(minimum_size=4)").Has("x=Placeholder", "c=Dequantize", "c_quantized_const=Const", "c_quantized_min=Const", "c_quantized_max=Const", "y=Add");
        Assert.Equal([0, 255, 55, 155], it.Constant("c_quantized_const").Span<byte>().ToArray());
        Assert.Equal(DType.QUInt8, it.Constant("c_quantized_const").DType);
        Assert.Equal(-0.55f, it.Constant("c_quantized_min").Span<float>()[0]);
        Assert.Equal(2f, it.Constant("c_quantized_max").Span<float>()[0]);
        Assert.Equal(new StringAttr("MIN_FIRST"), it["c"].Attributes["mode"]);
        it.GivesTheSame(0.006);
        Assert.Empty(it.Model.Transform("quantize_weights(minimum_size=4)", ["x"], ["y"]).Report.Edits);
    }

    [Theory]
    [InlineData("float32[4] {3, 3, 3, 3}", 0f, 3f)]
    [InlineData("float32[4] {-3, -3, -3, -3}", -3f, 1.17549435e-38f)]
    [InlineData("float32[4] {0, 0, 0, 0}", 0f, 1.17549435e-38f)]
    public void Ranges_hold_zero_and_are_never_empty(string constant, float min, float max)
    {
        Transformed it = Transformed.Run(Graph(constant), "quantize_weights(minimum_size=1)");
        Assert.Equal(min, it.Constant("c_quantized_min").Span<float>()[0]);
        Assert.Equal(max, it.Constant("c_quantized_max").Span<float>()[0]);
        it.GivesTheSame(0.02);
    }

    [Fact]
    public void Small_constants_and_those_of_other_types_stay()
    {
        Assert.Empty(Transformed.Run(Graph("float32[4] {1, 2, 3, 4}"), "quantize_weights").Report.Edits);
        Assert.Empty(Transformed.Run(Graph("float32[4] {1, 2, 3, 4}"), "round_weights").Report.Edits);
    }

    [Theory]
    [InlineData("quantize_weights(minimum_size=1)")]
    [InlineData("round_weights")]
    public void Values_without_a_range_are_declined(string transform)
    {
        Transformed.IsDeclined(Graph(Sixteen("nan, 1"), "16"), transform, "no finite numbers");
        Transformed.IsDeclined(Graph(Sixteen("3e38, -3e38"), "16"), transform, "range is no float32");
    }

    [Fact]
    public void Rounded_weights_lie_in_the_middle_of_their_buckets()
    {
        // min -2, max 14 (rounded from the list's end 13 and 14): 8 buckets of width 2.
        Transformed it = Transformed.Run(Graph(Sixteen("-2, 14"), "16"), "round_weights(num_steps=8)");
        Assert.Equal([-1, 15, 1, 1, 3, 3, 5, 5, 7, 7, 9, 9, 11, 11, 13, 13], it.Constant("c").Span<float>().ToArray());
        it.GivesTheSame(1.1);
    }
}
