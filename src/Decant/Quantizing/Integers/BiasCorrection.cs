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
    public static double[]? Of(Node node, Tensor weights, int axis, Quantization scales, double[] means)
    {
        bool isDepthwise = node.Op.Name == "DEPTHWISE_CONV_2D";
        int channels = (int)weights.Shape[isDepthwise ? 3 : 0], depth = (int)weights.Shape[-1];
        if (means.Length == 0 || node.Op.Name == "TRANSPOSE_CONV" || (isDepthwise ? channels % means.Length : depth % means.Length) != 0)
            return null;
        double[] added = new double[channels];
        float[] steps = [.. scales.Scales];
        long perChannel = weights.ElementCount / channels;
        SymmetricWeights.VisitRounded(weights, axis, steps, FilterLayout.Of(node.Op.Name, weights.Shape), (from, rounded, at) =>
        {
            for (int i = 0; i < from.Length; i++, at++)
            {
                int channel = (int)(isDepthwise ? at % channels : at / perChannel), input = isDepthwise ? channel / (channels / means.Length) : (int)(at % means.Length);
                added[channel] += ((rounded[i] * (double)steps[steps.Length == 1 ? 0 : channel]) - from[i]) * means[input];
            }
        });
        return added;
    }
}
