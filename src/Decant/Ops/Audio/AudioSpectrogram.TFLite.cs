using System.Numerics;
using Decant.IR;
using Decant.Ops.Arrays;
using Decant.Ops.Lowering;

namespace Decant.Ops.Audio;

/// <summary><see cref="AudioSpectrogram"/> as frames that are gathered out of the sound, and their RFFT.</summary>
internal static class AudioSpectrogramLowering
{
    public static LoweringRule Rule { get; } = new("AudioSpectrogram", Lower);

    private static void Lower(LoweringContext g)
    {
        (int window, int stride) = AudioSpectrogram.Read(g.Node);
        if (g.Shape(0) is not { HasRank: true, Rank: 2 } sound || sound[1] < 1)
            throw g.Refuse($"has a sound of shape {g.Shape(0)}, expected [samples,channels] with a known number of channels: give the shape of the inputs");
        Value weighed = g.Tf("Mul", Frames(g, sound[1], window, stride), g.Const(Tensor.Wrap([.. AudioSpectrogram.Hann(window).Select(w => (float)w)])));
        Value spectrum = g.Tf("RFFT", weighed, g.Vector(AudioSpectrogram.Length(window)));
        g.Set(g.Attributes.Bool("magnitude_squared") ? g.Tf("AddV2", g.Tf("Square", g.Tf("Real", spectrum)), g.Tf("Square", g.Tf("Imag", spectrum))) : g.Tf("ComplexAbs", spectrum));
    }

    /// <summary>
    /// The samples [channels, frames, window] under the windows. The sound is cut in parts as long as the largest number that window and stride are
    /// multiples of, so that the indices of few parts make a frame.
    /// </summary>
    private static Value Frames(LoweringContext g, long channels, int window, int stride)
    {
        int part = (int)BigInteger.GreatestCommonDivisor(window, stride);
        Value zero = g.Scalar(0, DType.Int32), size = g.Scalar(part, DType.Int32);
        Value count = g.Tf("FloorDiv", ShapeLowering.Dimension(g, g.In(0), 0), size);
        Value lines = g.Tf("Transpose", g.In(0), g.Vector(1, 0)), whole = g.Tf("Reshape", g.Tf("Mul", count, size), g.Vector(1));
        lines = g.Tf("Slice", lines, g.Vector(0, 0), g.Tf("ConcatV2", g.Vector(channels), whole, zero));
        Value parts = g.Tf("Reshape", lines, g.Vector(channels, count.Constant is { } known ? TensorInts.Single(known, g.Node) : -1, part));
        Value ends = g.Tf("Maximum", g.Tf("Sub", count, g.Scalar((window / part) - 1, DType.Int32)), zero);
        Value starts = g.Tf("Range", zero, ends, g.Scalar(stride / part, DType.Int32));
        Value indices = g.Tf("AddV2", g.Tf("ExpandDims", starts, g.Scalar(1, DType.Int32)), g.Const(Tensor.Wrap([.. Enumerable.Range(0, window / part)])));
        Value frames = g.Tf("GatherV2", parts, indices, g.Scalar(1, DType.Int32));
        return g.Tf("Reshape", frames, g.Vector(channels, LoweringContext.Fact(indices).Shape[0], window));
    }
}
