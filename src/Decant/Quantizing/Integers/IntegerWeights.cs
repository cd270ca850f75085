using Decant.IR;

namespace Decant.Quantizing.Integers;

/// <summary>The weights and the bias of one operator as integers.</summary>
/// <param name="Weights">int8, with scales; computed when they are read.</param>
/// <param name="WeightScales">How they stand for real numbers.</param>
/// <param name="Bias">int32, or int64 for int16 activations; null without one.</param>
/// <param name="BiasScales">The products of the scales of the activations and the weights.</param>
internal sealed record IntegerWeights(TensorAttr Weights, Quantization WeightScales, Tensor? Bias, Quantization? BiasScales)
{
    // Half of what a bias may be, so that the sum of products has room beside it.
    private const double LargestBias = int.MaxValue / 2;

    /// <summary>Rounds the weights and bias of an operator.</summary>
    /// <param name="weights">The float weights.</param>
    /// <param name="axis">The dimension that has a scale for each element, or <see cref="SymmetricWeights.PerTensor"/>.</param>
    /// <param name="filters">How the weights lie; null where each is rounded for itself.</param>
    /// <param name="bias">The float bias for each channel, or null.</param>
    /// <param name="input">The grid of the activations.</param>
    /// <param name="isTrained">Whether the weights were rounded in training, and may lie on steps already.</param>
    public static IntegerWeights Of(TensorAttr weights, int axis, FilterLayout? filters, float[]? bias, Grid input, bool isTrained)
    {
        float[] scales = isTrained ? SymmetricWeights.TrainedScales(weights.Value, axis) : SymmetricWeights.Scales(weights.Value, axis);
        if (input.Type == DType.Int8)
            Widen(scales, bias, input.Scale);
        TensorAttr rounded = SymmetricWeights.Rounded(weights, axis, scales, filters);
        Quantization declared = SymmetricWeights.Quantization(scales, axis);
        if (bias is null)
            return new IntegerWeights(rounded, declared, null, null);
        float[] steps = Array.ConvertAll(scales, s => input.Scale * s);
        return new IntegerWeights(rounded, declared, input.Type == DType.Int16 ? Long(bias, steps) : Int(bias, steps), new Quantization(steps, new long[steps.Length], 0));
    }

    /// <summary>A bias that has no room in 31 bits gets larger steps, and the weights with it.</summary>
    private static void Widen(float[] scales, float[]? bias, float input)
    {
        for (int c = 0; c < bias?.Length; c++)
        {
            int at = scales.Length == 1 ? 0 : c;
            if (Math.Abs(bias[c]) / ((double)input * scales[at]) > LargestBias)
                scales[at] = (float)(Math.Abs(bias[c]) / LargestBias / input);
        }
    }

    // The original converter multiplies by the inverse, in float.
    private static Tensor Int(float[] bias, float[] steps) => Tensor.Wrap(
        [.. bias.Select((b, c) => (int)Math.Clamp(Math.Round((double)(b * (1f / Of(steps, c))), MidpointRounding.AwayFromZero), -int.MaxValue, int.MaxValue))]);

    private static Tensor Long(float[] bias, float[] steps) => Tensor.Wrap(
        [.. bias.Select((b, c) => (long)Math.Clamp(Math.Round(b / (double)Of(steps, c), MidpointRounding.AwayFromZero), -LargestLong, LargestLong))]);

    // What kernels of int16 activations can hold beside 2^15 * 2^7 times the products of a window, in 47 bits.
    private const double LargestLong = 1L << 46;

    private static float Of(float[] steps, int channel) => steps.Length == 1 ? steps[0] : steps[channel];
}
