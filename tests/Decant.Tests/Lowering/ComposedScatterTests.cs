using Decant.IR;
using Decant.IR.TextForm;
using Decant.Lowering;
using Decant.TestKit;

namespace Decant.Tests.Lowering;

/// <summary>Ops that change variables of frozen graphs, and reductions of nothing, as TensorFlow.js gets them.</summary>
public sealed class ComposedScatterTests
{
    private const double Tolerance = 1e-6;

    /// <summary>The op, the indices' and the updates' shapes, the numbers of the rows.</summary>
    public static TheoryData<string, long[], long[]> Scatters
    {
        get
        {
            var cases = new TheoryData<string, long[], long[]>();
            foreach (string op in (string[])["Add", "Sub", "Update", "Mul", "Div", "Max", "Min"])
            {
                cases.Add($"Scatter{op}", [2], [2, 3]);
                cases.Add($"Scatter{op}", [], [3]);
                cases.Add($"Scatter{op}", [3], []);
                cases.Add($"Scatter{op}", [2, 2], [2, 2, 3]);
                cases.Add($"Scatter{op}", [0], [0, 3]);
            }

            foreach (string op in (string[])["Add", "Sub", "Update"])
            {
                cases.Add($"ScatterNd{op}", [2, 1], [2, 3]);
                cases.Add($"ScatterNd{op}", [3, 2], [3]);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Scatters))]
    public void What_changes_a_frozen_variable_becomes_a_value(string op, long[] indices, long[] updates)
    {
        static string Dims(long[] dims) => $"[{string.Join(", ", dims)}]";
        using Model model = GraphParser.Parse(
            $$"""
            graph {
              i = Placeholder() {dtype: int32, shape: shape{{Dims(indices)}}}
              {{(updates.Length == 0 ? "u = Const() {dtype: float32, value: float32[] {0.5} }" : $"u = Placeholder() {{dtype: float32, shape: shape{Dims(updates)}}}")}}
              begin = Const() {dtype: float32, value: float32[4, 3] {1, -2, 3, 0.5, 5, -6, 7, 8, -0.25, 10, 11, 12} }
              v = Const() {dtype: float32, value: float32[4, 3] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0} }
              set = Assign(v, begin) {T: float32}
              y = {{op}}(set, i, u) {T: float32, Tindices: int32}
            }
            """);
        ConvertResult result = model.ConvertToTFJS(new TFJSConvertOptions { Inputs = updates.Length == 0 ? ["i"] : ["i", "u"], Outputs = ["y"] });
        var random = new Random(3);
        Dictionary<string, Tensor> feeds = new()
        {
            // Those that come twice are the last.
            ["i"] = Tensor.Wrap([.. Enumerable.Range(0, (int)new Shape(indices).ElementCount).Select(n => op == "ScatterUpdate" ? n : new[] { 2, 0, 1, 2 }[n % 4])], new Shape(indices)),
            ["u"] = Tensor.Wrap([.. Enumerable.Range(0, (int)new Shape(updates).ElementCount).Select(_ => random.NextSingle() + 0.5f)], new Shape(updates)),
        };
        using Session own = new(model), converted = new(result.Model);
        Assert.Null(TensorComparison.Difference(converted.Run(Given(feeds, result.Model), ["y"])["y"], own.Run(updates.Length == 0 ? new Dictionary<string, Tensor> { ["i"] = feeds["i"] } : feeds, ["y"])["y"], Tolerance, Tolerance));
    }

    [Fact]
    public void What_changes_a_variable_that_is_none_of_the_graph_is_refused()
    {
        using Model model = GraphParser.Parse(
            """
            graph {
              v = Placeholder() {dtype: float32, shape: shape[4, 3]}
              i = Placeholder() {dtype: int32, shape: shape[2]}
              u = Placeholder() {dtype: float32, shape: shape[2, 3]}
              y = ScatterAdd(v, i, u) {T: float32, Tindices: int32}
            }
            """);
        ModelException e = Assert.Throws<ModelException>(() => model.ConvertToTFJS(new TFJSConvertOptions { Outputs = ["y"] }));
        Assert.Contains("does not have the ops ScatterAdd", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Max", float.NegativeInfinity)]
    [InlineData("Min", float.PositiveInfinity)]
    [InlineData("Mean", float.NaN)]
    public void Reductions_of_nothing_are_what_TensorFlow_gives(string op, float expected)
    {
        using Model model = GraphParser.Parse(
            $$"""
            graph {
              x = Placeholder() {dtype: float32, shape: shape[0, 2]}
              axis = Const() {dtype: int32, value: int32[] {0} }
              y = {{op}}(x, axis) {T: float32, Tidx: int32}
              z = Neg(y) {T: float32}
            }
            """);
        Model made = model.ConvertToTFJS(new TFJSConvertOptions { Inputs = ["x"], Outputs = ["z"] }).Model;
        Assert.DoesNotContain(made.Graph.Nodes, n => n.Op.Name == op);
        using var session = new Session(made);
        Assert.Equal([-expected, -expected], session.Run(Given(new() { ["x"] = Tensor.Wrap(Array.Empty<float>(), new Shape(0, 2)) }, made), ["z"])["z"].Span<float>().ToArray());
    }

    /// <summary>Axes that a graph counts itself, as programs in Python do when none are given.</summary>
    [Theory]
    [InlineData("rank = Const() {dtype: int32, value: int32[] {2} }")]
    [InlineData("rank = Rank(x) {T: float32}")]
    public void Reductions_of_nothing_along_all_axes_are_too(string rank)
    {
        using Model model = GraphParser.Parse(
            $$"""
            graph {
              x = Placeholder() {dtype: float32, shape: shape[0, 2]}
              from = Const() {dtype: int32, value: int32[] {0} }
              {{rank}}
              by = Const() {dtype: int32, value: int32[] {1} }
              axes = Range(from, rank, by) {Tidx: int32}
              y = Max(x, axes) {T: float32, Tidx: int32, keep_dims: true}
            }
            """);
        Model made = model.ConvertToTFJS(new TFJSConvertOptions { Inputs = ["x"], Outputs = ["y"], Without = ["constant_folding", "materialize_shapes"] }).Model;
        Assert.DoesNotContain(made.Graph.Nodes, n => n.Op.Name == "Max");
        using var session = new Session(made);
        Tensor y = session.Run(Given(new() { ["x"] = Tensor.Wrap(Array.Empty<float>(), new Shape(0, 2)) }, made), ["y"])["y"];
        Assert.Equal(("[1,1]", float.NegativeInfinity), (y.Shape.ToString(), y.Span<float>()[0]));
    }

    private static Dictionary<string, Tensor> Given(Dictionary<string, Tensor> feeds, Model model) => feeds.Where(f => model.Signatures[0].Inputs.Any(i => i.Name == f.Key)).ToDictionary();
}
