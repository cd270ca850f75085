using Decant.IR.TextForm;
using Decant.Lowering;
using Decant.TestKit;

namespace Decant.Interop.Tests;

/// <summary>Spectra of real numbers in TensorFlow Lite's operators and TensorFlow.js's ops, in these runtimes.</summary>
public sealed class SpectralTests
{
    // Of the largest value of an output: float32 sums in another order.
    private const double Tolerance = 1e-5;

    [NodeTheory]
    [InlineData("96,512", "512", "r = RFFT(x, n) {Treal: float32, Tcomplex: complex64}; y = ComplexAbs(r) {T: complex64, Tout: float32}", "RFFT2D")]
    [InlineData("2,3,400", "512", "r = RFFT(x, n) {Treal: float32, Tcomplex: complex64}; y = Imag(r) {T: complex64, Tout: float32}", "RFFT2D")]
    [InlineData("2,5,12", "8,8", "r = RFFT2D(x, n) {Treal: float32, Tcomplex: complex64}; y = Real(r) {T: complex64, Tout: float32}", "RFFT2D")]
    [InlineData("7,480", "480", "r = RFFT(x, n) {Treal: float32, Tcomplex: complex64}; y = ComplexAbs(r) {T: complex64, Tout: float32}", "FULLY_CONNECTED")]
    public void LiteRT_gives_what_the_nodes_give(string shape, string lengths, string nodes, string made)
    {
        using Model source = Source(shape, lengths, nodes);
        Agree(source, new() { ["x"] = Noise(shape) }, made);
    }

    [NodeFact]
    public void LiteRT_transforms_lines_of_which_it_learns_how_many_there_are()
    {
        using Model source = Source("9,32", "32", """
            k = Placeholder() {dtype: int32, shape: shape[3]}
            v = Reshape(x, k) {T: float32, Tshape: int32}
            r = RFFT(v, n) {Treal: float32, Tcomplex: complex64}
            a = ComplexAbs(r) {T: complex64, Tout: float32}
            z = Const() {dtype: int32, value: int32[2] {9, 17}}
            y = Reshape(a, z) {T: float32, Tshape: int32}
            """);
        Agree(source, new() { ["x"] = Noise("9,32"), ["k"] = Tensor.Wrap([3, 3, 32]) }, "SQUEEZE");
    }

    [NodeTheory]
    [InlineData("5,20", "32", "r = RFFT(x, n) {Treal: float32, Tcomplex: complex64}; y = ComplexAbs(r) {T: complex64, Tout: float32}")]
    [InlineData("2,3,40", "21", "r = RFFT(x, n) {Treal: float32, Tcomplex: complex64}; y = Imag(r) {T: complex64, Tout: float32}")]
    [InlineData("2,6,10", "5,12", "r = RFFT2D(x, n) {Treal: float32, Tcomplex: complex64}; y = Real(r) {T: complex64, Tout: float32}")]
    public void TensorFlow_js_gives_what_the_nodes_give(string shape, string lengths, string nodes)
    {
        using Model source = Source(shape, lengths, nodes);
        var inputs = new Dictionary<string, Tensor> { ["x"] = Noise(shape) };
        using var session = new Session(source);
        IReadOnlyDictionary<string, Tensor> wanted = session.Run(inputs, ["y"]);
        using var run = new TFJSRun();
        run.Add(source, new TFJSConvertOptions { Inputs = ["x"], Outputs = ["y"] }, inputs, _ => wanted).Dispose();
        Assert.Null(Assert.Single(run.Faults(Tolerance)));
    }

    private static Model Source(string shape, string lengths, string nodes) => GraphParser.Parse(
        $$"""
        graph {
          x = Placeholder() {dtype: float32, shape: shape[{{shape}}]}
          n = Const() {dtype: int32, value: int32[{{lengths.Split(',').Length}}] { {{lengths}} } }
          {{string.Join('\n', nodes.Split("; "))}}
        }
        """);

    private static Tensor Noise(string shape)
    {
        var dims = new Shape([.. shape.Split(',').Select(long.Parse)]);
        var random = new Random(7);
        return Tensor.Wrap([.. Enumerable.Range(0, (int)dims.ElementCount).Select(_ => (2 * random.NextSingle()) - 1)], dims);
    }

    private static void Agree(Model source, Dictionary<string, Tensor> inputs, string made)
    {
        using var work = new TemporaryFolder();
        using var session = new Session(source);
        Model converted = source.Convert(new ConvertOptions { Inputs = [.. inputs.Keys], Outputs = ["y"] }).Model;
        Assert.Contains(converted.Graph.Nodes, n => n.Op.Name == made);
        converted.Save(work["model.tflite"], "tflite");
        NodeModel.Agree(session.Run(inputs, ["y"]), NodeModel.Run("litert_run.mjs", work["model.tflite"], inputs, ["y"], work), Tolerance);
    }
}
