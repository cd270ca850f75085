using System.Text;
using Decant.IR;
using Decant.IR.TextForm;
using Decant.Lowering;
using Decant.Quantizing;
using Decant.Quantizing.Calibration;
using Decant.TestKit;
using Decant.Tests.Formats;

namespace Decant.Tests.Lowering;

/// <summary>Outputs that no operator makes; LiteRT itself runs some in the interop tests.</summary>
public sealed class OutputCopiesTests
{
    private const string Two = "y = Relu(x) {T: float32}\nz = Identity(y) {T: float32}\nw = Identity(x) {T: float32}";

    /// <summary>The declared shape, and the operators that are written.</summary>
    [Theory]
    [InlineData("shape[3, 2]", "RELU RESHAPE RESHAPE")]
    [InlineData("shape[?, 2]", "RELU RESHAPE RESHAPE")]
    [InlineData("shape[?, ?]", "RELU RESHAPE RESHAPE SHAPE SHAPE")]
    [InlineData("shape?", "RELU RESHAPE RESHAPE SHAPE SHAPE")]
    public void An_output_that_is_an_input_or_another_output_is_copied(string declared, string operators)
    {
        using var folder = new TemporaryFolder();
        using Model source = GraphParser.Parse($"graph {{\nx = Placeholder() {{dtype: float32, shape: {declared}}}\n{Two}\n}}");
        string[] outputs = ["y", "z", "w"];
        source.Convert(new ConvertOptions { Inputs = ["x"], Outputs = outputs }).Model.Save(folder["m.tflite"], "tflite");
        using Model converted = Model.Load(folder["m.tflite"]);
        Assert.Equal(operators, string.Join(' ', converted.Graph.Nodes.Where(n => n.Op.Dialect == Dialect.TFLite).Select(n => n.Op.Name).Order()));
        Tensor x = Tensor.Wrap([1f, -2, 3, -4, 5, -6], new Shape(3, 2));
        Same(source, converted, x, outputs, 0);
    }

    [Fact]
    public void Strings_are_copied_too()
    {
        using Model source = GraphParser.Parse("graph {\nx = Placeholder() {dtype: string, shape: shape[2]}\ny = Identity(x) {T: string}\n}");
        using Model converted = source.Convert(new ConvertOptions { Inputs = ["x"], Outputs = ["y"] }).Model;
        using var session = new Session(converted);
        Tensor found = session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.FromStrings(["a", "bc"], new Shape(2)) }, ["y"])["y"];
        Assert.Equal(["a", "bc"], found.Strings.ToArray().Select(s => Encoding.UTF8.GetString(s.Span)));
    }

    [Theory]
    [InlineData(QuantizationMode.Float16)]
    [InlineData(QuantizationMode.Dynamic)]
    [InlineData(QuantizationMode.Int8)]
    [InlineData(QuantizationMode.Int16)]
    public void Quantized_models_copy_what_quantizing_has_made(QuantizationMode mode)
    {
        using Model source = GraphParser.Parse($"graph {{\nx = Placeholder() {{dtype: float32, shape: shape[3, 2]}}\n{Two}\n}}");
        Tensor x = Tensor.Wrap([1f, -2, 3, -4, 5, -6], new Shape(3, 2));
        string[] outputs = ["y", "z", "w"];
        using Model converted = source.Convert(new ConvertOptions
        {
            Inputs = ["x"],
            Outputs = outputs,
            Quantize = mode,
            Integers = new IntegerOptions { Calibration = CalibrationSet.Of([new Dictionary<string, Tensor> { ["x"] = x }]) },
        }).Model;
        var main = (Function)converted.Graph;
        Assert.Equal(3, main.Results.Select(r => r.Value).Distinct().Count());
        Assert.DoesNotContain(main.Results, r => main.ArgNodes.Contains(r.Value.Node));
        Same(source, converted, x, outputs, 0.05);
    }

    private static void Same(Model source, Model converted, Tensor x, string[] outputs, double tolerance)
    {
        using var original = new Session(source);
        using var session = new Session(converted);
        var feeds = new Dictionary<string, Tensor> { ["x"] = x };
        IReadOnlyDictionary<string, Tensor> wanted = original.Run(feeds, outputs), found = session.Run(feeds, outputs);
        Assert.All(outputs, o => Assert.Null(TensorComparison.Difference(found[o], wanted[o], tolerance, tolerance)));
    }
}
