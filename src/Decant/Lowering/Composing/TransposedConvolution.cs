using Decant.IR;
using Decant.Ops.NN;

namespace Decant.Lowering.Composing;

/// <summary>
/// Conv3DBackpropInputV2, which TensorFlow.js does not have: a convolution of the elements with zeros between them, as many as the strides say, by the
/// filter turned around.
/// </summary>
internal static class TransposedConvolution
{
    private const int Dims = 3;

    public static Value[] Run(CompositionContext c)
    {
        Shape given = c.Shape(2), filter = c.Shape(1), made = c.Output().Shape;
        if (c.Attributes.String("data_format") == "NCDHW" || c.Attributes.Ints("dilations").Any(d => d != 1))
            throw c.Refuse("has channels in the second dimension, or dilations");
        if (!filter.IsFullyKnown || !AreKnown(given) || !AreKnown(made))
            throw c.Refuse($"makes {made} of {given} by a filter {filter}, expected five dimensions that are known, but for the batch, and not 0");
        Window[] windows = WindowRule.Convolution(c.Node, Dims).Along(made, filter.Dims[..Dims]);

        // Zeros behind each element, a dimension after the other: [.., n, rest] becomes [.. n, 1, rest], and that [.. n, stride, rest].
        Value x = c.In(2);
        long[] dims = given.Dims.ToArray();
        for (int d = 1; d <= Dims; d++)
        {
            long stride = windows[d - 1].Stride;
            if (stride == 1)
                continue;
            long rest = dims[(d + 1)..].Aggregate(1L, (a, b) => a * b);
            x = Padded(c, c.Tf("Reshape", x, c.Vector(-1, 1, rest)), [0, 0, 0, stride - 1, 0, 0]);
            dims[d] *= stride;
        }

        // A result needs size - 1 elements around, of which size - 1 - before are zeros before the first; zeros behind the last may be too many.
        long[] before = [.. windows.Select(w => w.Size - 1 - w.Before)], length = [.. windows.Select(w => w.Input + w.Size - 1)];
        long[] kept = [.. Enumerable.Range(0, Dims).Select(d => Math.Min(dims[d + 1], length[d] - before[d]))];
        x = c.Tf("Reshape", x, c.Vector(-1, dims[1], dims[2], dims[3], dims[4]));
        if (!kept.SequenceEqual(dims[1..(Dims + 1)]))
            x = c.Tf("Slice", x, c.Vector(0, 0, 0, 0, 0), c.Vector(-1, kept[0], kept[1], kept[2], -1));
        x = Padded(c, x, [0, 0, .. Enumerable.Range(0, Dims).SelectMany(d => (long[])[before[d], length[d] - before[d] - kept[d]]), 0, 0]);
        Value turned = c.Tf("ReverseV2", c.Tf("Transpose", c.In(1), c.Vector(0, 1, 2, 4, 3)), c.Vector(0, 1, 2));
        return [c.Tf("Conv3D", new AttributeMap { { "strides", new ListAttr { Ints = [1, 1, 1, 1, 1] } }, { "padding", "VALID" } }, x, turned)];
    }

    private static bool AreKnown(Shape shape) => shape is { HasRank: true, Rank: Dims + 2 } && shape.Dims[1..].ToArray().All(d => d > 0);

    // Zeros before and after each dimension.
    private static Value Padded(CompositionContext c, Value x, long[] pads) => Array.TrueForAll(pads, p => p == 0) ? x
        : c.Tf("Pad", x, c.Const(Tensor.Wrap(Array.ConvertAll(pads, p => checked((int)p)), new Shape(pads.Length / 2, 2))));
}
