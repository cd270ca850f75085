using Decant.IR.TextForm;
using Decant.Lowering;
using Decant.TestKit;

namespace Decant.Interop.Tests;

/// <summary>GELU as one operator, in the runtime that phones and browsers have.</summary>
public sealed class GeluTests
{
    private const double Tolerance = 1e-6;

    [NodeTheory]
    [InlineData("d = Mul(x, rootHalf); e = Erf(d); s = AddV2(one, e); h = Mul(half, x); y = Mul(h, s)")]
    [InlineData("p = Square(x); q = Mul(p, x); r = Mul(q, c); t = AddV2(r, x); d = Mul(t, k); e = Tanh(d); s = AddV2(e, one); h = Mul(half, x); y = Mul(h, s)")]
    public void LiteRT_gives_what_the_nodes_give(string nodes)
    {
        const string Constants = """
            x = Placeholder() {dtype: float32, shape: shape[2, 4]}
            one = Const() {dtype: float32, value: float32[] {1}}
            half = Const() {dtype: float32, value: float32[] {0.5}}
            rootHalf = Const() {dtype: float32, value: float32[] {0.7071068}}
            k = Const() {dtype: float32, value: float32[] {0.7978846}}
            c = Const() {dtype: float32, value: float32[] {0.044715}}
            """;
        using var work = new TemporaryFolder();
        using Model source = GraphParser.Parse($"graph {{\n{Constants}\n{string.Join('\n', nodes.Split("; ").Select(n => $"{n} {{T: float32}}"))}\n}}");
        var inputs = new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap([-6f, -1.5f, -0.25f, 0, 0.1f, 0.75f, 2, 7], new Shape(2, 4)) };
        using var session = new Session(source);
        Model converted = source.Convert(new ConvertOptions { Inputs = ["x"], Outputs = ["y"] }).Model;
        Assert.Equal("GELU", Assert.Single(converted.Graph.Nodes, n => n.Inputs.Count > 0).Op.Name);
        converted.Save(work["model.tflite"], "tflite");
        NodeModel.Agree(session.Run(inputs, ["y"]), NodeModel.Run("litert_run.mjs", work["model.tflite"], inputs, ["y"], work), Tolerance);
    }
}
