using Decant.IR;
using Decant.TestKit;

namespace Decant.Tests.Ops.NN;

public sealed class ConvTests
{
    private static AttributeMap Attributes(string padding = "VALID", long stride = 1, long dilation = 1, string format = "NHWC", long[]? pads = null)
    {
        long[] Spatial(long v) => format == "NHWC" ? [1, v, v, 1] : [1, 1, v, v];
        var attributes = new AttributeMap
        {
            { "strides", new ListAttr { Ints = Spatial(stride) } }, { "dilations", new ListAttr { Ints = Spatial(dilation) } },
            { "padding", padding }, { "data_format", format },
        };
        if (pads is not null)
            attributes.Set("explicit_paddings", new ListAttr { Ints = pads });
        return attributes;
    }

    private static Tensor Counting(params long[] dims) => Tensor.Wrap([.. Enumerable.Range(0, (int)new Shape(dims).ElementCount).Select(i => (i % 7) - 3f)], new Shape(dims));

    private static Tensor Permuted(Tensor tensor, params int[] permutation) =>
        OneOp.Run("Transpose", [tensor, Tensor.Wrap(permutation)])[0];

    /// <summary>One row of inputs, a filter of ones: what each output sums shows which inputs it sees.</summary>
    public static TheoryData<string, int, int, float[]> Windows => new()
    {
        { "VALID", 1, 1, [7, 14, 28, 56] },
        { "SAME", 1, 1, [3, 7, 14, 28, 56, 48] },
        { "SAME", 2, 1, [7, 28, 48] },
        { "SAME", 3, 1, [7, 56] },
        { "VALID", 1, 2, [21, 42] },
        { "SAME", 1, 2, [5, 10, 21, 42, 20, 40] },
        { "EXPLICIT", 1, 1, [1, 3, 7, 14, 28, 56, 48] },
    };

    [Theory]
    [MemberData(nameof(Windows))]
    public void Padding_stride_and_dilation_choose_the_inputs_of_each_output(string padding, int stride, int dilation, float[] expected)
    {
        Tensor x = Tensor.Wrap([1f, 2, 4, 8, 16, 32], new Shape(1, 1, 6, 1));
        Tensor filter = Tensor.Wrap([1f, 1, 1], new Shape(1, 3, 1, 1));
        Tensor y = OneOp.Run("Conv2D", [x, filter], Attributes(padding, stride, dilation, pads: padding == "EXPLICIT" ? [0, 0, 0, 0, 2, 1, 0, 0] : null))[0];
        Assert.Equal(expected, y.Span<float>().ToArray());
    }

    [Theory]
    [InlineData("Conv2D")]
    [InlineData("DepthwiseConv2dNative")]
    public void Channels_first_gives_what_channels_last_gives(string op)
    {
        Tensor x = Counting(2, 5, 6, 4);
        Tensor filter = Counting(3, 2, 4, 3);
        Tensor last = OneOp.Run(op, [x, filter], Attributes("SAME", 2))[0];
        Tensor first = OneOp.Run(op, [Permuted(x, 0, 3, 1, 2), filter], Attributes("SAME", 2, format: "NCHW"))[0];
        Assert.Null(TensorComparison.Difference(Permuted(first, 0, 2, 3, 1), last, 0, 1e-5));
    }

    [Fact]
    public void A_group_sees_its_own_channels_only()
    {
        Tensor x = Tensor.Wrap([1f, 2, 10, 20], new Shape(1, 1, 1, 4));
        Tensor filter = Tensor.Wrap([1f, 2, 3, 4, 5, 6, 7, 8], new Shape(1, 1, 2, 4));
        Tensor y = OneOp.Run("Conv2D", [x, filter], Attributes())[0];
        Assert.Equal([1 + (2 * 5), 2 + (2 * 6), (10 * 3) + (20 * 7), (10 * 4) + (20 * 8)], y.Span<float>().ToArray());
    }

    [Theory]
    [InlineData(DType.Float16)]
    [InlineData(DType.BFloat16)]
    [InlineData(DType.Float64)]
    [InlineData(DType.Int32)]
    public void Every_element_type_gives_the_same_small_integers(DType dtype)
    {
        Tensor x = Counting(1, 4, 4, 2);
        Tensor filter = Counting(3, 3, 2, 2);
        Tensor expected = OneOp.Run("Conv2D", [x, filter], Attributes("SAME"))[0];
        Tensor Cast(Tensor tensor) => OneOp.Run("Cast", [tensor], new AttributeMap { { "DstT", dtype } })[0];
        Tensor y = OneOp.Run("Conv2D", [Cast(x), Cast(filter)], Attributes("SAME"))[0];
        Assert.Equal(dtype, y.DType);
        Assert.Equal(TensorComparison.Numbers(expected), TensorComparison.Numbers(y));
    }

    [Theory]
    [InlineData("Conv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter", "NHWC")]
    [InlineData("Conv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter", "NCHW")]
    [InlineData("DepthwiseConv2dNative", "DepthwiseConv2dNativeBackpropInput", "DepthwiseConv2dNativeBackpropFilter", "NHWC")]
    [InlineData("DepthwiseConv2dNative", "DepthwiseConv2dNativeBackpropInput", "DepthwiseConv2dNativeBackpropFilter", "NCHW")]
    public void The_gradients_are_the_adjoints_of_the_convolution(string op, string inputGradient, string filterGradient, string format)
    {
        // y is linear in x and in the filter, so <y, dy> = <x, dx> = <filter, dfilter>; small integers make it exact.
        Tensor x = format == "NHWC" ? Counting(2, 5, 4, 3) : Counting(2, 3, 5, 4);
        Tensor filter = Counting(2, 3, 3, 2);
        AttributeMap Same() => Attributes("SAME", 2, format: format);
        Tensor y = OneOp.Run(op, [x, filter], Same())[0];
        Tensor dy = Counting([.. y.Shape.Dims]);
        Tensor Sizes(Tensor of) => Tensor.Wrap([.. of.Shape.Dims.ToArray().Select(d => (int)d)]);
        Tensor dx = OneOp.Run(inputGradient, [Sizes(x), filter, dy], Same())[0];
        Tensor dfilter = OneOp.Run(filterGradient, [x, Sizes(filter), dy], Same())[0];
        Assert.Equal(Inner(y, dy), Inner(x, dx));
        Assert.Equal(Inner(y, dy), Inner(filter, dfilter));
    }

    [Fact]
    public void Fused_ops_are_applied_in_their_order()
    {
        AttributeMap attributes = Attributes();
        attributes.Set("fused_ops", new ListAttr { Strings = [.. new[] { "BiasAdd", "LeakyRelu" }.Select(s => new StringAttr(s).Bytes)] });
        attributes.Set("leakyrelu_alpha", 0.5f);
        attributes.Set("num_args", 1);
        Tensor y = OneOp.Run("_FusedConv2D", [Tensor.Wrap([1f, 2], new Shape(1, 1, 2, 1)), Tensor.Wrap([1f, 1], new Shape(1, 1, 1, 2)), Tensor.Wrap([-4f, 3])], attributes)[0];
        Assert.Equal([-1.5f, 4, -1, 5], y.Span<float>().ToArray());
    }

    [Fact]
    public void The_shape_is_inferred_as_far_as_it_is_known()
    {
        Fact fact = OneOp.Infer("Conv2D", [new Fact(DType.Float32, new Shape(-1, 7, -1, 3)), new Fact(DType.Float32, new Shape(3, 3, 3, 8))], Attributes("SAME", 2))[0];
        Assert.Equal(new Shape(-1, 4, -1, 8), fact.Shape);
        Fact unknown = OneOp.Infer("Conv2D", [new Fact(DType.Float32, Shape.Unknown), new Fact(DType.Float32, Shape.Unknown)], Attributes())[0];
        Assert.Equal(4, unknown.Shape.Rank);
    }

    public static TheoryData<long[], long[], string> Faults => new()
    {
        { [1, 4, 4, 3], [3, 3, 2, 8], "has an input of 3 channels and a filter [3,3,2,8] for 2, expected a multiple, not 0" },
        { [4, 4, 3], [3, 3, 3, 8], "input 0 has shape [4,4,3], expected rank 4" },
        { [1, 4, 4, 4], [3, 3, 2, 3], "has 3 filters for 2 groups, expected a multiple" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Shapes_that_do_not_fit_are_a_located_error(long[] input, long[] filter, string message)
    {
        var error = Assert.Throws<ModelException>(() => OneOp.Run("Conv2D", [Counting(input), Counting(filter)], Attributes()));
        Assert.Equal(message, error.Diagnostics[0].Message);
        Assert.Equal("op", error.Diagnostics[0].Location!.Node);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void Strides_and_dilations_out_of_range_are_a_located_error(long value)
    {
        Assert.Throws<ModelException>(() => OneOp.Run("Conv2D", [Counting(1, 4, 4, 1), Counting(3, 3, 1, 1)], Attributes(stride: value)));
        Assert.Throws<ModelException>(() => OneOp.Run("Conv2D", [Counting(1, 4, 4, 1), Counting(3, 3, 1, 1)], Attributes("SAME", dilation: value)));
    }

    private static double Inner(Tensor a, Tensor b) => a.Span<float>().ToArray().Zip(b.Span<float>().ToArray(), (x, y) => (double)x * y).Sum();

    [Theory]
    [InlineData("Conv3D", 5, "NHWC", "expected NDHWC or NCDHW")]
    [InlineData("Conv3D", 5, "NCHW", "expected NDHWC or NCDHW")]
    [InlineData("MaxPool3D", 5, "NHWC", "expected NDHWC or NCDHW")]
    [InlineData("AvgPool3D", 5, "NHWC", "expected NDHWC or NCDHW")]
    [InlineData("Conv2D", 4, "NDHWC", "expected NHWC or NCHW")]
    [InlineData("MaxPool", 4, "HWNC", "expected NHWC or NCHW")]
    public void A_data_format_of_another_rank_is_a_located_error(string op, int rank, string format, string message)
    {
        var ones = new ListAttr { Ints = [.. Enumerable.Repeat(1L, rank)] };
        var attributes = new AttributeMap { { "data_format", format }, { "strides", ones }, { "ksize", ones }, { "padding", "VALID" } };
        Tensor x = Tensor.Wrap([1f], new Shape([.. ones.Ints]));
        Tensor[] inputs = op.StartsWith("Conv", StringComparison.Ordinal) ? [x, x] : [x];
        Assert.Contains(message, Assert.Throws<ModelException>(() => OneOp.Run(op, inputs, attributes)).Message, StringComparison.Ordinal);
    }
}
