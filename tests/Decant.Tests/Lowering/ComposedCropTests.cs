using Decant.IR;
using Decant.IR.TextForm;
using Decant.Lowering;
using Decant.TestKit;

namespace Decant.Tests.Lowering;

/// <summary>Crops of images, which TensorFlow Lite has no operator for.</summary>
public sealed class ComposedCropTests
{
    // Whole images, parts, turned ones, and what lies partly or wholly outside.
    private static readonly float[] Boxes = [0, 0, 1, 1, 0.2f, 0.1f, 0.7f, 0.9f, 0.9f, 0.8f, 0.1f, 0.3f, -0.5f, -0.2f, 0.5f, 1.4f, 2, 2, 3, 3, 0.5f, 0.25f, 0.5f, 0.25f];

    [Theory]
    [InlineData("2, 5, 7, 3", "float32", "4, 6", "bilinear", 0f)]
    [InlineData("2, 5, 7, 3", "float32", "4, 6", "nearest", -1f)]
    [InlineData("2, ?, ?, 1", "float32", "3, 3", "bilinear", 0.5f)]
    [InlineData("?, 6, ?, 2", "uint8", "1, 5", "bilinear", 0f)]
    [InlineData("?, 4, 4, 1", "uint8", "9, 1", "nearest", 128f)]
    [InlineData("2, 1, 1, 4", "float32", "2, 2", "bilinear", 0f)]
    public void Pixels_are_gathered_and_weighed(string images, string dtype, string size, string method, float outside)
    {
        var random = new Random(3);
        Shape shape = new([.. new[] { 2, 5, 7 }.Zip(images.Split(", "), (d, text) => text == "?" ? d : long.Parse(text)), long.Parse(images.Split(", ")[3])]);
        int count = (int)shape.ElementCount;
        Tensor x = dtype == "uint8" ? Tensor.Wrap([.. Enumerable.Range(0, count).Select(_ => (byte)random.Next(256))], shape) : Tensor.Wrap([.. Enumerable.Range(0, count).Select(_ => random.NextSingle())], shape);
        using Model model = Source(images, dtype, FormattableString.Invariant($"CropAndResize(x, boxes, places, size) {{T: {dtype}, method: \"{method}\", extrapolation_value: {outside}f}}"), $"int32[2] {{{size}}}");
        var feeds = new Dictionary<string, Tensor> { ["x"] = x, ["boxes"] = Tensor.Wrap(Boxes, new Shape(6, 4)), ["places"] = Tensor.Wrap([0, 1, 0, 1, 1, 0]) };
        using var own = new Session(model);
        using Model lite = model.Convert(new ConvertOptions { Inputs = [.. feeds.Keys], Outputs = ["y"] }).Model;
        Assert.All(lite.Graph.Nodes.Where(n => n.Op.Name != "Const" && n.Op.Name != Function.ArgOp), n => Assert.Equal(Dialect.TFLite, n.Op.Dialect));
        using var session = new Session(lite);
        Assert.Null(TensorComparison.Difference(session.Run(feeds, ["y"])["y"], own.Run(feeds, ["y"])["y"], 1e-6, 1e-6));
    }

    [Fact]
    public void Boxes_that_are_no_numbers_lie_outside()
    {
        using Model model = Source("1, 4, 4, 1", "float32", "CropAndResize(x, boxes, places, size) {T: float32, method: \"bilinear\", extrapolation_value: 3f}", "int32[2] {2, 2}");
        using Model lite = model.Convert(new ConvertOptions { Inputs = ["x", "boxes", "places"], Outputs = ["y"] }).Model;
        using var session = new Session(lite);
        Tensor y = session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap(new float[16], new Shape(1, 4, 4, 1)), ["boxes"] = Tensor.Wrap([float.NaN, 0, 1, 1], new Shape(1, 4)), ["places"] = Tensor.Wrap([0]) }, ["y"])["y"];
        Assert.Equal([3f, 3, 3, 3], y.Span<float>().ToArray());
    }

    [Theory]
    [InlineData("1, 4, 4, ?", "int32[2] {2, 2}", "known number of channels")]
    [InlineData("1, 4, 4, 1", "int32[2] {0, 2}", "not two positive numbers")]
    public void Other_crops_are_refused(string images, string size, string message)
    {
        using Model model = Source(images, "float32", "CropAndResize(x, boxes, places, size) {T: float32}", size);
        Assert.Contains(message, Assert.Throws<ModelException>(() => model.Convert(new ConvertOptions { Inputs = ["x", "boxes", "places"], Outputs = ["y"] })).Message, StringComparison.Ordinal);
    }

    private static Model Source(string images, string dtype, string crop, string size) => GraphParser.Parse($$"""
        graph {
          x = Placeholder() {dtype: {{dtype}}, shape: shape[{{images}}]}
          boxes = Placeholder() {dtype: float32, shape: shape[?, 4]}
          places = Placeholder() {dtype: int32, shape: shape[?]}
          size = Const() {dtype: int32, value: {{size}} }
          y = {{crop}}
        }
        """);
}
