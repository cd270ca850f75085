using Decant.IR;
using Decant.Wire.FlatBuffers;

namespace Decant.Tests.Ops.TFLite;

public sealed class LandmarkCropsTests
{
    /// <summary>Coordinates and weights are rounded to floats; values are up to 8.</summary>
    private const float Tolerance = 1e-4f;

    private static readonly Dictionary<string, object> Box = new()
    {
        ["subset_idxs"] = new long[] { 0, 1, 2 },
        ["left_rotation_idx"] = 0L,
        ["right_rotation_idx"] = 1L,
        ["target_rotation_radians"] = 0f,
        ["output_height"] = 4L,
        ["output_width"] = 8L,
        ["scale_x"] = 1.5f,
        ["scale_y"] = 2f,
    };

    private static readonly Tensor Level = Landmarks(3, [2, 3, 7, 6, 3, 8, 4, 5, 9]);

    [Fact]
    public void A_box_that_lies_level_is_scaled_around_its_middle() =>

        // From (2, 3) to (6, 5), one and a half times as wide and twice as high: from (1, 2) to (7, 6), of which the crop has 8 x 4 pixels.
        Assert.Equal([0.75f, 0, 0, 1, 0, 1, 0, 2, 0, 0, 1, 0, 0, 0, 0, 1], Run("Landmarks2TransformMatrix", Box, Level).Span<float>().ToArray());

    [Fact]
    public void A_box_turns_with_the_line_between_two_landmarks()
    {
        Tensor upright = Landmarks(3, [0, 0, 0, 0, 2, 0, 1, 1, 0]);
        var options = new Dictionary<string, object>(Box) { ["output_width"] = 4L, ["scale_x"] = 2f };

        // Along y from -1 to 3, which is the width, and along x from 1.5 down to -0.5.
        Near([0, -0.5f, 0, 1.5f, 1, 0, 0, -1, 0, 0, 1, 0, 0, 0, 0, 1], Run("Landmarks2TransformMatrix", options, upright));

        // With the line as it is to be, the box is level: x from -0.5 to 1.5, y from -1 to 3.
        options["target_rotation_radians"] = MathF.PI / 2;
        Near([0.5f, 0, 0, -0.5f, 0, 1, 0, -1, 0, 0, 1, 0, 0, 0, 0, 1], Run("Landmarks2TransformMatrix", options, upright));
    }

    [Theory]
    [InlineData(2, new float[] { 1, 2, -3, 4 }, new float[] { 4, 9, -3, 19 })]
    [InlineData(3, new float[] { 1, 2, 7, -3, 4, 8 }, new float[] { 4, 9, 7, -3, 19, 8 })]
    public void Landmarks_go_where_the_matrix_takes_them_and_keep_their_depth(int dimensions, float[] places, float[] expected) =>
        Assert.Equal(expected, Run("TransformLandmarks", [], Landmarks(dimensions, places), Matrix(2, 0.5f, 1, -1, 3, 4)).Span<float>().ToArray());

    [Fact]
    public void A_crop_of_the_whole_image_is_the_image_with_zeros_around() =>
        Assert.Equal([1, 2, 0, 3, 4, 0, 0, 0, 0], Crop(3, 3, Image(2, 2, 1, [1, 2, 3, 4]), Matrix(1, 0, 0, 0, 1, 0)).Span<float>().ToArray());

    [Fact]
    public void A_crop_of_half_the_size_has_the_means_of_four_pixels()
    {
        float[] image = [.. Enumerable.Range(0, 16).SelectMany(i => new[] { i, 100f - i })];
        Assert.Equal([2.5f, 97.5f, 4.5f, 95.5f, 10.5f, 89.5f, 12.5f, 87.5f], Crop(2, 2, Image(4, 4, 2, image), Matrix(2, 0, 0, 0, 2, 0)).Span<float>().ToArray());
    }

    [Fact]
    public void A_turned_crop_mixes_the_pixels_around_its_own()
    {
        const int Height = 7, Width = 6, Channels = 3, Size = 9;
        var random = new Random(5);
        float[] image = [.. Enumerable.Range(0, Height * Width * Channels).Select(_ => (float)random.Next(-8, 9))], m = [0.6f, -0.31f, 1.7f, 0.23f, 0.7f, -0.9f];
        float[] expected = new float[Size * Size * Channels];
        for (int i = 0; i < expected.Length; i++)
        {
            (int row, int column, int c) = (i / Channels / Size, i / Channels % Size, i % Channels);
            double x = (m[0] * (column + 0.5)) + (m[1] * (row + 0.5)) + m[2] - 0.5, y = (m[3] * (column + 0.5)) + (m[4] * (row + 0.5)) + m[5] - 0.5;
            if (x < 0 || x > Width - 1 || y < 0 || y > Height - 1)
                continue;

            // Each pixel counts by how near it is along both axes.
            double sum = 0;
            for (int p = 0; p < Height * Width; p++)
                sum += Math.Max(0, 1 - Math.Abs(x - (p % Width))) * Math.Max(0, 1 - Math.Abs(y - (p / Width))) * image[(p * Channels) + c];
            expected[i] = (float)sum;
        }

        Tensor crop = Crop(Size, Size, Image(Height, Width, Channels, image), Matrix(m));
        Assert.Equal(new Shape(1, Size, Size, Channels), crop.Shape);
        Assert.InRange(expected.Count(v => v == 0), Size, expected.Length - (5 * Size));
        Near(expected, crop);
    }

    [Fact]
    public void A_matrix_that_is_no_number_gives_zeros() =>
        Assert.Equal([0, 0, 0, 0], Crop(2, 2, Image(2, 2, 1, [1, 2, 3, 4]), Matrix(float.NaN, 0, 0, 0, 1, 0)).Span<float>().ToArray());

    [Theory]
    [InlineData("subset_idxs", new long[0], "has no 'subset_idxs', expected landmarks")]
    [InlineData("output_height", 0L, "has 0 as 'output_height', expected 1 to 1048576")]
    [InlineData("output_width", 1L << 21, "has 2097152 as 'output_width', expected 1 to 1048576")]
    [InlineData("scale_x", -1f, "has -1 as 'scale_x', expected a positive number")]
    [InlineData("scale_y", float.NaN, "has NaN as 'scale_y', expected a positive number")]
    public void Options_that_do_not_fit_are_refused(string name, object value, string message)
    {
        ModelException e = Assert.Throws<ModelException>(() => Run("Landmarks2TransformMatrix", new Dictionary<string, object>(Box) { [name] = value }, Level));
        Assert.Equal(("custom_options", "y"), (e.Diagnostics[0].Location?.Attribute, e.Diagnostics[0].Location?.Node));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("subset_idxs", new long[] { 0, 3 }, "reads the landmarks 0 to 3")]
    [InlineData("subset_idxs", new[] { long.MaxValue }, "reads the landmarks 0 to 9223372036854775807")]
    [InlineData("left_rotation_idx", -1L, "reads the landmarks -1 to 2")]
    [InlineData("right_rotation_idx", 3L, "reads the landmarks 0 to 3")]
    public void Landmarks_that_are_not_there_are_refused(string name, object value, string message)
    {
        ModelException e = Assert.Throws<ModelException>(() => Run("Landmarks2TransformMatrix", new Dictionary<string, object>(Box) { [name] = value }, Level));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_of_other_shapes_are_refused()
    {
        static string Fault(string op, params Tensor[] inputs) => Assert.Throws<ModelException>(() => Run(op, Box, inputs)).Message;
        Tensor image = Image(2, 2, 1, [1, 2, 3, 4]), matrix = Matrix(1, 0, 0, 0, 1, 0);
        Assert.Contains("expected float32[1,n,3]", Fault("Landmarks2TransformMatrix", Landmarks(2, [1, 2, 3, 4])), StringComparison.Ordinal);
        Assert.Contains("expected float32[1,n,2] or float32[1,n,3]", Fault("TransformLandmarks", image, matrix), StringComparison.Ordinal);
        Assert.Contains("expected float32[1,4,4]", Fault("TransformLandmarks", Level, Level), StringComparison.Ordinal);
        Assert.Contains("expected float32[1,4,4]", Fault("TransformTensorBilinear", image, Level), StringComparison.Ordinal);
        Assert.Contains("expected float32[1,h,w,c]", Fault("TransformTensorBilinear", image.Reshaped(new Shape(2, 2, 1, 1)), matrix), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Landmarks2TransformMatrix")]
    [InlineData("TransformLandmarks")]
    [InlineData("TransformTensorBilinear")]
    public void Other_versions_have_no_kernel(string op)
    {
        ModelException e = Assert.Throws<ModelException>(() => Run(op, Box, 1, [Level, Level]));
        Assert.Equal($"op tfl.{op} has no kernel of version 1, expected 2", e.Diagnostics[0].Message);
    }

    private static Tensor Landmarks(int dimensions, float[] places) => Tensor.Wrap(places, new Shape(1, places.Length / dimensions, dimensions));

    private static Tensor Image(int height, int width, int channels, float[] pixels) => Tensor.Wrap(pixels, new Shape(1, height, width, channels));

    /// <summary>The numbers that count, and others where they do not.</summary>
    private static Tensor Matrix(params float[] m) => Tensor.Wrap([m[0], m[1], 50, m[2], m[3], m[4], 60, m[5], 1, 2, 3, 4, 5, 6, 7, 8], new Shape(1, 4, 4));

    private static Tensor Crop(int height, int width, Tensor image, Tensor matrix) =>
        Run("TransformTensorBilinear", new() { ["output_height"] = (long)height, ["output_width"] = (long)width }, image, matrix);

    private static void Near(float[] expected, Tensor actual)
    {
        Assert.Equal(expected.Length, actual.ElementCount);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(MathF.Abs(expected[i] - actual.Span<float>()[i]) <= Tolerance, $"element {i} is {actual.Span<float>()[i]}, expected {expected[i]}");
    }

    private static Tensor Run(string op, Dictionary<string, object> options, params Tensor[] inputs) => Run(op, options, 2, inputs);

    private static Tensor Run(string op, Dictionary<string, object> options, long version, Tensor[] inputs)
    {
        var model = new Model();
        Value[] values = [.. inputs.Select((t, i) => (Value)model.Graph.Add($"x{i}", "Placeholder", [], new AttributeMap { { "dtype", t.DType }, { "shape", new ShapeAttr(t.Shape) } }))];
        for (int i = 0; i < inputs.Length; i++)
            (values[i].Node.Facts, values[i].Node.Tensors) = ([new Fact(inputs[i].DType, inputs[i].Shape)], [new TensorSpec($"x{i}", inputs[i].DType, inputs[i].Shape)]);
        model.Graph.Add("y", new OpName(Dialect.TFLite, op), values, new AttributeMap { { "custom_options", new StringAttr(FlexWriter.Write(options)) }, { "op_version", version } });
        using var session = new Session(model);
        return session.Run(inputs.Select((t, i) => ($"x{i}", t)).ToDictionary(p => p.Item1, p => p.t), ["y"])["y"];
    }
}
