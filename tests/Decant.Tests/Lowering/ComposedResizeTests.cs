using Decant.IR;
using Decant.IR.TextForm;
using Decant.Lowering;

namespace Decant.Tests.Lowering;

/// <summary>Resizing that neither TensorFlow Lite nor TensorFlow.js has, as products with constant matrices.</summary>
public sealed class ComposedResizeTests
{
    /// <summary>The op with attributes, the shape and type of the images, and the constants that tell the size and the place.</summary>
    public static TheoryData<string, string, string, string> Ops => new()
    {
        { "ResizeBicubic(x, size) {T: float32, align_corners: false, half_pixel_centers: true}", "2, 5, 7, 3", "float32", "8, 4" },
        { "ResizeBicubic(x, size) {T: float32, align_corners: true, half_pixel_centers: false}", "?, 5, 7, 1", "float32", "9, 13" },
        { "ResizeBicubic(x, size) {T: uint8, align_corners: false, half_pixel_centers: false}", "1, 4, 4, 2", "uint8", "3, 8" },
        { "ResizeArea(x, size) {T: float32, align_corners: false}", "2, 9, 7, 3", "float32", "4, 5" },
        { "ResizeArea(x, size) {T: float32, align_corners: true}", "?, 4, 6, 1", "float32", "7, 3" },
        { "ScaleAndTranslate(x, size, scale, place) {T: float32, kernel_type: \"lanczos3\", antialias: true}", "2, 9, 7, 3", "float32", "4, 5" },
        { "ScaleAndTranslate(x, size, scale, place) {T: float32, kernel_type: \"triangle\", antialias: false}", "?, 4, 6, 1", "float32", "8, 9" },
    };

    [Theory]
    [MemberData(nameof(Ops))]
    public void Rows_and_columns_are_weighted(string op, string images, string dtype, string size)
    {
        var random = new Random(3);
        var shape = new Shape([.. images.Replace("?", "2", StringComparison.Ordinal).Split(", ").Select(long.Parse)]);
        Tensor x = dtype == "uint8" ? Tensor.Wrap([.. Enumerable.Range(0, (int)shape.ElementCount).Select(_ => (byte)random.Next(256))], shape) : Tensor.Wrap([.. Enumerable.Range(0, (int)shape.ElementCount).Select(_ => random.NextSingle())], shape);
        ComposedCheck.Run($$"""
            y = {{op}}
            size = Const() {dtype: int32, value: int32[2] {{{size}}} }
            scale = Const() {dtype: float32, value: float32[2] {0.5, 0.75} }
            place = Const() {dtype: float32, value: float32[2] {0.25, -0.5} }
            """, $"x = Placeholder() {{dtype: {dtype}, shape: shape[{images}]}}", new() { ["x"] = x }, ["y"], 2e-5);
    }

    [Theory]
    [InlineData("1, ?, 4, 1", "size = Const() {dtype: int32, value: int32[2] {2, 2} }", "expected a height and width up to 2048 and channels, all known")]
    [InlineData("1, 4, 4096, 1", "size = Const() {dtype: int32, value: int32[2] {2, 2} }", "expected a height and width up to 2048")]
    [InlineData("1, 4, 4, 1", "size = Const() {dtype: int32, value: int32[2] {2, 4096} }", "resizes to a size that is not constant, or above 2048")]
    public void Sizes_that_are_large_or_not_known_are_refused(string images, string size, string message)
    {
        using Model model = GraphParser.Parse($"graph {{\nx = Placeholder() {{dtype: float32, shape: shape[{images}]}}\n{size}\ny = ResizeBicubic(x, size) {{T: float32, align_corners: false, half_pixel_centers: true}}\n}}");
        Assert.Contains(message, Assert.Throws<ModelException>(() => model.Convert(new ConvertOptions { Inputs = ["x"], Outputs = ["y"] })).Message, StringComparison.Ordinal);
    }
}
