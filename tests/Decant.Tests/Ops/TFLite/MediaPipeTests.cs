using System.Buffers.Binary;
using Decant.IR;

namespace Decant.Tests.Ops.TFLite;

public sealed class MediaPipeTests
{
    public static TheoryData<int, int, int, int, int> Spreads => new() { { 1, 2, 2, 3, 4 }, { 1, 3, 2, 4, 3 }, { 1, 2, 3, 3, 5 }, { 2, 3, 2, 2, 3 }, { 2, 2, 2, 5, 4 }, { 1, 5, 1, 3, 2 }, { 1, 1, 2, 3, 3 } };

    /// <summary>Each input pixel adds its products to a window of the output, in the order of the definition.</summary>
    [Theory]
    [MemberData(nameof(Spreads))]
    public void A_transposed_convolution_with_a_bias_adds_windows(int padding, int kernel, int stride, int height, int width)
    {
        const int In = 3, Out = 2;
        var random = new Random(kernel + (10 * stride));
        float[] Floats(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(-8, 9))];
        float[] x = Floats(2 * height * width * In), w = Floats(Out * kernel * kernel * In), bias = Floats(Out);
        int Pad(int size) => padding == 1 ? Math.Max(0, kernel - ((size - 1) % stride) - 1) : 0;
        (int rows, int columns) = (((height - 1) * stride) + kernel - Pad(height), ((width - 1) * stride) + kernel - Pad(width));
        float[] expected = [.. Enumerable.Range(0, 2 * rows * columns * Out).Select(i => bias[i % Out])];
        for (int i = 0; i < 2 * height * width * kernel * kernel * Out * In; i++)
        {
            int[] at = Index(i, 2, height, width, kernel, kernel, Out, In);
            (int r, int c) = ((at[1] * stride) - (Pad(height) / 2) + at[3], (at[2] * stride) - (Pad(width) / 2) + at[4]);
            if (r >= 0 && r < rows && c >= 0 && c < columns)
                expected[(((((at[0] * rows) + r) * columns) + c) * Out) + at[5]] += x[(((((at[0] * height) + at[1]) * width) + at[2]) * In) + at[6]] * w[(((((at[5] * kernel) + at[3]) * kernel) + at[4]) * In) + at[6]];
        }

        Tensor y = Run("Convolution2DTransposeBias", Words(padding, stride, stride), [Tensor.Wrap(x, new Shape(2, height, width, In))], [Tensor.Wrap(w, new Shape(Out, kernel, kernel, In)), Tensor.Wrap(bias)])[0];
        Assert.Equal(new Shape(2, rows, columns, Out), y.Shape);
        Assert.Equal(expected, y.Span<float>().ToArray());
    }

    [Fact]
    public void A_pool_gives_the_largest_and_its_place_in_the_window()
    {
        float[] x = [1, 5, 2, 4, 3, float.NaN, 7, 0, 6];
        IReadOnlyList<Tensor> y = Run("MaxPoolingWithArgmax2D", Words(1, 2, 2, 2, 2, 3), [Tensor.Wrap(x, new Shape(1, 3, 3, 1))], [], 2);
        Assert.Equal([5, 2, 6, 6], y[0].Span<float>().ToArray());
        Assert.Equal([1.1f, 0.1f, 0.1f, 0.1f], y[1].Span<float>().ToArray());
        y = Run("MaxPoolingWithArgmax2D", Words(2, 1, 2, 3, 2, 0), [Tensor.Wrap(x, new Shape(1, 3, 3, 1))], [], 2);
        Assert.Equal([5], y[0].Span<float>().ToArray());
        Assert.Equal([1.1f], y[1].Span<float>().ToArray());
    }

    [Theory]
    [InlineData(2, 2, 4, 6)]
    [InlineData(3, 2, 6, 6)]
    public void What_was_pooled_goes_back_to_its_places(int kernelH, int kernelW, int height, int width)
    {
        var random = new Random(3);
        float[] x = [.. Enumerable.Range(0, 2 * height * width * 3).Select(_ => random.NextSingle() + 0.1f)];
        byte[] words = Words(1, kernelW, kernelH, kernelW, kernelH, 0);
        IReadOnlyList<Tensor> pooled = Run("MaxPoolingWithArgmax2D", words, [Tensor.Wrap(x, new Shape(2, height, width, 3))], [], 2);
        Tensor y = Run("MaxUnpooling2D", words, pooled, [])[0];
        Assert.Equal(new Shape(2, height, width, 3), y.Shape);
        float[] kept = [.. pooled[0].Span<float>().ToArray().Order()];
        Assert.Equal(kept, y.Span<float>().ToArray().Where(v => v != 0).Order());
        for (int i = 0; i < x.Length; i++)
            Assert.True(y.Span<float>()[i] == 0 || y.Span<float>()[i] == x[i], $"element {i}");
    }

    [Theory]
    [InlineData(5f)]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    public void Places_outside_of_the_output_are_refused(float place)
    {
        ModelException e = Assert.Throws<ModelException>(() => Run("MaxUnpooling2D", Words(1, 2, 2, 2, 2, 0), [Tensor.Wrap(new[] { 1f, 2f }, new Shape(1, 1, 2, 1)), Tensor.Wrap(new[] { 0f, place }, new Shape(1, 1, 2, 1))], []));
        Assert.Contains($"has the place {place} for value 1", e.Message, StringComparison.Ordinal);
    }

    /// <summary>The time follows from what is inside of the image.</summary>
    [Fact]
    public void A_window_may_be_far_larger_than_the_image()
    {
        IReadOnlyList<Tensor> y = Run("MaxPoolingWithArgmax2D", Words(1, 1, 1, 1 << 20, 1 << 20, 0), [Tensor.Wrap(new[] { 1f, 3f, 2f, 0f }, new Shape(1, 2, 2, 1))], [], 2);
        Assert.Equal([3, 3, 3, 3], y[0].Span<float>().ToArray());
    }

    public static TheoryData<string, byte[], string> Hostile => new()
    {
        { "Convolution2DTransposeBias", [1, 0, 0], "has 3 bytes, expected at least 12" },
        { "MaxPoolingWithArgmax2D", Words(1, 2, 2), "has 12 bytes, expected at least 24" },
        { "MaxUnpooling2D", Words(3, 1, 1, 1, 1, 0), "has the padding 3, expected 1 or 2" },
        { "MaxPoolingWithArgmax2D", Words(1, 0, 1, 1, 1, 0), "has the size 0, expected 1 to 1048576" },
        { "MaxPoolingWithArgmax2D", Words(1, 1, 1, 1, 1, 9), "has the activation 9, expected 0 to 3" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Options_that_do_not_fit_are_refused(string op, byte[] words, string message)
    {
        ModelException e = Assert.Throws<ModelException>(() => Run(op, words, [Tensor.Wrap(new float[4], new Shape(1, 2, 2, 1)), Tensor.Wrap(new float[4], new Shape(1, 2, 2, 1))], []));
        Assert.Equal(("custom_options", "y"), (e.Diagnostics[0].Location?.Attribute, e.Diagnostics[0].Location?.Node));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("edgetpu-custom-op", "the model is compiled for the Edge TPU: run the one that it was compiled from")]
    [InlineData("ethos-u", "the model is compiled for the Ethos-U: run the one that it was compiled from")]
    [InlineData("MyOwn", "a program can give a kernel for it: new SessionOptions(OpTable.All.With(op))")]
    public void Operators_without_a_kernel_are_told_with_a_hint(string op, string hint)
    {
        ModelException e = Assert.Throws<ModelException>(() => Run(op, [], [Tensor.Scalar(1f)], []));
        Assert.Equal(hint, e.Diagnostics[0].Hint);
    }

    private static byte[] Words(params int[] words)
    {
        byte[] bytes = new byte[words.Length * sizeof(int)];
        for (int i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * sizeof(int)), words[i]);
        return bytes;
    }

    private static int[] Index(int flat, params int[] dims)
    {
        int[] index = new int[dims.Length];
        for (int d = dims.Length - 1; d >= 0; d--)
            (flat, index[d]) = Math.DivRem(flat, dims[d]);
        return index;
    }

    private static IReadOnlyList<Tensor> Run(string op, byte[] options, IReadOnlyList<Tensor> fed, IReadOnlyList<Tensor> constants, int outputs = 1)
    {
        var model = new Model();
        Value[] inputs = [.. fed.Select((t, i) => (Value)Known(model.Graph.Add($"x{i}", "Placeholder", [], new AttributeMap { { "dtype", t.DType }, { "shape", new ShapeAttr(t.Shape) } }), t)), .. constants.Select((t, i) => (Value)Known(model.Graph.AddConst($"c{i}", t), t))];
        model.Graph.Add("y", new OpName(Dialect.TFLite, op), inputs, new AttributeMap { { "custom_options", new StringAttr(options) } });
        using var session = new Session(model);
        string[] names = [.. Enumerable.Range(0, outputs).Select(port => port == 0 ? "y" : $"y:{port}")];
        IReadOnlyDictionary<string, Tensor> found = session.Run(fed.Select((t, i) => ($"x{i}", t)).ToDictionary(p => p.Item1, p => p.t), names);
        return [.. names.Select(n => found[n])];
    }

    private static Node Known(Node node, Tensor value)
    {
        (node.Facts, node.Tensors) = ([new Fact(value.DType, value.Shape)], [new TensorSpec(node.Name, value.DType, value.Shape)]);
        return node;
    }
}
