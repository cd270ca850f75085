using Decant.IR;
using Decant.IR.TextForm;
using Decant.Lowering;

namespace Decant.Tests.Lowering;

/// <summary>Ops on small matrices, zeta, and cells of a computed number of steps, composed for TensorFlow Lite and for TensorFlow.js.</summary>
public sealed class ComposedMatrixTests
{
    // Elimination of up to 8 rows in another order than the op's own.
    private const double Tolerance = 2e-5;

    /// <summary>The op, how many outputs it has, attributes, and the shapes of its inputs.</summary>
    public static TheoryData<string, int, string, string[]> Ops => new()
    {
        { "MatrixDeterminant", 1, "", ["3, 3"] },
        { "MatrixDeterminant", 1, "", ["2, 3, 4, 4"] },
        { "MatrixDeterminant", 1, "", ["5, 1, 1"] },
        { "LogMatrixDeterminant", 2, "", ["4, 4"] },
        { "LogMatrixDeterminant", 2, "", ["6, 8, 8"] },
        { "MatrixInverse", 1, "", ["4, 4"] },
        { "MatrixInverse", 1, ", adjoint: true", ["2, 2, 3, 3"] },
        { "MatrixSolve", 1, "", ["4, 4", "4, 2"] },
        { "MatrixSolve", 1, ", adjoint: true", ["3, 5, 5", "3, 5, 1"] },
        { "Svd", 3, ", compute_uv: true, full_matrices: true", ["3, 3"] },
        { "Svd", 3, ", compute_uv: true, full_matrices: false", ["2, 2, 5, 3"] },
        { "Svd", 3, ", compute_uv: true, full_matrices: true", ["2, 5, 3"] },
        { "Svd", 3, ", compute_uv: true, full_matrices: true", ["2, 2, 4"] },
        { "Svd", 3, ", compute_uv: true, full_matrices: false", ["3, 4, 6"] },
        { "Svd", 3, ", compute_uv: true, full_matrices: true", ["1, 3"] },
        { "Svd", 1, ", compute_uv: false, full_matrices: false", ["2, 8, 8"] },
        { "Svd", 3, ", compute_uv: true, full_matrices: false", ["8, 8"] },
    };

    [Theory]
    [MemberData(nameof(Ops))]
    public void An_op_on_matrices_is_computed_step_by_step(string op, int outputs, string attributes, string[] shapes)
    {
        string inputs = string.Join("\n", shapes.Select((s, i) => $"x{i} = Placeholder() {{dtype: float32, shape: shape[{s}]}}"));
        var random = new Random(11);
        Dictionary<string, Tensor> feeds = shapes.Index().ToDictionary(s => $"x{s.Index}", s =>
        {
            var shape = new Shape([.. s.Item.Split(", ").Select(long.Parse)]);
            return Tensor.Wrap([.. Enumerable.Range(0, (int)shape.ElementCount).Select(_ => (random.NextSingle() * 2) - 1)], shape);
        });
        Check($"y = {op}({string.Join(", ", feeds.Keys)}) {{T: float32{attributes}}}", inputs, feeds, [.. Enumerable.Range(0, outputs).Select(o => o == 0 ? "y" : $"y:{o}")]);
    }

    [Fact]
    public void Pivots_of_zero_are_swapped_away_and_singular_matrices_have_no_determinant()
    {
        Tensor x = Tensor.Wrap([0, 2, 1, 3, 0, 1, 1, 4, 0, /* */ 1, 2, 3, 2, 4, 6, 5, 1, 0, /* */ 0, 1, 2, 0, 3, 4, 0, 5, 6f], new Shape(3, 3, 3));
        Check("y = MatrixDeterminant(x) {T: float32}", "x = Placeholder() {dtype: float32, shape: shape[3, 3, 3]}", new() { ["x"] = x }, ["y"]);
    }

    [Fact]
    public void Cholesky_reads_the_lower_half()
    {
        Tensor x = Tensor.Wrap([4, 9, 9, 2, 5, 9, 1, 3, 6, /* */ 2, 0, 0, 0.5f, 1, 0, 0.25f, 0.5f, 3], new Shape(2, 3, 3));
        Check("y = Cholesky(x) {T: float32}", "x = Placeholder() {dtype: float32, shape: shape[2, 3, 3]}", new() { ["x"] = x }, ["y"]);
    }

    [Fact]
    public void Zeta_is_the_sum_that_it_is()
    {
        Dictionary<string, Tensor> feeds = new()
        {
            ["x"] = Tensor.Wrap([2f, 1.5f, 4, 1.0625f, 10, 1, 0.5f, 3, 3, 2.5f, 2, 30, 4, -1], new Shape(14)),
            ["q"] = Tensor.Wrap([1f, 0.25f, 3, 2, 0.5f, 2, 2, 0, -1.5f, -0.5f, 100, 8, -2, 3], new Shape(14)),
        };
        Check("y = Zeta(x, q) {T: float32}", "x = Placeholder() {dtype: float32, shape: shape[14]}\nq = Placeholder() {dtype: float32, shape: shape[14]}", feeds, ["y"]);
    }

    [Fact]
    public void Zeta_goes_as_far_below_zero_as_it_likes()
    {
        Dictionary<string, Tensor> feeds = new()
        {
            ["x"] = Tensor.Wrap([2f, 3, 5, 2, 4, 3, 3, 2, 2.5f, 2], new Shape(10)),
            ["q"] = Tensor.Wrap([-7.5f, -7.25f, -20.25f, -1000.5f, -0.125f, -0.875f, -100.75f, -16, -20.5f, -40.5f], new Shape(10)),
        };
        Check("y = Zeta(x, q) {T: float32}", "x = Placeholder() {dtype: float32, shape: shape[10]}\nq = Placeholder() {dtype: float32, shape: shape[10]}", feeds, ["y"]);
    }

    // Two singular values of the first, and all of the second, are 0: then U and V are any orthonormal bases, and U diag(s) V^T is the matrix.
    [Theory]
    [InlineData(3, 3, new float[] { 1, 2, 3, 2, 4, 6, -1, -2, -3 })]
    [InlineData(2, 3, new float[] { 0, 0, 0, 0, 0, 0 })]
    [InlineData(3, 2, new float[] { 3, 0, 0, 0, 4, 0 })]
    public void Vectors_of_singular_values_of_zero_are_orthonormal_too(int rows, int columns, float[] matrix)
    {
        using Model model = GraphParser.Parse($"graph {{\nx = Placeholder() {{dtype: float32, shape: shape[{rows}, {columns}]}}\ny = Svd(x) {{T: float32, compute_uv: true, full_matrices: true}}\n}}");
        using Model composed = model.ConvertToTFJS(new TFJSConvertOptions { Inputs = ["x"], Outputs = ["y", "y:1", "y:2"] }).Model;
        using var session = new Session(composed);
        Tensor[] found = [.. SignatureView.Of(composed).Outputs.Select(o => session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap(matrix, new Shape(rows, columns)) }, [o.Name])[o.Name])];
        float[] s = found[0].Span<float>().ToArray(), u = found[1].Span<float>().ToArray(), v = found[2].Span<float>().ToArray();
        foreach ((float[] square, int size) in ((float[], int)[])[(u, rows), (v, columns)])
        {
            for (int i = 0; i < size * size; i++)
                Assert.Equal(i / size == i % size ? 1 : 0, Enumerable.Range(0, size).Sum(r => square[(r * size) + (i / size)] * square[(r * size) + (i % size)]), Tolerance);
        }

        for (int i = 0; i < matrix.Length; i++)
            Assert.Equal(matrix[i], Enumerable.Range(0, s.Length).Sum(k => u[(i / columns * rows) + k] * s[k] * v[(i % columns * columns) + k]), Tolerance);
    }

    [Theory]
    [InlineData("Svd(x) {T: float32, compute_uv: true}", "9, 9", "expected ones of at most 8 rows or columns")]
    [InlineData("MatrixInverse(x) {T: float32}", "9, 9", "expected square ones of at most 8 rows")]
    [InlineData("MatrixDeterminant(x) {T: float32}", "?, ?, 2, 2", "expected square ones of at most 8 rows")]
    public void Matrices_that_are_large_or_not_known_are_refused(string op, string shape, string message)
    {
        using Model model = GraphParser.Parse($"graph {{\nx = Placeholder() {{dtype: float32, shape: shape[{shape}]}}\ny = {op}\n}}");
        Assert.Contains(message, Assert.Throws<ModelException>(() => model.Convert(new ConvertOptions { Inputs = ["x"], Outputs = ["y"] })).Message, StringComparison.Ordinal);
    }

    private static void Check(string op, string inputs, Dictionary<string, Tensor> feeds, string[] outputs) => ComposedCheck.Run(op, inputs, feeds, outputs, Tolerance);
}
