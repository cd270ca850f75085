using Decant.IR;
using Decant.Ops.Arrays;
using Decant.Ops.Lowering;

namespace Decant.Ops.Images;

/// <summary><see cref="CropAndResize"/> as pixels that are gathered, and weighed by how near they are.</summary>
internal static class CropAndResizeLowering
{
    public static LoweringRule Rule { get; } = new("CropAndResize", Lower);

    private static void Lower(LoweringContext g)
    {
        if (g.Shape(0) is not { HasRank: true, Rank: 4 } images || images[3] < 1)
            throw g.Refuse($"has images of shape {g.Shape(0)}, expected [batch,height,width,channels] with a known number of channels");
        if (g.ConstantInts(3, "crop sizes") is not [>= 1 and var cropHeight, >= 1 and var cropWidth])
            throw g.Fail("has a crop_size that is not two positive numbers");
        Value height = ShapeLowering.Dimension(g, g.In(0), 1), width = ShapeLowering.Dimension(g, g.In(0), 2);
        Value[] sides = g.Expand("Split", [g.Scalar(1, DType.Int32), g.In(1)], new AttributeMap { { "num_split", 4 } });
        (Value y, Value isRow) = Places(g, sides[0], sides[2], height, cropHeight);
        (Value x, Value isColumn) = Places(g, sides[1], sides[3], width, cropWidth);
        Value pixels = g.Tf("Reshape", Cast(g, g.In(0), DType.Float32), g.Vector(-1, images[3]));
        Value firstRows = g.Tf("ExpandDims", g.Tf("Mul", ShapeLowering.Narrow(g, g.In(2)), height), g.Scalar(1, DType.Int32));
        Value cut = g.Attributes.String("method") == "nearest" ? At(Nearest(g, y), Nearest(g, x)) : Bilinear();
        g.Set(g.Tf("SelectV2", g.Tf("LogicalAnd", Rows(isRow), Columns(isColumn)), cut, Number(g, g.Attributes.Float("extrapolation_value"))));

        Value Bilinear()
        {
            Value top = g.Tf("Floor", y), bottom = g.Tf("Ceil", y), left = g.Tf("Floor", x), right = g.Tf("Ceil", x);
            Value down = Rows(g.Tf("Sub", y, top)), along = Columns(g.Tf("Sub", x, left));
            return Between(g, Between(g, At(top, left), At(top, right), along), Between(g, At(bottom, left), At(bottom, right), along), down);
        }

        // The pixels [boxes, crop height, crop width, channels] of whole rows and columns.
        Value At(Value row, Value column)
        {
            Value line = g.Tf("Mul", g.Tf("AddV2", Cast(g, row, DType.Int32), firstRows), width);
            Value index = g.Tf("AddV2", g.Tf("ExpandDims", line, g.Scalar(2, DType.Int32)), g.Tf("ExpandDims", Cast(g, column, DType.Int32), g.Scalar(1, DType.Int32)));
            return g.Tf("GatherV2", pixels, index, g.Scalar(0, DType.Int32));
        }

        Value Rows(Value value) => g.Tf("ExpandDims", g.Tf("ExpandDims", value, g.Scalar(2, DType.Int32)), g.Scalar(3, DType.Int32));

        Value Columns(Value value) => g.Tf("ExpandDims", g.Tf("ExpandDims", value, g.Scalar(1, DType.Int32)), g.Scalar(3, DType.Int32));
    }

    /// <summary>Where in an image the rows or columns [boxes, count] of crops lie, and which are within; those that are not lie at 0.</summary>
    private static (Value Place, Value IsInside) Places(LoweringContext g, Value from, Value to, Value size, long count)
    {
        Value last = Cast(g, g.Tf("Sub", size, g.Scalar(1, DType.Int32)), DType.Float32);
        Value place = count == 1 ? g.Tf("Mul", g.Tf("Mul", Number(g, 0.5), g.Tf("AddV2", from, to)), last) : Spread();
        Value isInside = g.Tf("LogicalAnd", g.Tf("GreaterEqual", place, Number(g, 0)), g.Tf("LessEqual", place, last));
        return (g.Tf("SelectV2", isInside, place, Number(g, 0)), isInside);

        Value Spread()
        {
            Value step = g.Tf("RealDiv", g.Tf("Mul", g.Tf("Sub", to, from), last), Number(g, count - 1));
            return g.Tf("AddV2", g.Tf("Mul", from, last), g.Tf("Mul", step, g.Const(Tensor.Wrap([.. Enumerable.Range(0, (int)count).Select(i => (float)i)]))));
        }
    }

    // Halves go up, as places are not negative.
    private static Value Nearest(LoweringContext g, Value place)
    {
        Value floor = g.Tf("Floor", place);
        return g.Tf("AddV2", floor, Cast(g, g.Tf("GreaterEqual", g.Tf("Sub", place, floor), Number(g, 0.5)), DType.Float32));
    }

    private static Value Between(LoweringContext g, Value from, Value to, Value part) => g.Tf("AddV2", from, g.Tf("Mul", g.Tf("Sub", to, from), part));

    private static Value Number(LoweringContext g, double value) => g.Scalar(value, DType.Float32);

    private static Value Cast(LoweringContext g, Value value, DType to) => LoweringContext.Fact(value).DType == to ? value : g.Tf("Cast", new AttributeMap { { "DstT", to } }, value);
}
