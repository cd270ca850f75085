using Decant.IR;
using Decant.Ops.Arrays;

namespace Decant.Ops.Quantized;

/// <summary>Attributes <c>mode</c> and <c>axis</c> of QuantizeV2 and Dequantize.</summary>
internal static class QuantizeMode
{
    public const string MinCombined = "MIN_COMBINED";
    public const string MinFirst = "MIN_FIRST";
    public const string Scaled = "SCALED";

    /// <summary>The mode of a node.</summary>
    public static string Read(Node node)
    {
        string mode = new NodeAttributes(node).String("mode");
        return mode is MinCombined or MinFirst or Scaled ? mode
            : throw GraphErrors.BadAttribute.At(node.At("mode"), $"is '{mode}', expected MIN_COMBINED, MIN_FIRST or SCALED");
    }

    /// <summary>The number of slices that have ranges of their own, in inputs 1 and 2, and the contiguous elements of each.</summary>
    public static (int Slices, int Run) Slices(KernelContext context, long axis, string mode)
    {
        Shape shape = context.Shape(0);
        if (axis < -1 || axis >= shape.Rank)
            throw context.Fail($"has the axis {axis} for an input of shape {shape}, expected -1 or one of its dimensions");
        int slices = axis < 0 ? 1 : (int)shape[(int)axis];
        for (int i = 1; i < 3; i++)
        {
            if (context.Input(i).DType != DType.Float32 || context.Input(i).ElementCount != slices)
                throw context.Fail($"input {i} is {context.Input(i)}, expected {slices} float32");
        }

        if (slices > 1 && mode == MinFirst)
            throw context.Fail("has an axis with mode MIN_FIRST, expected MIN_COMBINED or SCALED");
        return (slices, axis < 0 ? (int)shape.ElementCount : Axes.Product(shape, (int)axis + 1, shape.Rank));
    }
}
