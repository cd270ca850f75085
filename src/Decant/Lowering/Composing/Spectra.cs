using Decant.IR;
using Decant.Ops.Lowering;

namespace Decant.Lowering.Composing;

/// <summary>Real transforms, for which TensorFlow.js takes the length from the input and has one axis.</summary>
internal static class Spectra
{
    /// <summary>RFFT of lines that are cut, or padded with zeros, to its length.</summary>
    public static Value[]? Line(CompositionContext c) =>
        c.Known(1) is not [>= 1 and var length] || (c.Shape(0).HasRank && c.Shape(0)[-1] == length) ? null : [c.Tf("RFFT", Fitted(c, c.In(0), 1, length), c.Vector(length))];

    /// <summary>IRFFT of other lengths than TensorFlow.js gives is refused.</summary>
    public static Value[]? Back(CompositionContext c) =>
        c.Known(1) is [var length] && c.Shape(0) is { HasRank: true } shape && shape[-1] >= 0 && length != 2 * (shape[-1] - 1)
            ? throw c.Refuse($"gives {length} numbers of {shape[-1]} columns, and in TensorFlow.js {2 * (shape[-1] - 1)}") : null;

    /// <summary>RFFT2D as RFFT of the rows, and FFT of the columns of that.</summary>
    public static Value[]? Image(CompositionContext c)
    {
        if (c.Known(1) is not [>= 1 and var rows, >= 1 and var columns])
            return null;
        Value lines = c.Tf("RFFT", Fitted(c, Fitted(c, c.In(0), 1, columns), 2, rows), c.Vector(columns));
        if (rows == 1)
            return [lines];
        Value turn = c.Vector([.. Enumerable.Range(0, c.Shape(0).Rank - 2).Select(i => (long)i), c.Shape(0).Rank - 1, c.Shape(0).Rank - 2]);
        return [c.Tf("Transpose", c.Tf("FFT", c.Tf("Transpose", lines, turn)), turn)];
    }

    /// <summary>An axis, counted from the end, cut to a length or padded with zeros: both where its size is not known.</summary>
    private static Value Fitted(CompositionContext c, Value x, int fromEnd, long length)
    {
        Shape shape = LoweringContext.Fact(x).Shape;
        if (!shape.HasRank || shape.Rank < fromEnd)
            throw c.Refuse($"has an input of shape {shape}, expected a known rank");
        long size = shape[-fromEnd];
        int axis = shape.Rank - fromEnd;
        if (size < length)
        {
            int[] pads = new int[2 * shape.Rank];
            pads[(2 * axis) + 1] = checked((int)(length - Math.Max(size, 0)));
            x = c.Tf("Pad", x, c.Const(Tensor.Wrap(pads, new Shape(shape.Rank, 2))));
        }

        if (size >= 0 && size <= length)
            return x;
        long[] sizes = [.. Enumerable.Repeat(-1L, shape.Rank)];
        sizes[axis] = length;
        return c.Tf("Slice", x, c.Vector(new long[shape.Rank]), c.Vector(sizes));
    }
}
