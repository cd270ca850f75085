using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Decant.IR;
using Decant.Kernels.Quantized;
using Decant.Kernels.Threading;
using Decant.Runtime;

namespace Decant.Quantizing;

/// <summary>Weights as int8 from -127 to 127 around 0, with one scale or one for each element of an axis.</summary>
internal static class SymmetricWeights
{
    /// <summary>Not a dimension: one scale for all.</summary>
    public const int PerTensor = -1;

    private const float Largest = 127;

    // The scale of a channel of zeros, in the original converter: a range of 1e-6 in 254 steps.
    private const float ZeroScale = 1e-6f / 254;

    /// <summary>The integers, computed while they are written, and their scales: the largest weight of each channel is 127. Null when there are infinities or NaNs.</summary>
    public static (TensorAttr Integers, Quantization Scales)? Quantize(TensorAttr weights, int axis, FilterLayout? filters)
    {
        float[] scales = Scales(weights.Value, axis);
        if (!Array.TrueForAll(scales, float.IsFinite))
            return null;
        return (Rounded(weights, axis, scales, filters), Quantization(scales, axis));
    }

    /// <summary>The integers of the weights, which take no memory before they are read.</summary>
    public static TensorAttr Rounded(TensorAttr weights, int axis, float[] scales, FilterLayout? filters) =>
        new ComputedTensor(DType.Int8, weights.Shape, () => Round(weights.Value, axis, scales, filters));

    /// <summary>The scales and their axis as a declaration.</summary>
    public static Quantization Quantization(float[] scales, int axis) => new(scales, new long[scales.Length], Math.Max(0, axis));

    /// <summary>The scale of each channel: its largest weight is 127 steps.</summary>
    public static float[] Scales(Tensor weights, int axis)
    {
        (weights, axis) = TransposedBuffer.Unmoved(weights, axis);
        (int channels, int inner) = Layout(weights.Shape, axis);
        float[][] parts = FloatStream.VisitParts(weights, () => new float[channels], (largest, from, at) =>
        {
            for (int start = 0, count; start < from.Length; start += count)
            {
                long position = at + start;
                int channel = (int)(position / inner % channels);
                count = (int)Math.Min(inner > 1 ? inner - (position % inner) : channels - channel, from.Length - start);
                ReadOnlySpan<float> run = from.Slice(start, count);
                if (inner > 1)
                    largest[channel] = Math.Max(largest[channel], Math.Abs(TensorPrimitives.MaxMagnitude(run)));
                else
                    TensorPrimitives.MaxMagnitude(largest.AsSpan(channel, count), run, largest.AsSpan(channel, count));
            }
        });
        float[] largest = parts.Select(p => Array.ConvertAll(p, Math.Abs)).Aggregate((a, b) => [.. a.Zip(b, Math.Max)]);
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

    /// <summary>The integers nearest to the weights, or those that keep the sums of filters, computed when they are read.</summary>
    public static Tensor Round(Tensor weights, int axis, float[] scales, FilterLayout? filters)
    {
        (int unit, ElementConverter<float, sbyte> round) = Rounding(weights.Shape, axis, scales, filters);
        return ConvertedBuffer<float, sbyte>.Of(weights, unit, round);
    }

    /// <summary>Shows the weights beside their integers, chunk by chunk in order.</summary>
    public static void VisitRounded(Tensor weights, int axis, float[] scales, FilterLayout? filters, RoundedWeights visit)
    {
        (int unit, ElementConverter<float, sbyte> round) = Rounding(weights.Shape, axis, scales, filters);
        ConvertedBuffer<float, sbyte>.Of(weights, unit, (from, to, at) =>
        {
            round(from, to, at);
            visit(from, to, at);
        }).Data.Visit(_ => { });
    }

    private static (int Unit, ElementConverter<float, sbyte> Round) Rounding(Shape shape, int axis, float[] scales, FilterLayout? filters)
    {
        // With one scale for the windows of several channels, each weight is rounded for itself.
        if (filters is not { } layout || (layout.IsDepthwise && axis == PerTensor))
        {
            int inner = Layout(shape, axis).Inner;
            return (1, (from, to, at) => RealConversion.QuantizeChannels(from, to, scales, inner, at, WorkerPool.Shared));
        }

        return (layout.Weights, layout.IsDepthwise
            ? (from, to, _) => BalancedRounding.Depthwise(from, to, scales)
            : (from, to, at) => BalancedRounding.Rows(from, to, layout.Taps, scales, layout.Weights, at / layout.Weights, WorkerPool.Shared));
    }

    /// <summary>The number of channels, and of the elements that follow each other in one.</summary>
    public static (int Channels, int Inner) Layout(Shape shape, int axis)
    {
        if (axis == PerTensor)
            return (1, checked((int)shape.ElementCount));
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

/// <summary>Sees weights and their integers, the first of which are at a position of the tensor.</summary>
internal delegate void RoundedWeights(ReadOnlySpan<float> weights, ReadOnlySpan<sbyte> integers, long at);
