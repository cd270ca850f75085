using Decant.IR;
using Decant.Quantizing;
using Decant.Quantizing.Integers;
using Decant.Runtime;

namespace Decant.Tests.Quantizing.Integers;

/// <summary>Weights and biases of single operators, computed by hand.</summary>
public sealed class IntegerWeightsTests
{
    private static readonly Grid Input = new(DType.Int8, 0.5f, -128);

    [Fact]
    public void Each_channel_has_a_scale_of_its_largest_weight_and_the_bias_the_product_of_scales()
    {
        var weights = Tensor.Wrap([1.27f, -0.635f, 0.01f, 0.02f, -2.54f, 0], new Shape(2, 3));
        var made = IntegerWeights.Of(new TensorAttr(weights), 0, null, [1f, -1f], Input, isTrained: false);
        Assert.Equal([0.01f, 0.02f], made.WeightScales.Scales);
        Assert.Equal([127, -64, 1, 1, -127, 0], made.Weights.Value.Span<sbyte>().ToArray());
        Assert.Equal([0.005f, 0.01f], made.BiasScales!.Scales);
        Assert.Equal([200, -100], made.Bias!.Span<int>().ToArray());
    }

    [Fact]
    public void One_scale_serves_all_where_the_operator_takes_no_more_and_int16_has_a_bias_of_64_bits()
    {
        var made = IntegerWeights.Of(new TensorAttr(Tensor.Wrap([1.27f, -0.635f, 0.01f, 0.02f, -2.54f, 0], new Shape(2, 3))), SymmetricWeights.PerTensor, null, [1e9f, -1f], Input with { Type = DType.Int16, ZeroPoint = 0 }, isTrained: false);
        Assert.Equal([0.02f], made.WeightScales.Scales);
        Assert.Equal([64, -32, 1, 1, -127, 0], made.Weights.Value.Span<sbyte>().ToArray());
        Assert.Equal(1e11, made.Bias!.Span<long>()[0], 1e5);
        Assert.Equal(-100, made.Bias.Span<long>()[1]);
    }

    [Fact]
    public void A_bias_without_room_in_31_bits_widens_the_steps_of_its_channel()
    {
        var made = IntegerWeights.Of(new TensorAttr(Tensor.Wrap([1e-6f, 1f], new Shape(2, 1))), 0, null, [1e6f, 1f], Input, isTrained: false);
        Assert.Equal(1 << 30, made.Bias!.Span<int>()[0], 100.0);
        Assert.Equal(1e6, made.Bias.Span<int>()[0] * (double)made.BiasScales!.Scales[0], 1);
        Assert.Equal(1f / 127, made.WeightScales.Scales[1]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void The_largest_weight_of_a_channel_counts_wherever_it_is_and_whatever_its_sign(int axis)
    {
        float[] numbers = [.. Enumerable.Range(0, 40 * 40).Select(i => i % 41 == 0 ? -1.27f * (1 + (i / 41)) : i % 7 * 0.01f)];
        Tensor weights = Tensor.Wrap(numbers, new Shape(40, 40)), transposed = TransposedBuffer.Of(weights, [1, 0]);
        float[] expected = [.. Enumerable.Range(0, 40).Select(c => 0.01f * (1 + c))];
        Assert.Equal(expected, SymmetricWeights.Scales(weights, axis), (a, b) => Math.Abs(a - b) < 1e-6f);
        Assert.Equal(expected, SymmetricWeights.Scales(transposed, axis), (a, b) => Math.Abs(a - b) < 1e-6f);
    }

    [Fact]
    public void Weights_that_training_rounded_keep_their_steps()
    {
        float[] steps = [3, -50, 20, 7];
        var made = IntegerWeights.Of(new TensorAttr(Tensor.Wrap(Array.ConvertAll(steps, s => s * 0.013f), new Shape(1, 4))), 0, null, null, Input, isTrained: true);
        for (int i = 0; i < steps.Length; i++)
            Assert.Equal(steps[i] * 0.013f, made.Weights.Value.Span<sbyte>()[i] * made.WeightScales.Scales[0], 1e-6f);
        Assert.Null(made.Bias);
    }

    [Fact]
    public void A_corrected_bias_takes_off_what_rounding_adds_to_the_mean()
    {
        var node = new Node("y", new OpName(Dialect.TFLite, "FULLY_CONNECTED"));
        var weights = Tensor.Wrap([1.27f, 0.014f, 1.27f, 0.996f], new Shape(2, 2));
        Quantization scales = SymmetricWeights.Quantize(new TensorAttr(weights), 0, null)!.Value.Scales;

        // 0.014 becomes 1 step of 0.01 and 0.996 becomes 100 of them; the mean of the second input is 10.
        double[] added = BiasCorrection.Of(node, weights, 0, scales, [5, 10])!;
        Assert.Equal([-0.04, 0.04], added, (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Null(BiasCorrection.Of(node, weights, 0, scales, [1, 2, 3]));
    }

    [Fact]
    public void The_means_of_a_depthwise_filter_are_those_of_the_channel_that_each_output_reads()
    {
        var node = new Node("y", new OpName(Dialect.TFLite, "DEPTHWISE_CONV_2D"));
        var weights = Tensor.Wrap([0.014f, 1.27f, 0.016f, 1.27f], new Shape(1, 1, 1, 4));
        Quantization scales = SymmetricWeights.Quantize(new TensorAttr(weights), SymmetricWeights.PerTensor, null)!.Value.Scales;
        double[] added = BiasCorrection.Of(node, weights, SymmetricWeights.PerTensor, scales, [10, 100])!;
        Assert.Equal([-0.04, 0, 0.4, 0], added, (a, b) => Math.Abs(a - b) < 1e-4);
    }
}
