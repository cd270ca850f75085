using Decant.IR;

namespace Decant.Quantizing.Integers;

/// <summary>
/// What rounding the weights adds to each channel on the average, sum over k of (rounded(w[c,k]) - w[c,k]) * mean(x[k]), with the means of the
/// activations over the calibration set. Taking it off the bias keeps the mean of each channel (Nagel et al. 2019, "Data-Free Quantization
/// through Weight Equalization and Bias Correction", section 4.2); padding is not counted.
/// </summary>
internal static class BiasCorrection
{
    /// <summary>What to subtract from the bias of each channel; null where the means do not fit the weights.</summary>
    public static double[]? Of(Node node, Tensor weights, Tensor rounded, Quantization scales, double[] means)
    {
        ReadOnlySpan<float> w = weights.Span<float>();
        ReadOnlySpan<sbyte> q = rounded.Span<sbyte>();
        bool isDepthwise = node.Op.Name == "DEPTHWISE_CONV_2D";
        int channels = (int)weights.Shape[isDepthwise ? 3 : 0], depth = (int)weights.Shape[-1];
        if (means.Length == 0 || node.Op.Name == "TRANSPOSE_CONV" || (isDepthwise ? channels % means.Length : depth % means.Length) != 0)
            return null;
        double[] added = new double[channels];
        int perChannel = w.Length / channels;
        for (int i = 0; i < w.Length; i++)
        {
            int channel = isDepthwise ? i % channels : i / perChannel;
            int input = isDepthwise ? channel / (channels / means.Length) : i % means.Length;
            float scale = scales.Scales[scales.Scales.Count == 1 ? 0 : channel];
            added[channel] += ((q[i] * (double)scale) - w[i]) * means[input];
        }

        return added;
    }
}
