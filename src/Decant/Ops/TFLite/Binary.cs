using Decant.IR;
using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite;

/// <summary>Operators on two inputs that broadcast.</summary>
internal static class Binary
{
    // Inputs of ADD and SUB get this many more bits before they are scaled to one another.
    private const int SumBits8 = 20, SumBits16 = 15, ComparisonBits = 8, DifferenceBits = 7;

    public static IEnumerable<Op> All =>
    [
        new TFLiteOp("ADD", r => r.IsQuantized(0) ? Sum(r, 1) : Floats(r, "AddV2")),
        new TFLiteOp("ADD_N", r => new Translation(r, "AddN").All().Type("T", 0).Set("N", r.InputCount).Prepare()),
        new TFLiteOp("ATAN2", Plain("Atan2")),
        new TFLiteOp("atan2", Plain("Atan2")),
        new TFLiteOp("BITWISE_XOR", Plain("BitwiseXor")),
        new TFLiteOp("DIV", r => r.IsQuantized(0) ? Quotient.Prepare(r) : Floats(r, r.InputType(0) is DType.Float32 or DType.Float16 ? "RealDiv" : "Div")),
        Comparison("EQUAL", "Equal", static (a, b) => a == b),
        new TFLiteOp("FLOOR_DIV", r => r.InputType(0) == DType.Float32 ? Pairs.Floats(r, static (a, b) => (float)Math.Floor((double)a / b)) : Plain("FloorDiv")(r)),
        new TFLiteOp("FLOOR_MOD", Plain("FloorMod")),
        Comparison("GREATER", "Greater", static (a, b) => a > b),
        Comparison("GREATER_EQUAL", "GreaterEqual", static (a, b) => a >= b),
        Comparison("LESS", "Less", static (a, b) => a < b),
        Comparison("LESS_EQUAL", "LessEqual", static (a, b) => a <= b),
        new TFLiteOp("LOGICAL_AND", Moves.Translated("LogicalAnd")),
        new TFLiteOp("LOGICAL_OR", Moves.Translated("LogicalOr")),
        new TFLiteOp("MAXIMUM", Plain("Maximum")),
        new TFLiteOp("MINIMUM", Plain("Minimum")),
        new TFLiteOp("MUL", r => r.IsQuantized(0) ? Product(r) : Floats(r, "Mul")),
        Comparison("NOT_EQUAL", "NotEqual", static (a, b) => a != b),
        new TFLiteOp("POW", Plain("Pow")),
        new TFLiteOp("RIGHT_SHIFT", Plain("RightShift")),
        new TFLiteOp("SQUARED_DIFFERENCE", r => r.IsQuantized(0) ? SquaredDifference(r) : Plain("SquaredDifference")(r)),
        new TFLiteOp("SUB", r => r.IsQuantized(0) ? Sum(r, -1) : Floats(r, "Sub")),
    ];

    private static Func<KernelRequest, Kernel> Plain(string op) => r => new Translation(r, op).In(0, 1).Type("T", 0).Prepare();

    private static Kernel Floats(KernelRequest request, string op) => Activated.Of(request, Plain(op)(request));

    private static Kernel Sum(KernelRequest request, int sign)
    {
        (QuantParams a, QuantParams b, QuantParams output) = (request.InputQuant(0), request.InputQuant(1), request.OutputQuant());
        (int, int) bounds = Quantizing.Clamp(request.OutputType(), output, request.Activation());
        if (request.OutputType() == DType.Int16 && request.Attributes.Bool("pot_scale_int16") && IsPowerOfTwo(a.Scale, out int la) && IsPowerOfTwo(b.Scale, out int lb) && IsPowerOfTwo(output.Scale, out int lo))
        {
            (int shiftA, int shiftB) = (lo - la, lo - lb);
            return Pairs.Integers(request, (x, y) => Math.Clamp(FixedPoint.RoundingShift(x, Math.Max(0, shiftA)) + (sign * FixedPoint.RoundingShift(y, Math.Max(0, shiftB))), short.MinValue, short.MaxValue), bounds);
        }

        int bits = request.OutputType() == DType.Int16 ? SumBits16 : SumBits8;
        double twice = 2 * (double)Math.Max(a.Scale, b.Scale);
        FixedPoint fa = FixedPoint.Of(a.Scale / twice), fb = FixedPoint.Of(b.Scale / twice);
        FixedPoint fo = FixedPoint.Of(twice / ((1 << bits) * (double)output.Scale));
        if (PackedBinary.Takes(request))
            return new PackedBinary(request, sign > 0 ? IntegerBinaryOp.Add : IntegerBinaryOp.Subtract, bits, (fa, fb, fo), bounds);
        return Pairs.Integers(request, (x, y) =>
            fo.Times(fa.Times((x - a.ZeroPoint) << bits) + (sign * fb.Times((y - b.ZeroPoint) << bits))) + output.ZeroPoint, bounds);
    }

    private static bool IsPowerOfTwo(float scale, out int log)
    {
        log = (int)Math.Round(Math.Log2(scale));
        return Math.Abs(Math.Log2(scale) - log) < 1e-3;
    }

    private static Kernel Product(KernelRequest request)
    {
        (QuantParams a, QuantParams b, QuantParams output) = (request.InputQuant(0), request.InputQuant(1), request.OutputQuant());
        FixedPoint factor = Quantizing.Factor(a.Scale, b.Scale, output.Scale);
        (int, int) bounds = Quantizing.Clamp(request.OutputType(), output, request.Activation());
        return PackedBinary.Takes(request) ? new PackedBinary(request, IntegerBinaryOp.Multiply, 0, (default, default, factor), bounds)
            : Pairs.Integers(request, (x, y) => factor.Times((x - a.ZeroPoint) * (y - b.ZeroPoint)) + output.ZeroPoint, bounds);
    }

    private static Kernel SquaredDifference(KernelRequest request)
    {
        (QuantParams a, QuantParams b, QuantParams output) = (request.InputQuant(0), request.InputQuant(1), request.OutputQuant());
        double twice = 2.0 * Math.Max(a.Scale, b.Scale);
        FixedPoint fa = FixedPoint.Of(a.Scale / twice), fb = FixedPoint.Of(b.Scale / twice);
        FixedPoint fo = FixedPoint.Of(twice * twice / ((1 << (DifferenceBits * 2)) * (double)output.Scale));
        return Pairs.Integers(request, (x, y) =>
        {
            int difference = fa.Times((x - a.ZeroPoint) << DifferenceBits) - fb.Times((y - b.ZeroPoint) << DifferenceBits);
            return fo.Times(difference * difference) + output.ZeroPoint;
        });
    }

    private static TFLiteOp Comparison(string name, string op, Func<int, int, bool> compare) => new(name, request =>
    {
        if (!request.IsQuantized(0) || request.InputType(0) == DType.Int16)
            return Plain(op)(request);
        (QuantParams a, QuantParams b) = (request.InputQuant(0), request.InputQuant(1));
        FixedPoint fa = FixedPoint.Of(a.Scale), fb = FixedPoint.Of(b.Scale);
        return Pairs.Compare(request, (x, y) => compare(fa.Times((x - a.ZeroPoint) << ComparisonBits), fb.Times((y - b.ZeroPoint) << ComparisonBits)));
    });
}
