using Decant.IR;
using Decant.IR.TextForm;
using Decant.Lowering;
using Decant.Quantizing;
using Decant.Quantizing.Calibration;

namespace Decant.Tests.Quantizing.Integers;

/// <summary>The error of each operator, and the search for those that must stay float.</summary>
public sealed class MixedSearchTests
{
    // The class is the greater of two values that differ by far less than a step of b, and b is what is off the most.
    private const string Fragile = """
        graph {
          x = Placeholder() {dtype: float32, shape: shape[?, 2]}
          large = Placeholder() {dtype: float32, shape: shape[?, 2]}
          a = Abs(x) {T: float32}
          b = AddV2(a, large) {T: float32}
          c = Sub(b, large) {T: float32}
          y = Abs(c) {T: float32}
        }
        """;

    private static readonly Dictionary<string, Tensor>[] Examples = [.. Enumerable.Range(0, 16).Select(i => new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap([i / 16f, 1 - (i / 15f)], new Shape(1, 2)), ["large"] = Tensor.Wrap([1000f, 1000f], new Shape(1, 2)) })];

    private static readonly CalibrationSet Labelled = CalibrationSet.Of(Examples, [.. Examples.Select(e => e["x"].Span<float>()[0] >= e["x"].Span<float>()[1] ? 0 : 1)]);

    [Fact]
    public void The_report_tells_what_each_operator_adds_itself_and_what_has_gathered()
    {
        using Model model = GraphParser.Parse(Fragile);
        QuantizeReport report = model.Convert(new ConvertOptions { Quantize = QuantizationMode.Int8, Integers = new IntegerOptions { Calibration = Labelled, Report = true } }).Quantization["serving_default"];
        Assert.Equal(["a", "b", "c", "y"], report.Layers.Select(l => l.Layer));
        Assert.Equal(["ABS", "ADD", "SUB", "ABS"], report.Layers.Select(l => l.Operator));

        // The step of b is 1001 / 255: what it adds itself is of up to half of it, c gathers it, and y adds a step of its own.
        LayerError a = report.Layers[0], b = report.Layers[1], y = report.Layers[3];
        Assert.Equal(1f / 255, a.Scale, 1e-6f);
        Assert.InRange(a.MaxAbsolute, 0, 1.0 / 255);
        Assert.InRange(b.MaxAbsolute, 0.1, 1001.0 / 255);
        Assert.InRange(y.MaxAbsolute, 0, 2.0 / 255);
        Assert.True(y.TotalNoise > 100 * y.OwnNoise);
        Assert.Equal(4, report.Integers);
        Assert.Empty(report.Floats);
    }

    [Fact]
    public void Operators_become_float_until_the_accuracy_is_kept_and_no_more()
    {
        using Model model = GraphParser.Parse(Fragile);
        ConvertResult result = model.Convert(new ConvertOptions { Quantize = QuantizationMode.Int8, Integers = new IntegerOptions { Calibration = Labelled, Labelled = Labelled, AccuracyDrop = 0.1 } });
        AccuracySearch search = result.Quantization["serving_default"].Search!;
        Assert.Equal(1, search.FloatAccuracy);
        Assert.True(search.IntegerAccuracy < 0.9);
        Assert.InRange(search.Accuracy, 0.9, 1);
        Assert.InRange(search.Restored.Count, 1, 3);
        Assert.Contains(result.Model.Graph.Nodes, n => n.Op.Name is "ADD" or "SUB" && n.Fact(0).DType == DType.Float32);
        Assert.Contains(result.Model.Graph.Nodes, n => n.Op.Name is "ADD" or "SUB" or "ABS" && n.Fact(0).DType == DType.Int8);
    }

    [Theory]
    [InlineData(true, "there are 0 labels for 1 answers float32[1,2]")]
    [InlineData(false, "an accuracy is asked for, and there are no examples with labels, or none to calibrate with")]
    public void Labels_that_are_missing_are_told(bool hasExamples, string message)
    {
        using Model model = GraphParser.Parse(Fragile);
        var set = CalibrationSet.Of(Examples);
        ModelException e = Assert.Throws<ModelException>(() => model.Convert(new ConvertOptions { Quantize = QuantizationMode.Int8, Integers = new IntegerOptions { Calibration = set, Labelled = hasExamples ? set : null, AccuracyDrop = 0 } }));
        Assert.Equal(message, e.Diagnostics[0].Message);
    }
}
