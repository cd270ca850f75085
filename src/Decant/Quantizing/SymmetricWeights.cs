using Decant.IR;

namespace Decant.Quantizing;

/// <summary>Weights as int8 from -127 to 127 around 0, with one scale or one for each element of an axis.</summary>
internal static class SymmetricWeights
{
    /// <summary>Not a dimension: one scale for all.</summary>
    public const int PerTensor = -1;

    private const float Largest = 127;

    // The scale of a channel of zeros, in the original converter: a range of 1e-6 in 254 steps.
    private const float ZeroScale = 1e-6f / 254;

    /// <summary>The integers and their scales, of which the largest weight of each channel is 127.</summary>
    public static (Tensor, Quantization) Quantize(Tensor weights, int axis)
    {
        float[] scales = Scales(weights, axis);
        return (Round(weights, axis, scales), Quantization(scales, axis));
    }

    /// <summary>The scales and their axis as a declaration.</summary>
    public static Quantization Quantization(float[] scales, int axis) => new(scales, new long[scales.Length], Math.Max(0, axis));

    /// <summary>The scale of each channel: its largest weight is 127 steps.</summary>
    public static float[] Scales(Tensor weights, int axis)
    {
        ReadOnlySpan<float> from = weights.Span<float>();
        (int channels, int inner) = Layout(weights.Shape, axis);
        float[] largest = new float[channels];
        for (int i = 0; i < from.Length; i++)
            largest[i / inner % channels] = Math.Max(largest[i / inner % channels], Math.Abs(from[i]));
        return Array.ConvertAll(largest, m => m == 0 ? ZeroScale : m / Largest);
    }

    /// <summary>
    /// As <see cref="Scales"/>, but for weights that were rounded in training: where all of a channel are multiples of a step that its
    /// largest is at most 127 times, that step is kept, and no weight changes.
    /// </summary>
    public static float[] TrainedScales(Tensor weights, int axis)
    {
        float[] scales = Scales(weights, axis);
        ReadOnlySpan<float> from = weights.Span<float>();
        (int channels, int inner) = Layout(weights.Shape, axis);
        int stride = channels * inner;
        for (int c = 0; c < channels; c++)
        {
            float largest = scales[c] * Largest;
            for (int steps = (int)Largest; steps > 1; steps--)
            {
                float step = largest / steps;
                if (!AreMultiples(from, c * inner, inner, stride, step))
                    continue;
                scales[c] = step;
                break;
            }
        }

        return scales;
    }

    /// <summary>The integers nearest to the weights, halves away from zero.</summary>
    public static Tensor Round(Tensor weights, int axis, float[] scales)
    {
        ReadOnlySpan<float> from = weights.Span<float>();
        (int channels, int inner) = Layout(weights.Shape, axis);
        sbyte[] to = new sbyte[from.Length];
        for (int i = 0; i < to.Length; i++)
            to[i] = (sbyte)Math.Clamp(MathF.Round(from[i] / scales[i / inner % channels], MidpointRounding.AwayFromZero), -Largest, Largest);
        return Tensor.Wrap(to, weights.Shape);
    }

    /// <summary>The number of channels, and of the elements that follow each other in one.</summary>
    public static (int Channels, int Inner) Layout(Shape shape, int axis)
    {
        if (axis == PerTensor)
            return (1, 1);
        int inner = 1;
        for (int d = axis + 1; d < shape.Rank; d++)
            inner *= (int)shape[d];
        return ((int)shape[axis], inner);
    }

    public static bool AreFinite(ReadOnlySpan<float> weights)
    {
        foreach (float w in weights)
        {
            if (!float.IsFinite(w))
                return false;
        }

        return true;
    }

    private static bool AreMultiples(ReadOnlySpan<float> weights, int first, int count, int stride, float step)
    {
        // Rounding of the product of a step and up to 127.
        const float Tolerance = 1e-3f;
        for (int start = first; start < weights.Length; start += stride)
        {
            foreach (float w in weights.Slice(start, count))
            {
                float multiple = w / step;
                if (Math.Abs(multiple - MathF.Round(multiple)) > Tolerance)
                    return false;
            }
        }

        return true;
    }
}
