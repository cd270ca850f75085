using Decant.IR;
using static Decant.Tests.Ops.Quantized.Quantities;

namespace Decant.Tests.Ops.Quantized;

public sealed class QuantizeTests
{
    /// <summary>Type, mode, rounding, narrow range, range, values, integers, range of the output.</summary>
    public static TheoryData<DType, string, string, bool, float[], float[], double[], double[]> Quantizations => new()
    {
        { DType.QUInt8, "MIN_COMBINED", "", false, [0, 255], [0, 1.4f, 1.5f, 2.5f, 300, -5], [0, 1, 2, 3, 255, 0], [0, 255] },
        { DType.QInt8, "MIN_COMBINED", "", false, [-128, 127], [-1.5f, 1.5f, 0, 200, -200], [-2, 2, 0, 127, -128], [-128, 127] },
        { DType.QUInt8, "MIN_FIRST", "", false, [-1, 1], [0, 1, -1, 0.5f], [128, 255, 0, 192], [-1, 1] },
        { DType.QInt16, "MIN_COMBINED", "", false, [-32768, 32767], [-7, 12.5f, 40000], [-7, 13, 32767], [-32768, 32767] },
        { DType.QInt8, "SCALED", "HALF_AWAY_FROM_ZERO", false, [-10, 9], [-10, 9.921875f, 1, 0.0390625f], [-128, 127, 13, 1], [-10, 9.921875] },
        { DType.QInt8, "SCALED", "HALF_TO_EVEN", false, [-10, 9], [0.0390625f, -20], [0, -128], [-10, 9.921875] },
        { DType.QInt8, "SCALED", "HALF_TO_EVEN", true, [-12.7f, 9], [-12.7f, 1], [-127, 10], [-12.7f, 12.7f] },
        { DType.QUInt8, "SCALED", "HALF_TO_EVEN", false, [0, 25.5f], [1, 30, -1], [10, 255, 0], [0, 25.5] },
        { DType.QUInt8, "MIN_COMBINED", "", false, [1, 2], [0, 2], [0, 255], [0, 2] },
        { DType.QUInt8, "MIN_COMBINED", "", false, [0, 0], [0], [0], [0, 0.01f] },
    };

    [Theory]
    [MemberData(nameof(Quantizations))]
    public void Numbers_become_integers(DType dtype, string mode, string rounding, bool narrow, float[] range, float[] values, double[] integers, double[] outputRange)
    {
        var attributes = new AttributeMap { { "T", dtype }, { "mode", mode }, { "narrow_range", narrow } };
        if (rounding.Length > 0)
            attributes.Add("round_mode", rounding);
        Tensor[] y = OneNode.Run("QuantizeV2", attributes, [Tensor.Wrap(values), .. Scalars(range)], 3);
        Assert.Equal(dtype, y[0].DType);
        Assert.Equal(integers, Numbers(y[0]));
        Assert.Equal(outputRange, [Numbers(y[1])[0], Numbers(y[2])[0]], (a, b) => Math.Abs(a - b) < 1e-5);
    }

    /// <summary>Type, mode, range, integers, numbers.</summary>
    public static TheoryData<DType, string, float[], int[], double[]> Dequantizations => new()
    {
        { DType.QUInt8, "MIN_COMBINED", [0, 255], [0, 7, 255], [0, 7, 255] },
        { DType.QInt8, "MIN_COMBINED", [-128, 127], [-128, 7, 127], [-128, 7, 127] },
        { DType.QInt8, "MIN_COMBINED", [0, 255], [-128, 7, 127], [0, 135, 255] },
        { DType.QUInt8, "MIN_FIRST", [-2, 253], [0, 2, 255], [-2, 0, 253] },
        { DType.QInt8, "MIN_FIRST", [-2, 253], [-128, -126], [-2, 0] },
        { DType.QInt8, "SCALED", [-10, 9.921875f], [-128, 127, 1], [-10, 9.921875, 0.078125] },
        { DType.QUInt8, "SCALED", [-3, 510], [255, 1], [510, 2] },
        { DType.QInt32, "SCALED", [-2147483648, 2147483648], [-5, 12], [-5, 12] },
        { DType.QUInt16, "MIN_COMBINED", [0, 65535], [65535, 3], [65535, 3] },
    };

    [Theory]
    [MemberData(nameof(Dequantizations))]
    public void Integers_become_numbers(DType dtype, string mode, float[] range, int[] integers, double[] numbers)
    {
        Tensor[] inputs = [Of(dtype, new Shape(integers.Length), integers), .. Scalars(range)];
        Assert.Equal(numbers, Numbers(OneNode.Single("Dequantize", new AttributeMap { { "T", dtype }, { "mode", mode } }, inputs)));
    }

    [Fact]
    public void Slices_of_an_axis_have_ranges_of_their_own()
    {
        Tensor[] y = OneNode.Run(
            "QuantizeV2",
            new AttributeMap { { "T", DType.QUInt8 }, { "axis", 1L } },
            [Tensor.Wrap([10f, 10, 20, 20], new Shape(2, 2)), Tensor.Wrap([0f, 0]), Tensor.Wrap([255f, 127.5f])], 3);
        Assert.Equal([10d, 20, 20, 40], Numbers(y[0]));
        Assert.Equal([255, 127.5], Numbers(y[2]));

        var attributes = new AttributeMap { { "T", DType.QUInt8 }, { "axis", 0L }, { "dtype", DType.BFloat16 } };
        Tensor back = OneNode.Single("Dequantize", attributes, Of(DType.QUInt8, new Shape(2, 2), 1, 2, 3, 4), Tensor.Wrap([0f, 1]), Tensor.Wrap([255f, 511]));
        Assert.Equal(DType.BFloat16, back.DType);
        Assert.Equal([1d, 2, 7, 9], Numbers(back));
    }

    /// <summary>Op, attributes, inputs, what the message says.</summary>
    public static TheoryData<string, AttributeMap, Tensor[], string> Faults => new()
    {
        { "QuantizeV2", new AttributeMap { { "T", DType.QUInt8 }, { "mode", "MIDDLE" } }, [Tensor.Wrap([1f]), .. Scalars(0, 1)], "expected MIN_COMBINED, MIN_FIRST or SCALED" },
        { "QuantizeV2", new AttributeMap { { "T", DType.QUInt8 }, { "round_mode", "HALF_TO_EVEN" } }, [Tensor.Wrap([1f]), .. Scalars(0, 1)], "HALF_TO_EVEN with mode SCALED" },
        { "QuantizeV2", new AttributeMap { { "T", DType.QUInt8 } }, [Tensor.Wrap([1f]), .. Scalars(2, 1)], "has the range 2 to 1" },
        { "QuantizeV2", new AttributeMap { { "T", DType.QUInt8 }, { "axis", 3L } }, [Tensor.Wrap([1f]), .. Scalars(0, 1)], "has the axis 3 for an input of shape [1]" },
        { "QuantizeV2", new AttributeMap { { "T", DType.QUInt8 }, { "axis", 0L } }, [Tensor.Wrap([1f, 2]), .. Scalars(0, 1)], "expected 2 float32" },
        { "Dequantize", new AttributeMap { { "T", DType.QUInt8 } }, [Tensor.Wrap([1f]), .. Scalars(0, 1)], "expected a quantized type" },
        { "Dequantize", new AttributeMap { { "T", DType.QUInt8 }, { "mode", "MIN_FIRST" }, { "dtype", DType.BFloat16 } }, [Bytes(1), .. Scalars(0, 1)], "expected MIN_COMBINED for bfloat16" },
        { "QuantizeAndDequantizeV2", new AttributeMap { { "T", DType.Float32 }, { "num_bits", 70L } }, [Tensor.Wrap([1f]), .. Scalars(0, 1)], "has 70 bits, expected 1 to 61" },
        { "QuantizeAndDequantizeV2", new AttributeMap { { "T", DType.Float32 }, { "range_given", true } }, [Tensor.Wrap([1f]), .. Scalars(3, 1)], "has the range 3 to 1" },
        { "Requantize", new AttributeMap { { "Tinput", DType.QInt32 }, { "out_type", DType.QUInt8 } }, [Of(DType.QInt32, new Shape(1), 1), .. Scalars(0, 1, 2, 3)], "expected one that begins at 0 or below" },
        { "Requantize", new AttributeMap { { "Tinput", DType.QInt32 }, { "out_type", DType.QUInt8 } }, [Of(DType.QInt32, new Shape(1), 1), .. Scalars(0, 1, -2, -3)], "expected one that begins at 0 or below" },
        { "Requantize", new AttributeMap { { "Tinput", DType.QInt32 }, { "out_type", DType.QInt32 } }, [Of(DType.QInt32, new Shape(1), 1), .. Scalars(0, 1, 0, 3)], "has no kernel with out_type qint32" },
        { "Requantize", new AttributeMap { { "Tinput", DType.QInt32 }, { "out_type", DType.QUInt8 } }, [Of(DType.QInt32, new Shape(1), 1), Tensor.Wrap([0f, 1]), .. Scalars(1, 0, 3)], "input 1 is float32[2], expected one float32" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Wrong_attributes_and_inputs_are_located_errors(string op, AttributeMap attributes, Tensor[] inputs, string message) =>
        Assert.Contains(message, OneNode.Fault(op, attributes, inputs), StringComparison.Ordinal);

    /// <summary>Signed, bits, narrow, rounding, range or none, values, results.</summary>
    public static TheoryData<bool, long, bool, string, float[], float[], double[]> Roundings => new()
    {
        { true, 8, false, "HALF_TO_EVEN", [-1, 1], [0.5f, -0.5f, 2, -2], [64 / 127d, -64 / 127d, 1, -128 / 127d] },
        { true, 8, false, "HALF_UP", [-1, 1], [0.5f, -0.5f], [64 / 127d, -63 / 127d] },
        { false, 8, false, "HALF_TO_EVEN", [0, 255], [1.5f, 2.5f, 300, -1], [2, 2, 255, 0] },
        { true, 3, false, "HALF_TO_EVEN", [], [-2, 1, 0.3f], [-2, 1, 0.5] },
        { true, 3, true, "HALF_TO_EVEN", [], [-2, 1, 0.3f], [-2, 4 / 3d, 0] },
        { true, 8, false, "HALF_TO_EVEN", [], [0, 0], [0, 0] },
    };

    [Theory]
    [MemberData(nameof(Roundings))]
    public void Floats_are_rounded_to_the_levels_of_a_quantization(bool isSigned, long bits, bool narrow, string rounding, float[] range, float[] values, double[] expected)
    {
        bool given = range.Length > 0;
        var attributes = new AttributeMap { { "T", DType.Float32 }, { "signed_input", isSigned }, { "range_given", given }, { "narrow_range", narrow } };
        Tensor[] inputs = [Tensor.Wrap(values), .. Scalars(given ? range : [0, 0])];
        foreach (string op in (string[])["QuantizeAndDequantizeV2", "QuantizeAndDequantizeV4"])
        {
            Tensor y = OneNode.Single(op, attributes.And(("num_bits", bits), ("round_mode", rounding)), inputs);
            Assert.Equal(expected, Numbers(y), (a, b) => Math.Abs(a - b) < 1e-6);
        }

        if (rounding == "HALF_TO_EVEN")
            Assert.Equal(expected, Numbers(OneNode.Single("QuantizeAndDequantizeV3", attributes, [.. inputs, Tensor.Scalar((int)bits)])), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void The_first_version_has_its_range_in_attributes_and_the_gradient_passes_inside_it()
    {
        var attributes = new AttributeMap { { "T", DType.Float64 }, { "signed_input", false }, { "range_given", true }, { "input_max", 255f } };
        Assert.Equal([2d, 255], Numbers(OneNode.Single("QuantizeAndDequantize", attributes, Tensor.Wrap([1.5, 400]))));

        Tensor[] gradient = OneNode.Run(
            "QuantizeAndDequantizeV4Grad",
            new AttributeMap { { "T", DType.Float32 }, { "axis", 0L } },
            [Tensor.Wrap([1f, 2, 3, 4], new Shape(2, 2)), Tensor.Wrap([-1f, 0, 1, 5], new Shape(2, 2)), Tensor.Wrap([0f, 1]), Tensor.Wrap([4f, 4])], 3);
        Assert.Equal([0d, 2, 3, 0], Numbers(gradient[0]));
        Assert.Equal([0d, 0], Numbers(gradient[2]));
    }

    [Fact]
    public void Sums_are_brought_to_the_range_they_take()
    {
        // The range of 2^32 has one integer per unit, the lowest at -2^31: the numbers are the integers and a half.
        Tensor sums = Of(DType.QInt32, new Shape(3), -5, 10, 1);
        Tensor[] range = OneNode.Run("RequantizationRange", new AttributeMap { { "Tinput", DType.QInt32 } }, [sums, .. Scalars(-2147483648, 2147483648)], 2);
        Assert.Equal([-4.5, 10.5], [Numbers(range[0])[0], Numbers(range[1])[0]]);

        var types = new AttributeMap { { "Tinput", DType.QInt32 }, { "out_type", DType.QUInt8 } };
        Tensor values = Of(DType.QInt32, new Shape(6), 0, 1, 100, 255, 256, -3);
        Tensor[] y = OneNode.Run("Requantize", types, [values, .. Scalars(-2147483648, 2147483648, 0, 255)], 3);
        Assert.Equal([0d, 1, 100, 255, 255, 0], Numbers(y[0]));

        Tensor[] down = OneNode.Run("QuantizeDownAndShrinkRange", types, [sums, .. Scalars(-2147483648, 2147483648)], 3);
        Assert.Equal([-4.5, 10.5], [Numbers(down[1])[0], Numbers(down[2])[0]]);
        Assert.Equal([0d, 255, 94], Numbers(down[0]), (a, b) => Math.Abs(a - b) <= 9);
    }

    [Fact]
    public void Channels_with_ranges_of_their_own_are_brought_to_one()
    {
        // In channel 0 an integer stands for 1, in channel 1 for 2.
        Tensor sums = Of(DType.QInt32, new Shape(1, 1, 2, 2), 3, 5, -4, 1);
        Tensor[] ranges = [Tensor.Wrap([-2147483648f, -4294967296f]), Tensor.Wrap([2147483648f, 4294967296f])];
        var clip = new AttributeMap { { "T", DType.QInt32 }, { "clip_value_max", 100f } };
        Tensor[] range = OneNode.Run("RequantizationRangePerChannel", clip, [sums, .. ranges], 2);
        Assert.Equal([-10d, 10], [Numbers(range[0])[0], Numbers(range[1])[0]]);
        Tensor[] y = OneNode.Run("RequantizePerChannel", new AttributeMap { { "T", DType.QInt32 }, { "out_type", DType.QInt8 } }, [sums, .. ranges, .. Scalars(-12.7f, 12.7f)], 3);
        Assert.Equal([30d, 100, -40, 20], Numbers(y[0]));
        Assert.Contains("expected one for each index of the last dimension", OneNode.Fault("RequantizationRangePerChannel", clip, sums, Tensor.Wrap([1f]), Tensor.Wrap([1f])), StringComparison.Ordinal);
    }
}
