using Decant.Comparison;
using Decant.IR;
using Decant.IR.TextForm;
using Decant.Lowering;
using Decant.TestKit;
using Decant.Tests.Runtime;

namespace Decant.Tests.Lowering;

/// <summary>Spectra of real numbers in TensorFlow Lite's operators, and back.</summary>
public sealed class SpectralLoweringTests
{
    /// <summary>Products with cosines are sums of float32, by which a result is off by parts of the largest of them.</summary>
    private const double Tolerance = 1e-5;

    [Theory]
    [InlineData("frames", "6,32", "r = RFFT(x, n) {Treal: float32, Tcomplex: complex64}; y = ComplexAbs(r) {T: complex64, Tout: float32}", "32", "RESHAPE RFFT2D RESHAPE COMPLEX_ABS", "RFFT")]
    [InlineData("one line that is padded", "20", "r = RFFT(x, n) {Treal: float32, Tcomplex: complex64}; y = Real(r) {T: complex64, Tout: float32}", "32", "RESHAPE RFFT2D RESHAPE REAL", "RFFT")]
    [InlineData("lines that are cut", "2,3,40", "r = RFFT(x, n) {Treal: float32, Tcomplex: complex64}; y = Imag(r) {T: complex64, Tout: float32}", "16", "RESHAPE RFFT2D RESHAPE IMAG", "RFFT")]
    [InlineData("any number of frames", "?,?,32", "r = RFFT(x, n) {Treal: float32, Tcomplex: complex64}; y = ComplexAbs(r) {T: complex64, Tout: float32}", "32", "EXPAND_DIMS RFFT2D SQUEEZE COMPLEX_ABS", null)]
    [InlineData("images", "2,6,10", "r = RFFT2D(x, n) {Treal: float32, Tcomplex: complex64}; y = ComplexAbs(r) {T: complex64, Tout: float32}", "8,16", "RFFT2D COMPLEX_ABS", "RFFT2D")]
    [InlineData("a length of 30", "6,30", "r = RFFT(x, n) {Treal: float32, Tcomplex: complex64}; y = ComplexAbs(r) {T: complex64, Tout: float32}", "30", "FULLY_CONNECTED SQUARE FULLY_CONNECTED SQUARE ADD SQRT", null)]
    [InlineData("25 columns of a length of 30", "4,6,25", "r = RFFT(x, n) {Treal: float32, Tcomplex: complex64}; y = Real(r) {T: complex64, Tout: float32}", "30", "FULLY_CONNECTED", null)]
    [InlineData("40 columns of a length of 21", "6,40", "r = RFFT(x, n) {Treal: float32, Tcomplex: complex64}; y = Imag(r) {T: complex64, Tout: float32}", "21", "FULLY_CONNECTED", null)]
    public void A_spectrum_has_a_form_and_comes_back(string what, string shape, string nodes, string lengths, string operators, string? raised)
    {
        using Model source = Source(shape, nodes, lengths);
        var inputs = new Dictionary<string, Tensor> { ["x"] = SeededGraphs.Random(new Shape([.. shape.Replace('?', '3').Split(',').Select(long.Parse)])) };
        Model lite = source.Convert(new ConvertOptions { Inputs = ["x"], Outputs = ["y"] }).Model;
        Assert.Equal(operators.Split(' ').Order(), lite.Graph.Nodes.Where(n => n.Inputs.Count > 0).Select(n => n.Op.Name).Order());
        using var folder = new Formats.TemporaryFolder();
        lite.Save(folder["m.tflite"], "tflite");
        using Model read = Model.Load(folder["m.tflite"]);
        Tensor expected = Run(source, inputs, "y");
        Close(expected, Run(read, inputs, "y"), what);
        using Model back = read.ToTensorFlow();
        Close(expected, Run(back, inputs, back.Signatures[0].Outputs[0].Name), $"{what}, and back");
        if (raised is not null)
            Assert.Contains(back.Graph.Nodes, n => n.Op == raised);
    }

    [Theory]
    [InlineData("y = RFFT(x, n) {Treal: float32, Tcomplex: complex64}", "30", "[1,30]", "y")]
    [InlineData("y = RFFT(x, n) {Treal: float32, Tcomplex: complex64}", "1", "[1,1]", "y")]
    [InlineData("y = RFFT2D(x, n) {Treal: float32, Tcomplex: complex64}", "6,16", "[6,16]", "y")]
    [InlineData("r = RFFT(x, n) {Treal: float32, Tcomplex: complex64}; z = ComplexAbs(r) {T: complex64, Tout: float32}; y = Conj(r) {T: complex64}", "30", "[1,30]", "r")]
    [InlineData("r = RFFT(x, n) {Treal: float32, Tcomplex: complex64}; y = ComplexAbs(r) {T: complex64, Tout: float32}", "3000000", "[1,3000000]", "r")]
    [InlineData("k = Neg(n) {T: int32}; m = Neg(k) {T: int32}; p = Placeholder() {dtype: int32, shape: shape[1]}; y = RFFT(x, p) {Treal: float32, Tcomplex: complex64}", "32", "not constant", "y")]
    public void Other_spectra_are_refused_where_they_are(string nodes, string lengths, string reason, string node)
    {
        using Model source = Source("8,64", nodes, lengths);
        ModelException e = Assert.Throws<ModelException>(() => source.Convert());
        Diagnostic refused = Assert.Single(e.Diagnostics, d => d.Code == ConvertErrors.UnsupportedOp && d.Location?.Node == node);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.NotNull(refused.Hint);
    }

    /// <summary>TensorFlow.js transforms as many numbers as there are, and has one axis.</summary>
    [Theory]
    [InlineData("6,32", "r = RFFT(x, n) {Treal: float32, Tcomplex: complex64}", "32", "RFFT")]
    [InlineData("6,20", "r = RFFT(x, n) {Treal: float32, Tcomplex: complex64}", "32", "Pad RFFT")]
    [InlineData("2,3,40", "r = RFFT(x, n) {Treal: float32, Tcomplex: complex64}", "21", "Slice RFFT")]
    [InlineData("?,?", "r = RFFT(x, n) {Treal: float32, Tcomplex: complex64}", "8", "Pad Slice RFFT")]
    [InlineData("2,6,10", "r = RFFT2D(x, n) {Treal: float32, Tcomplex: complex64}", "5,12", "Pad Slice RFFT Transpose FFT Transpose")]
    [InlineData("2,6,12", "r = RFFT2D(x, n) {Treal: float32, Tcomplex: complex64}", "1,12", "Slice RFFT")]
    public void A_spectrum_for_TensorFlow_js_is_of_lines_of_its_length(string shape, string spectrum, string lengths, string ops)
    {
        using Model source = Source(shape, $"{spectrum}; y = ComplexAbs(r) {{T: complex64, Tout: float32}}", lengths);
        var inputs = new Dictionary<string, Tensor> { ["x"] = SeededGraphs.Random(new Shape([.. shape.Replace('?', '3').Split(',').Select(long.Parse)])) };
        using Model js = source.ConvertToTFJS(new TFJSConvertOptions { Inputs = ["x"], Outputs = ["y"] }).Model;
        Assert.Equal(ops.Split(' ').Append("ComplexAbs").Order(), js.Graph.Nodes.Where(n => n.Op.Name is not ("Const" or "Placeholder" or "Identity")).Select(n => n.Op.Name).Order());
        Close(Run(source, inputs, "y"), Run(js, inputs, SignatureView.Of(js).Outputs[0].Name), shape);
    }

    [Fact]
    public void An_inverse_of_another_length_than_TensorFlow_js_gives_is_refused()
    {
        using Model source = GraphParser.Parse("graph { x = Placeholder() {dtype: complex64, shape: shape[2,9]} n = Const() {dtype: int32, value: int32[1] {15}} y = IRFFT(x, n) {Treal: float32, Tcomplex: complex64} }");
        Diagnostic refused = Assert.Single(Assert.Throws<ModelException>(() => source.ConvertToTFJS()).Diagnostics);
        Assert.Contains("gives 15 numbers", refused.Message, StringComparison.Ordinal);
        Assert.Equal("y", refused.Location?.Node);
    }

    [Fact]
    public void Spectra_of_float64_are_refused()
    {
        using Model source = GraphParser.Parse("graph { x = Placeholder() {dtype: float64, shape: shape[2,8]} n = Const() {dtype: int32, value: int32[1] {8}} y = RFFT(x, n) {Treal: float64, Tcomplex: complex128} }");
        Assert.Contains("complex64", Assert.Throws<ModelException>(() => source.Convert()).Message, StringComparison.Ordinal);
    }

    private static Model Source(string shape, string nodes, string lengths) => GraphParser.Parse(
        $$"""
        graph {
          x = Placeholder() {dtype: float32, shape: shape[{{shape}}]}
          n = Const() {dtype: int32, value: int32[{{lengths.Split(',').Length}}] { {{lengths}} } }
          {{string.Join('\n', nodes.Split("; "))}}
        }
        """);

    private static Tensor Run(Model model, Dictionary<string, Tensor> inputs, string output)
    {
        using var session = new Session(model);
        return session.Run(inputs, [output])[output];
    }

    private static void Close(Tensor expected, Tensor actual, string what)
    {
        float largest = expected.Span<float>().ToArray().Max(MathF.Abs);
        Assert.True(TensorComparison.Difference(actual, expected, 0, Tolerance * largest) is null, $"{what}: {TensorComparison.Difference(actual, expected, 0, Tolerance * largest)}");
    }
}
