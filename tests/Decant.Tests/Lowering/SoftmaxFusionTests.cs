using Decant.IR;
using Decant.IR.TextForm;
using Decant.Lowering;

namespace Decant.Tests.Lowering;

/// <summary>Softmax that is written out becomes TensorFlow Lite's operator, and other quotients and differences stay.</summary>
public sealed class SoftmaxFusionTests
{
    private const string Constants = """
        x = Placeholder() {dtype: float32, shape: shape[2, 3]}
        last = Const() {dtype: int32, value: int32[1] {-1}}
        second = Const() {dtype: int32, value: int32[] {1}}
        first = Const() {dtype: int32, value: int32[1] {0}}
        """;

    [Theory]
    [InlineData("e = Exp(x); s = Sum(e, last) KEEP; y = RealDiv(e, s)", "SOFTMAX")]
    [InlineData("m = Max(x, second) KEEP; z = Sub(x, m); e = Exp(z); s = Sum(e, second) KEEP; y = RealDiv(e, s)", "SOFTMAX")]
    [InlineData("e = Exp(x); s = Sum(e, second) KEEP; l = Log(s); y = Sub(x, l)", "LOG_SOFTMAX")]
    [InlineData("m = Max(x, last) KEEP; z = Sub(x, m); e = Exp(z); s = Sum(e, last) KEEP; l = Log(s); y = Sub(z, l)", "LOG_SOFTMAX")]
    [InlineData("m = Max(x, first) KEEP; z = Sub(x, m); e = Exp(z); s = Sum(e, last) KEEP; y = RealDiv(e, s)", "REDUCE_MAX", "SUB", "SOFTMAX")]
    [InlineData("e = Exp(x); s = Sum(e, first) KEEP; y = RealDiv(e, s)", "EXP", "SUM", "DIV")]
    [InlineData("e = Exp(x); s = Sum(x, last) KEEP; y = RealDiv(e, s)", "EXP", "SUM", "DIV")]
    [InlineData("m = Max(x, last) KEEP; z = Sub(x, m); e = Exp(z); s = Sum(e, last) KEEP; l = Log(s); y = Sub(x, l)", "REDUCE_MAX", "SUB", "EXP", "SUM", "LOG", "SUB")]
    public void Quotients_of_exponentials_along_the_last_axis_become_one_operator(string nodes, params string[] operators)
    {
        string[] lines = [.. nodes.Split("; ").Select(n => n.EndsWith(" KEEP", StringComparison.Ordinal) ? $"{n[..^5]} {{T: float32, Tidx: int32, keep_dims: true}}" : $"{n} {{T: float32}}")];
        using Model model = GraphParser.Parse($"graph {{\n{Constants}\n{string.Join('\n', lines)}\n}}");
        using Model converted = model.Convert(new ConvertOptions { Inputs = ["x"], Outputs = ["y"] }).Model;
        Assert.Equal(operators.Order(), converted.Graph.Nodes.Where(n => n.Op.Dialect == Dialect.TFLite).Select(n => n.Op.Name).Order());
        var feeds = new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap([1.5f, -0.5f, 3, 0.25f, 2, -1], new Shape(2, 3)) };
        using Session original = new(model), lite = new(converted);
        Assert.Equal(original.Run(feeds, ["y"])["y"].Span<float>().ToArray(), lite.Run(feeds, ["y"])["y"].Span<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-6f);
    }
}
