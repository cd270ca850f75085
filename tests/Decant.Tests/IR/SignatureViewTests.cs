using Decant.IR;
using Decant.IR.TextForm;

namespace Decant.Tests.IR;

public sealed class SignatureViewTests
{
    [Fact]
    public void Placeholders_that_TensorFlow_left_behind_are_no_inputs_but_those_that_something_reads()
    {
        using Model model = GraphParser.Parse(
            """
            graph {
              x = Placeholder() {dtype: float32, shape: shape[2]}
              training = Placeholder() {dtype: bool, shape: shape[]}
              unused_control_flow_input = Placeholder() {dtype: variant, shape: shape?}
              unused_control_flow_input_1 = Placeholder() {dtype: float32, shape: shape[2]}
              y = AddV2(x, unused_control_flow_input_1) {T: float32}
            }
            """);
        Assert.Equal(["x", "training", "unused_control_flow_input_1"], SignatureView.Of(model).Inputs.Select(i => i.Tensor));
    }

    [Theory]
    [InlineData("y = Mean(x, x) {T: float32}", "y")]
    [InlineData("", "gradients/y_grad/Reshape,grad/gradients_1/y_grad/Neg")]
    public void Gradients_that_nothing_reads_are_no_outputs_beside_others(string answer, string outputs)
    {
        using Model model = GraphParser.Parse(
            $$"""
            graph {
              x = Placeholder() {dtype: float32, shape: shape[2]}
              {{answer}}
              gradients/y_grad/Reshape = Neg(x) {T: float32}
              grad/gradients_1/y_grad/Neg = Neg(x) {T: float32}
            }
            """);
        Assert.Equal(outputs.Split(','), SignatureView.Of(model).Outputs.Select(o => o.Tensor));
    }

    [Theory]
    [InlineData("y = Neg(x) {T: float32}", "y", -2f)]
    [InlineData("", "Softmax", 0.5f)]
    public void Summaries_are_no_outputs_and_a_graph_that_ends_in_them_runs(string answer, string output, float expected)
    {
        using Model model = GraphParser.Parse(
            $$$"""
            graph {
              x = Placeholder() {dtype: float32, shape: shape[2]}
              Softmax = Softmax(x) {T: float32}
              tag = Const() {dtype: string, value: string[] {"softmax"}}
              histogram = HistogramSummary(tag, Softmax) {T: float32}
              scalar = ScalarSummary(tag, Softmax) {T: float32}
              all = MergeSummary(histogram, scalar) {N: 2}
              lone = TensorSummary(Softmax) {T: float32}
              {{{answer}}}
            }
            """);
        Assert.Equal([output], SignatureView.Of(model).Outputs.Select(o => o.Tensor));
        using var session = new Session(model);
        Tensor y = Assert.Single(session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap<float>([2, 2]) })).Value;
        Assert.Equal(expected, y.Span<float>()[0]);
    }
}
