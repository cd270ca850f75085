using Decant.IR;
using static Decant.Tests.Ops.Quantized.Quantities;

namespace Decant.Tests.Ops.Quantized;

public sealed class QuantizedOpTests
{
    private static readonly Shape Image = new(1, 2, 2, 1);
    private static readonly AttributeMap Window = new() { { "strides", new ListAttr { Ints = [1, 1, 1, 1] } }, { "padding", "VALID" } };

    [Theory]
    [InlineData("VALID", new double[] { 3 })]
    [InlineData("SAME", new double[] { 3, 10, 3, 4 })]
    public void A_convolution_takes_the_zero_points_of_both(string padding, double[] expected)
    {
        var attributes = new AttributeMap
        {
            { "Tinput", DType.QUInt8 }, { "Tfilter", DType.QUInt8 }, { "strides", new ListAttr { Ints = [1, 1, 1, 1] } }, { "padding", padding },
        };
        Tensor image = Of(DType.QUInt8, Image, 2, 3, 4, 5), filter = Of(DType.QUInt8, new Shape(2, 2, 1, 1), 129, 128, 130, 127);
        Tensor[] y = OneNode.Run("QuantizedConv2D", attributes, [image, filter, .. Scalars(-1, 254, -128, 127)], 3);
        Assert.Equal(DType.QInt32, y[0].DType);
        Assert.Equal(expected, Numbers(y[0]));
        Assert.Equal([-2147483648d, 2147483648], [Numbers(y[1])[0], Numbers(y[2])[0]]);
    }

    /// <summary>Op, type of the result, bias, inputs that follow the ranges, result. The convolution is 3, and an integer stands for 1.</summary>
    public static TheoryData<string, DType, float[], Tensor[], double> FusedConvolutions => new()
    {
        { "QuantizedConv2DAndRelu", DType.QInt32, [], [], 3 },
        { "QuantizedConv2DAndReluAndRequantize", DType.QUInt8, [], Scalars(0, 127.5f), 6 },
        { "QuantizedConv2DAndRequantize", DType.QInt8, [], Scalars(-254, 200), 2 },
        { "QuantizedConv2DWithBias", DType.QInt32, [10.4f], [], 13 },
        { "QuantizedConv2DWithBias", DType.QInt32, [-5.5f], [], -2 },
        { "QuantizedConv2DWithBiasAndRelu", DType.QInt32, [-5.5f], [], 0 },
        { "QuantizedConv2DWithBiasAndReluAndRequantize", DType.QUInt8, [10.4f], Scalars(0, 510), 7 },
        { "QuantizedConv2DWithBiasAndReluAndRequantize", DType.QUInt8, [10], Scalars(0, 510), 6 },
        { "QuantizedConv2DWithBiasAndReluAndRequantize", DType.QUInt8, [-100], Scalars(0, 510), 0 },
        { "QuantizedConv2DWithBiasAndReluAndRequantize", DType.QUInt8, [1000], Scalars(0, 510), 255 },
        { "QuantizedConv2DWithBiasAndRequantize", DType.QInt8, [-100], Scalars(-127, 127), -97 },
        { "QuantizedConv2DWithBiasSumAndRelu", DType.QInt32, [1], [Tensor.Wrap([2.6f], new Shape(1, 1, 1, 1))], 7 },
        { "QuantizedConv2DWithBiasSumAndReluAndRequantize", DType.QUInt8, [1], [.. Scalars(0, 255), Of(DType.QUInt8, new Shape(1, 1, 1, 1), 10), .. Scalars(0, 510)], 24 },
        { "QuantizedConv2DWithBiasSignedSumAndReluAndRequantize", DType.QUInt8, [1], [.. Scalars(0, 255), Of(DType.QInt8, new Shape(1, 1, 1, 1), -2), .. Scalars(-127, 127)], 2 },
        { "QuantizedDepthwiseConv2D", DType.QInt32, [], [], 3 },
        { "QuantizedDepthwiseConv2DWithBias", DType.QInt32, [1], [], 4 },
        { "QuantizedDepthwiseConv2DWithBiasAndRelu", DType.QInt32, [-4], [], 0 },
        { "QuantizedDepthwiseConv2DWithBiasAndReluAndRequantize", DType.QUInt8, [1], Scalars(0, 127.5f), 8 },
    };

    [Theory]
    [MemberData(nameof(FusedConvolutions))]
    public void What_follows_a_convolution_is_done_with_it(string op, DType dtype, float[] bias, Tensor[] rest, double expected)
    {
        var attributes = Window.And(("Tinput", DType.QUInt8), ("Tfilter", DType.QInt8), ("out_type", dtype), ("Tbias", DType.Float32));
        if (rest.Length > 2 && rest[2].DType.IsQuantized())
            attributes.Add("Tsummand", rest[2].DType);
        Tensor image = Of(DType.QUInt8, Image, 1, 2, 3, 4), filter = Of(DType.QInt8, new Shape(2, 2, 1, 1), 1, 0, 2, -1);
        Tensor[] biasInput = bias.Length > 0 ? [Tensor.Wrap(bias)] : [];
        Tensor[] y = OneNode.Run(op, attributes, [image, filter, .. biasInput, .. Scalars(0, 255, -127, 127), .. rest], 3);
        Assert.Equal(dtype, y[0].DType);
        Assert.Equal([expected], Numbers(y[0]));
        Assert.Equal(dtype == DType.QInt32 ? 2147483648 : Numbers(rest[1])[0], Numbers(y[2])[0]);
    }

    [Fact]
    public void A_filter_has_a_range_for_each_output_channel()
    {
        var attributes = Window.And(("Tinput", DType.QUInt8), ("Tfilter", DType.QInt8));
        Tensor image = Of(DType.QUInt8, new Shape(1, 1, 1, 1), 5), filter = Of(DType.QInt8, new Shape(1, 1, 1, 2), 3, 4);
        Tensor[] ranges = [.. Scalars(0, 255), Tensor.Wrap([-127f, -254]), Tensor.Wrap([127f, 254])];
        Tensor[] y = OneNode.Run("QuantizedConv2DPerChannel", attributes, [image, filter, .. ranges], 3);
        Assert.Equal([15d, 20], Numbers(y[0]));
        Assert.Equal([2147483648d, 4294967296], Numbers(y[2]));

        Tensor[] again = OneNode.Run(
            "QuantizedConv2DWithBiasAndReluAndRequantize",
            attributes.And(("Tbias", DType.QInt32)),
            [image, filter, Of(DType.QInt32, new Shape(2), 1, 1), .. ranges, .. Scalars(0, 255)], 3);
        Assert.Equal([16d, 42], Numbers(again[0]));
    }

    [Fact]
    public void Strides_dilations_and_many_channels_give_the_sums_of_the_float_convolution()
    {
        var random = new Random(6);
        int[] image = [.. Enumerable.Range(0, 2 * 9 * 8 * 5).Select(_ => random.Next(256))], filter = [.. Enumerable.Range(0, 3 * 2 * 5 * 7).Select(_ => random.Next(-127, 128))];
        Shape imageShape = new(2, 9, 8, 5), filterShape = new(3, 2, 5, 7);
        var window = new AttributeMap { { "strides", new ListAttr { Ints = [1, 2, 2, 1] } }, { "dilations", new ListAttr { Ints = [1, 2, 1, 1] } }, { "padding", "SAME" } };
        Tensor expected = OneNode.Single(
            "Conv2D", window.And(("T", DType.Float64)), Tensor.Wrap(Array.ConvertAll(image, v => (double)v), imageShape), Tensor.Wrap(Array.ConvertAll(filter, v => (double)v), filterShape));
        Tensor[] y = OneNode.Run(
            "QuantizedConv2D", window.And(("Tinput", DType.QUInt8), ("Tfilter", DType.QInt8)),
            [Of(DType.QUInt8, imageShape, image), Of(DType.QInt8, filterShape, filter), .. Scalars(0, 255, -127, 127)], 3);
        Assert.Equal(expected.Shape, y[0].Shape);
        Assert.Equal(Numbers(expected), Numbers(y[0]));
    }

    [Fact]
    public void A_padding_list_pads_with_the_zero_of_the_input()
    {
        var attributes = Window.And(("Tinput", DType.QUInt8), ("Tfilter", DType.QInt8), ("padding_list", new ListAttr { Ints = [0, 0, 1, 0, 0, 1, 0, 0] }));
        Tensor image = Of(DType.QUInt8, new Shape(1, 1, 2, 1), 5, 7), filter = Of(DType.QInt8, new Shape(2, 2, 1, 1), 1, 1, 1, 10);
        Tensor y = OneNode.Run("QuantizedConv2DWithBias", attributes, [image, filter, Tensor.Wrap([0f]), .. Scalars(0, 255, -127, 127)], 3)[0];
        Assert.Equal([75d, 7], Numbers(y));
    }

    /// <summary>Op, mode, type of the result, bias, frozen range, result. The product is -3 and an integer stands for 1.</summary>
    public static TheoryData<string, string, DType, float, float[], double> FusedProducts => new()
    {
        { "QuantizedMatMulWithBias", "MIN_FIRST", DType.QInt32, 5, [], 2 },
        { "QuantizedMatMulWithBias", "SCALED", DType.QInt32, 5, [], 1 },
        { "QuantizedMatMulWithBiasAndRelu", "MIN_FIRST", DType.QInt32, 1, [], 0 },
        { "QuantizedMatMulWithBiasAndReluAndRequantize", "MIN_FIRST", DType.QUInt8, 5, [0, 127.5f], 4 },
        { "QuantizedMatMulWithBiasAndRequantize", "MIN_FIRST", DType.QInt8, 0, [-63.5f, 10], -6 },
        { "QuantizedMatMulWithBiasAndDequantize", "MIN_FIRST", DType.Float32, 0.5f, [0, 1], -2.5 },
    };

    [Theory]
    [MemberData(nameof(FusedProducts))]
    public void What_follows_a_product_is_done_with_it(string op, string mode, DType dtype, float bias, float[] frozen, double expected)
    {
        var attributes = new AttributeMap { { "T1", DType.QUInt8 }, { "T2", DType.QInt8 }, { "Tbias", DType.Float32 }, { "Toutput", dtype }, { "input_quant_mode", mode } };

        // MIN_FIRST: 2 and 3 stand for 1 and 2. SCALED has the range to 255 instead, so that they stand for 2 and 3.
        float[] range = mode == "SCALED" ? [0, 255, -127, 127] : [-1, 254, -127, 127];
        Tensor[] inputs = [Of(DType.QUInt8, new Shape(1, 2), 2, 3), Of(DType.QInt8, new Shape(2, 1), 1, -2), Tensor.Wrap([bias]), .. Scalars(range), .. Scalars(frozen)];
        Tensor[] y = OneNode.Run(op, attributes, inputs, dtype == DType.Float32 ? 1 : 3);
        Assert.Equal(dtype, y[0].DType);
        Assert.Equal([expected], Numbers(y[0]), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void A_product_takes_the_zero_points_of_both(bool transposeA, bool transposeB)
    {
        Tensor a = Of(DType.QUInt8, transposeA ? new Shape(2, 1) : new Shape(1, 2), 1, 2);
        Tensor b = Of(DType.QUInt8, transposeB ? new Shape(1, 2) : new Shape(2, 1), 129, 126);
        var attributes = new AttributeMap { { "T1", DType.QUInt8 }, { "T2", DType.QUInt8 }, { "transpose_a", transposeA }, { "transpose_b", transposeB } };
        Assert.Equal([-3d], Numbers(OneNode.Run("QuantizedMatMul", attributes, [a, b, .. Scalars(0, 255, -128, 127)], 3)[0]));
    }

    /// <summary>Op, attributes, inputs, integers, range.</summary>
    public static TheoryData<string, AttributeMap, Tensor[], double[], double[]> Others => new()
    {
        { "QuantizedAdd", Bytes2(), [Bytes(1, 7), Bytes(2), .. Scalars(0, 255, 0, 255)], [1542, 4626], [-4177920, 4177920] },
        { "QuantizedMul", Bytes2(), [Bytes(3, 4), Bytes(4), .. Scalars(0, 255, -1, 254)], [9, 12], [-2147483648, 2147483648] },

        // 64.25 integers for 1. In float32 the lowest number is 128 integers above the lowest integer: 1 is 64 - 128, 10 is 643 - 128.
        { "QuantizedBiasAdd", Bytes2("out_type"), [Of(DType.QUInt8, new Shape(1, 2), 1, 2), Bytes(10, 0), .. Scalars(0, 255, 0, 255)], [451, -127], [-33423360, 33423360] },
        { "QuantizedRelu", Bytes1("Tinput"), [Bytes(3, 10, 200), .. Scalars(-10, 245)], [10, 10, 200], [-10, 245] },
        { "QuantizedRelu6", Bytes1("Tinput"), [Bytes(3, 12, 200), .. Scalars(-10, 245)], [10, 12, 16], [-10, 245] },
        { "QuantizedReluX", Bytes1("Tinput"), [Bytes(3, 12, 200), .. Scalars(100, -10, 245)], [10, 12, 110], [-10, 245] },
        { "QuantizedMaxPool", Pool(), [Of(DType.QUInt8, Image, 1, 200, 3, 5), .. Scalars(-1, 1)], [200], [-1, 1] },
        { "QuantizedAvgPool", Pool(), [Of(DType.QUInt8, Image, 1, 2, 3, 5), .. Scalars(-1, 1)], [2], [-1, 1] },
        { "QuantizedConcat", new() { { "N", 2L }, { "T", DType.QUInt8 } }, [Tensor.Scalar(0), Bytes(7), Bytes(100), .. Scalars(0, 0, 255, 127.5f)], [7, 50], [0, 255] },
        { "QuantizedReshape", Bytes1("T"), [Bytes(1, 2), Tensor.Wrap([2, 1]), .. Scalars(0, 1)], [1, 2], [0, 1] },
        { "QuantizedInstanceNorm", new() { { "T", DType.QUInt8 }, { "variance_epsilon", 0f } }, [Of(DType.QUInt8, new Shape(1, 2, 1, 1), 0, 2), .. Scalars(0, 255)], [0, 255], [-1, 1] },
        {
            "QuantizedInstanceNorm",
            new() { { "T", DType.QUInt8 }, { "variance_epsilon", 0f }, { "output_range_given", true }, { "given_y_min", -100f }, { "given_y_max", 155f } },
            [Of(DType.QUInt8, new Shape(1, 2, 1, 1), 0, 2), .. Scalars(0, 255)], [99, 101], [-100, 155]
        },
        {
            "QuantizedBatchNormWithGlobalNormalization",
            new() { { "Tinput", DType.QUInt8 }, { "out_type", DType.QInt32 }, { "variance_epsilon", 0f }, { "scale_after_normalization", true } },
            [Of(DType.QUInt8, new Shape(1, 1, 1, 1), 5), .. Scalars(0, 255), Bytes(1), .. Scalars(0, 255), Bytes(4), .. Scalars(0, 255), Bytes(10), .. Scalars(0, 255), Bytes(3), .. Scalars(0, 255)],
            [32768], [-1048576, 1048576]
        },
        { "QuantizedResizeBilinear", new() { { "T", DType.QUInt8 } }, [Of(DType.QUInt8, new Shape(1, 1, 2, 1), 0, 100), Tensor.Wrap([1, 4]), .. Scalars(0, 1)], [0, 50, 100, 100], [0, 1] },

        // Division rounds toward 0, so that half up is one too much below it.
        {
            "QuantizedResizeBilinear", new() { { "T", DType.QInt32 }, { "half_pixel_centers", true } },
            [Of(DType.QInt32, new Shape(1, 2, 1, 1), -1000, 1000000000), Tensor.Wrap([4, 1]), .. Scalars(0, 1)], [-999, 249999250, 749999750, 1000000000], [0, 1]
        },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Integers_and_range_are_those_of_the_reference_kernels(string op, AttributeMap attributes, Tensor[] inputs, double[] integers, double[] range)
    {
        Tensor[] y = OneNode.Run(op, attributes, inputs, 3);
        Assert.Equal(integers, Numbers(y[0]));
        Assert.Equal(range, [Numbers(y[1])[0], Numbers(y[2])[0]], (a, b) => Math.Abs(a - b) < 1e-6);
    }

    /// <summary>Op, attributes, inputs, what the message says.</summary>
    public static TheoryData<string, AttributeMap, Tensor[], string> Faults => new()
    {
        { "QuantizedAdd", Bytes2(), [Bytes(1), Bytes(2), .. Scalars(1, 1, 0, 255)], "has the range 1 to 1 in inputs 2 and 3" },
        { "QuantizedAdd", Bytes2(), [Bytes(1, 2), Bytes(2, 3, 4), .. Scalars(0, 1, 0, 255)], "expected shapes that broadcast" },
        { "QuantizedMul", Bytes2(), [Tensor.Wrap([1f]), Bytes(2), .. Scalars(0, 1, 0, 255)], "for input 0 of type float32" },
        { "QuantizedMul", Bytes2(), [Bytes(2)], "has 1 inputs, expected 6" },
        { "QuantizedBiasAdd", Bytes2("out_type"), [Bytes(1, 2), Bytes(2, 3), .. Scalars(0, 1, 0, 255)], "expected rank 2 or more" },
        { "QuantizedMatMul", Bytes2(), [Of(DType.QUInt8, new Shape(1, 2), 1, 2), Of(DType.QUInt8, new Shape(1, 1), 1), .. Scalars(0, 1, 0, 1)], "as many columns as rows" },
        { "QuantizedConcat", new() { { "N", 2L }, { "T", DType.QUInt8 } }, [Tensor.Scalar(0), Bytes(7), Bytes(100), .. Scalars(0, 0)], "has 5 inputs, expected 7" },
        { "QuantizedResizeBilinear", new() { { "T", DType.QUInt8 } }, [Bytes(1), Tensor.Wrap([1, 4]), .. Scalars(0, 1)], "expected [batch,height,width,channels]" },
        { "QuantizedConv2D", Window.And(("Tinput", DType.QUInt8), ("Tfilter", DType.QUInt8)), [Of(DType.QUInt8, new Shape(1, 1, 1, 2), 1, 2), Of(DType.QUInt8, new Shape(1, 1, 1, 2), 1, 2), .. Scalars(0, 1, 0, 1)], "expected as many" },
        { "QuantizedConv2DWithBias", Window.And(("Tinput", DType.QUInt8), ("Tfilter", DType.QUInt8)), [Of(DType.QUInt8, Image, 1, 2, 3, 4), Of(DType.QUInt8, new Shape(1, 1, 1, 1), 1), Tensor.Wrap([0f]), .. Scalars(0, 1, 0, 1)], "for input 1 of type quint8" },
        { "QuantizedConv2DWithBias", Window.And(("Tinput", DType.QUInt8), ("Tfilter", DType.QInt8)), [Of(DType.QUInt8, Image, 1, 2, 3, 4), Of(DType.QInt8, new Shape(1, 1, 1, 1), 1), Tensor.Wrap([0f, 1]), .. Scalars(0, 1, 0, 1)], "has a bias float32[2], expected 1 elements" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Wrong_inputs_are_located_errors(string op, AttributeMap attributes, Tensor[] inputs, string message) =>
        Assert.Contains(message, OneNode.Fault(op, attributes, inputs), StringComparison.Ordinal);

    private static AttributeMap Bytes1(string type) => new() { { type, DType.QUInt8 } };

    private static AttributeMap Bytes2(string output = "Toutput") => new() { { "T1", DType.QUInt8 }, { "T2", DType.QUInt8 }, { output, DType.QInt32 } };

    private static AttributeMap Pool() => new()
    {
        { "T", DType.QUInt8 }, { "ksize", new ListAttr { Ints = [1, 2, 2, 1] } }, { "strides", new ListAttr { Ints = [1, 2, 2, 1] } }, { "padding", "VALID" },
    };
}
