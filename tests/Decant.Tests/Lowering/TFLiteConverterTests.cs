using Decant.IR;
using Decant.IR.TextForm;
using Decant.Lowering;

namespace Decant.Tests.Lowering;

/// <summary>What a conversion makes of a graph, and what it refuses.</summary>
public sealed class TFLiteConverterTests
{
    private const string Two = """
        graph {
          x = Placeholder() {dtype: float32, shape: shape[?, 2]}
          s = SplitV(x, sizes, axis) {T: float32, Tlen: int32, num_split: 2}
          sizes = Const() {dtype: int32, value: int32[2] {1, 1}}
          axis = Const() {dtype: int32, value: int32[] {1}}
          y = Neg(s:1) {T: float32}
        }
        """;

    [Fact]
    public void Names_of_outputs_are_kept_with_their_ports_and_open_sizes_stay_open()
    {
        using Model model = GraphParser.Parse(Two);
        Model converted = model.Convert(new ConvertOptions { Inputs = ["x"], Outputs = ["s:1", "y"] }).Model;
        Signature signature = Assert.Single(converted.Signatures);
        Assert.Equal(["s:1", "y"], signature.Outputs.Select(o => o.Name));
        Assert.Equal(new Shape(-1, 1), signature.Outputs[1].Shape);
        using var session = new Session(converted);
        IReadOnlyDictionary<string, Tensor> results = session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap([1f, 2f, 3f, 4f], new Shape(2, 2)) }, ["s:1", "y"]);
        Assert.Equal([2f, 4f], results["s:1"].Span<float>().ToArray());
        Assert.Equal([-2f, -4f], results["y"].Span<float>().ToArray());
    }

    [Fact]
    public void Float64_is_computed_as_float32_between_conversions()
    {
        using Model model = GraphParser.Parse("graph { x = Placeholder() {dtype: float64, shape: shape[2]} a = Neg(x) {T: float64} y = Exp(a) {T: float64} }");
        Model converted = model.Convert().Model;
        Assert.Equal(["CAST", "NEG", "EXP", "CAST"], converted.Graph.Nodes.Where(n => n.Op.Dialect == Dialect.TFLite).Select(n => n.Op.Name));
        Assert.Equal(DType.Float64, converted.Signatures[0].Outputs[0].DType);
    }

    [Theory]
    [InlineData("named for several signatures")]
    [InlineData("is named twice")]
    [InlineData("the model is one of TensorFlow Lite already")]
    public void What_does_not_fit_is_told(string expected)
    {
        using Model model = GraphParser.Parse(Two);
        var e = Assert.Throws<ModelException>(() => expected switch
        {
            "named for several signatures" => model.Convert(new ConvertOptions { Signatures = ["a", "b"], Inputs = ["x"] }),
            "is named twice" => model.Convert(new ConvertOptions { Inputs = ["x", "x"], Outputs = ["y"] }),
            _ => model.Convert(new ConvertOptions { Outputs = ["y"] }).Model.Convert(),
        });
        Assert.Equal(ConvertErrors.CannotConvert, e.Diagnostics[0].Code);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }
}
