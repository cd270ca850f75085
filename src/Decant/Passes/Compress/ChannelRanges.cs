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
            foreach (float x in elements)
            {
                min[channel] = Math.Min(min[channel], x);
                max[channel] = Math.Max(max[channel], x);
            }
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
        int at = 0;
        Walk(weights, Run, Scales.Length, (channel, elements) =>
        {
            (float inverse, float zero) = (1 / Scales[channel], ZeroPoints[channel]);
            foreach (float x in elements)
                result[at++] = (byte)Math.Clamp(MathF.Round(x * inverse) + zero, 0, Highest);
        });
        return Tensor.Wrap(result, weights.Shape);
    }

    private delegate void Slice(int channel, ReadOnlySpan<float> elements);

    /// <summary>Hands on contiguous elements of one channel, in order.</summary>
    private static void Walk(Tensor weights, int run, int channels, Slice visit)
    {
        long at = 0;
        FloatElements.Visit(weights, piece =>
        {
            for (int i = 0; i < piece.Length;)
            {
                int length = (int)Math.Min(run - (at % run), piece.Length - i);
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
