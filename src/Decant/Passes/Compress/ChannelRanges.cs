using System.Numerics.Tensors;
using Decant.Runtime;

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
        (float[] Min, float[] Max)[] parts = FloatStream.VisitParts(weights, () => (new float[channels], new float[channels]), (part, piece, at) =>
        {
            foreach ((int channel, Range slice) in Slices(at, piece.Length, run, channels))
            {
                if (run == 1)
                    ChannelLoops.Widen(piece[slice], part.Item1.AsSpan(channel), part.Item2.AsSpan(channel));
                else
                    ChannelLoops.Widen(piece[slice], ref part.Item1[channel], ref part.Item2[channel]);
            }
        });
        (float[] min, float[] max) = parts[0];
        foreach ((float[] least, float[] most) in parts.AsSpan(1))
        {
            TensorPrimitives.Min(least, min, min);
            TensorPrimitives.Max(most, max, max);
        }

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
        float[] inverses = Array.ConvertAll(Scales, s => 1 / s);
        return FloatStream.Convert<byte>(weights, DType.UInt8, (from, to, at) =>
        {
            foreach ((int channel, Range slice) in Slices(at, from.Length, Run, inverses.Length))
            {
                if (Run == 1)
                    ChannelLoops.Quantize(from[slice], inverses.AsSpan(channel), ZeroPoints.AsSpan(channel), to[slice]);
                else
                    ChannelLoops.Quantize(from[slice], inverses[channel], ZeroPoints[channel], to[slice]);
            }
        });
    }

    /// <summary>Divides contiguous elements from a position on: into those of one channel each, or with runs of 1 into those of a channel and the ones that follow it.</summary>
    private static IEnumerable<(int Channel, Range Slice)> Slices(long at, int count, int run, int channels)
    {
        for (int i = 0; i < count;)
        {
            long left = run > 1 ? run - (at % run) : channels - (at % channels);
            int length = (int)Math.Min(left, count - i);
            yield return ((int)(at / run % channels), i..(i + length));
            at += length;
            i += length;
        }
    }

    private static long Product(Shape shape, int from, int to)
    {
        long product = 1;
        for (int i = from; i < to; i++)
            product *= shape[i];
        return product;
    }
}
