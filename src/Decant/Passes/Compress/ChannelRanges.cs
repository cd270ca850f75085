using System.Numerics.Tensors;

namespace Decant.Passes.Compress;

/// <summary>Scale and zero point of each channel of weights, in the shape in which they broadcast: 1 along the other axes, up to the last.</summary>
internal sealed record ChannelRanges(float[] Scales, float[] ZeroPoints, Shape Shape, int Run)
{
    private const int Highest = 255;

    /// <summary>Whether the last axis is one of the channels'.</summary>
    public bool IncludesLastAxis => Run == 1;

    /// <summary>Whether another axis is one of the channels'.</summary>
    public bool IncludesOtherAxis => Shape.Rank > 1;

    /// <summary>The ranges of the slices along <paramref name="count"/> axes from <paramref name="first"/>, each widened to hold 0.</summary>
    public static ChannelRanges Of(Tensor weights, int first, int count)
    {
        Shape shape = weights.Shape;
        int run = (int)Product(shape, first + count, shape.Rank);
        int channels = (int)Product(shape, first, first + count);
        float[] min = new float[channels], max = new float[channels];
        Walk(weights, run, channels, (channel, elements) =>
        {
            if (run == 1)
            {
                TensorPrimitives.Min(min.AsSpan(channel, elements.Length), elements, min.AsSpan(channel));
                TensorPrimitives.Max(max.AsSpan(channel, elements.Length), elements, max.AsSpan(channel));
                return;
            }

            min[channel] = Math.Min(min[channel], TensorPrimitives.Min(elements));
            max[channel] = Math.Max(max[channel], TensorPrimitives.Max(elements));
        });
        float[] scales = new float[channels], zeros = new float[channels];
        for (int i = 0; i < channels; i++)
        {
            // In two halves, as max - min may be infinite where neither of them is.
            float scale = (max[i] / Highest) - (min[i] / Highest);
            scales[i] = scale > 0 ? scale : 1;
            zeros[i] = Math.Clamp(MathF.Round(-min[i] / scales[i]), 0, Highest);
        }

        long[] broadcast = new long[shape.Rank - first];
        Array.Fill(broadcast, 1);
        for (int i = 0; i < count; i++)
            broadcast[i] = shape[first + i];
        return new ChannelRanges(scales, zeros, new Shape(broadcast), run);
    }

    /// <summary>The integers, uint8: round(x / scale) + zero.</summary>
    public Tensor Quantize(Tensor weights)
    {
        byte[] result = new byte[weights.ElementCount];
        float[] inverses = Array.ConvertAll(Scales, s => 1 / s), values = [];
        int at = 0;
        Walk(weights, Run, Scales.Length, (channel, elements) =>
        {
            if (values.Length < elements.Length)
                values = new float[elements.Length];
            Span<float> rounded = values.AsSpan(0, elements.Length);
            if (Run == 1)
            {
                TensorPrimitives.Multiply(elements, inverses.AsSpan(channel, elements.Length), rounded);
                TensorPrimitives.Round(rounded, rounded);
                TensorPrimitives.Add(rounded, ZeroPoints.AsSpan(channel, elements.Length), rounded);
            }
            else
            {
                TensorPrimitives.Multiply(elements, inverses[channel], rounded);
                TensorPrimitives.Round(rounded, rounded);
                TensorPrimitives.Add(rounded, ZeroPoints[channel], rounded);
            }

            FloatsToBytes.Saturate(rounded, result.AsSpan(at));
            at += elements.Length;
        });
        return Tensor.Wrap(result, weights.Shape);
    }

    private delegate void Slice(int channel, ReadOnlySpan<float> elements);

    /// <summary>Hands on contiguous elements in order: of one channel, or with runs of 1 of a channel and those that follow it.</summary>
    private static void Walk(Tensor weights, int run, int channels, Slice visit)
    {
        long at = 0;
        FloatElements.Visit(weights, piece =>
        {
            for (int i = 0; i < piece.Length;)
            {
                long left = run > 1 ? run - (at % run) : channels - (at % channels);
                int length = (int)Math.Min(left, piece.Length - i);
                visit((int)(at / run % channels), piece.Slice(i, length));
                at += length;
                i += length;
            }
        });
    }

    private static long Product(Shape shape, int from, int to)
    {
        long product = 1;
        for (int i = from; i < to; i++)
            product *= shape[i];
        return product;
    }
}
