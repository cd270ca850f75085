using Decant.IR;
using Decant.IR.TextForm;
using Decant.Lowering;

namespace Decant.Tests.Lowering;

/// <summary>GELU as programs write it becomes TensorFlow Lite's operator, and what only looks like it does not.</summary>
public sealed class GeluFormTests
{
    private const string Constants = """
        x = Placeholder() {dtype: float32, shape: shape[2, 5]}
        gate = Placeholder() {dtype: float32, shape: shape[2, 5]}
        one = Const() {dtype: float32, value: float32[] {1}}
        two = Const() {dtype: float32, value: float32[] {2}}
        three = Const() {dtype: float32, value: float32[] {3}}
        half = Const() {dtype: float32, value: float32[] {0.5}}
        root2 = Const() {dtype: float32, value: float32[] {1.41421356}}
        rootHalf = Const() {dtype: float32, value: float32[1] {0.7071068}}
        minusRootHalf = Const() {dtype: float32, value: float32[] {-0.7071068}}
        k = Const() {dtype: float32, value: float32[] {0.7978846}}
        c = Const() {dtype: float32, value: float32[] {0.044715}}
        other = Const() {dtype: float32, value: float32[] {0.7}}
        """;

    [Theory]
    [InlineData("erf of a quotient", "d = RealDiv(x, root2); e = Erf(d); s = AddV2(one, e); h = Mul(half, x); y = Mul(h, s)", "GELU")]
    [InlineData("the half at the sum", "d = Mul(rootHalf, x); e = Erf(d); s = Add(e, one); h = Mul(s, half); y = Mul(x, h)", "GELU")]
    [InlineData("the half at the end", "d = Mul(x, rootHalf); e = Erf(d); s = AddV2(e, one); h = Mul(s, x); y = RealDiv(h, two)", "GELU")]
    [InlineData("half the sum of halves", "d = Mul(x, rootHalf); e = Erf(d); f = Mul(e, half); s = AddV2(f, half); y = Mul(s, x)", "GELU")]
    [InlineData("erfc", "d = Mul(x, minusRootHalf); e = Erfc(d); h = Mul(x, half); y = Mul(h, e)", "GELU")]
    [InlineData("erfc of a negative", "n = Neg(x); d = Mul(n, rootHalf); e = Erfc(d); h = Mul(x, half); y = Mul(h, e)", "GELU")]
    [InlineData("tanh of a cube", "p = Pow(x, three); q = Mul(c, p); r = AddV2(x, q); d = Mul(k, r); e = Tanh(d); s = AddV2(one, e); h = Mul(half, x); y = Mul(h, s)", "GELU")]
    [InlineData("tanh of products", "p = Mul(x, x); q = Mul(p, x); r = Mul(q, c); t = Add(r, x); d = Mul(t, k); e = Tanh(d); s = AddV2(e, one); h = Mul(half, s); y = Mul(x, h)", "GELU")]
    [InlineData("tanh of x outside the sum", "p = Square(x); q = Mul(c, p); r = AddV2(q, one); m = Mul(x, k); d = Mul(m, r); e = Tanh(d); s = AddV2(e, one); h = Mul(x, half); y = Mul(s, h)", "GELU")]
    [InlineData("of a product", "z = Mul(x, gate); d = Mul(z, rootHalf); e = Erf(d); s = AddV2(one, e); h = Mul(half, z); y = Mul(h, s)", "MUL", "GELU")]
    [InlineData("with a gate", "d = Mul(x, rootHalf); e = Erf(d); s = AddV2(one, e); h = Mul(half, x); g = Mul(h, s); y = Mul(g, gate)", "GELU", "MUL")]
    [InlineData("whose cube is read elsewhere", "p = Square(x); q = Mul(p, x); r = Mul(q, c); t = Add(r, x); d = Mul(t, k); e = Tanh(d); s = AddV2(e, one); h = Mul(half, s); g = Mul(x, h); y = AddV2(g, q)", "SQUARE", "MUL", "GELU", "ADD")]
    public void Gelu_becomes_the_operator(string spelling, string nodes, params string[] operators)
    {
        string[] made = Convert(spelling, nodes, out float[] expected, out float[] actual);
        Assert.Equal(operators.Order(), made.Order());
        Assert.All(expected.Zip(actual), p => Assert.Equal(p.First, p.Second, 2e-6f));
    }

    [Theory]
    [InlineData("another factor of x", "d = Mul(x, other); e = Erf(d); s = AddV2(one, e); h = Mul(half, x); y = Mul(h, s)")]
    [InlineData("no half", "d = Mul(x, rootHalf); e = Erf(d); s = AddV2(one, e); y = Mul(x, s)")]
    [InlineData("another summand", "d = Mul(x, rootHalf); e = Erf(d); s = AddV2(two, e); h = Mul(half, x); y = Mul(h, s)")]
    [InlineData("of something else", "d = Mul(gate, rootHalf); e = Erf(d); s = AddV2(one, e); h = Mul(half, x); y = Mul(h, s)")]
    [InlineData("a square for the cube", "p = Square(x); q = Mul(c, p); r = AddV2(x, q); d = Mul(k, r); e = Tanh(d); s = AddV2(one, e); h = Mul(half, x); y = Mul(h, s)")]
    [InlineData("another factor of the cube", "p = Pow(x, three); q = Mul(half, p); r = AddV2(x, q); d = Mul(k, r); e = Tanh(d); s = AddV2(one, e); h = Mul(half, x); y = Mul(h, s)")]
    public void What_is_not_gelu_stays(string difference, string nodes)
    {
        string[] made = Convert(difference, nodes, out float[] expected, out float[] actual);
        Assert.DoesNotContain("GELU", made);
        Assert.All(expected.Zip(actual), p => Assert.Equal(p.First, p.Second, 2e-6f));
    }

    [Theory]
    [InlineData("Square")]
    [InlineData("Neg")]
    public void A_chain_without_end_is_looked_at_for_a_while(string op)
    {
        var graph = new Graph();
        Fact fact = new(DType.Float32, new Shape(2));
        Node last = graph.Add("x", "Placeholder");
        for (int i = 0; i < 100_000; i++)
        {
            Node next = graph.Add($"n{i}", op, [last]);
            (last.Facts, last) = ([fact], next);
        }

        last.Facts = [fact];
        Node product = graph.Add("y", "Mul", [last, last]);
        product.Facts = [fact];
        Assert.Null(GeluForm.Find(product));
    }

    [Fact]
    public void A_constant_of_more_dimensions_makes_something_else()
    {
        using Model model = GraphParser.Parse("""
            graph {
            x = Placeholder() {dtype: float32, shape: shape[3]}
            one = Const() {dtype: float32, value: float32[] {1}}
            half = Const() {dtype: float32, value: float32[1, 1] {0.5}}
            rootHalf = Const() {dtype: float32, value: float32[] {0.7071068}}
            d = Mul(x, rootHalf) {T: float32}
            e = Erf(d) {T: float32}
            s = AddV2(one, e) {T: float32}
            h = Mul(half, x) {T: float32}
            y = Mul(h, s) {T: float32}
            }
            """);
        using Model converted = model.Convert(new ConvertOptions { Inputs = ["x"], Outputs = ["y"] }).Model;
        using var session = new Session(converted);
        Assert.Equal(new Shape(1, 3), session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap([1f, -2, 3], new Shape(3)) }, ["y"])["y"].Shape);
    }

    private static string[] Convert(string name, string nodes, out float[] expected, out float[] actual)
    {
        string[] lines = [.. nodes.Split("; ").Select(n => $"{n} {{T: float32}}")];
        string[] inputs = nodes.Contains("gate", StringComparison.Ordinal) ? ["x", "gate"] : ["x"];
        using Model model = GraphParser.Parse($"graph {{\n{Constants}\n{string.Join('\n', lines)}\n}}");
        using Model converted = model.Convert(new ConvertOptions { Inputs = inputs, Outputs = ["y"] }).Model;
        float[] values = [-6, -1.5f, -0.7f, -0.01f, 0, 0.02f, 0.5f, 1, 2.5f, 7];
        var feeds = inputs.ToDictionary(i => i, i => Tensor.Wrap(i == "x" ? values : [.. values.Reverse()], new Shape(2, 5)));
        using Session original = new(model), lite = new(converted);
        expected = original.Run(feeds, ["y"])["y"].Span<float>().ToArray();
        actual = lite.Run(feeds, ["y"])["y"].Span<float>().ToArray();
        Assert.True(expected.Length == values.Length && actual.Length == values.Length, name);
        return [.. converted.Graph.Nodes.Where(n => n.Op.Dialect == Dialect.TFLite).Select(n => n.Op.Name)];
    }
}
