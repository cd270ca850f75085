using Decant.IR;
using Decant.Ops.Lowering;

namespace Decant.Ops.Arithmetic;

/// <summary>
/// Hurwitz's zeta function: the first terms of its sum, and Euler and Maclaurin's formula for the rest. For q below zero, of which f is the
/// distance to the whole number below, the terms of q, q + 1, ... are those of f, and of 1 - f, 2 - f, ..., -q with the sign of (-1)^x:
/// zeta(x, q) = zeta(x, f) + (-1)^x (zeta(x, 1 - f) - zeta(x, 1 - q)).
/// </summary>
internal static class ZetaLowering
{
    private const int Terms = 16;

    // B_2k / (2k)!
    private static readonly double[] Coefficients =
    [
        1 / 12.0, -1 / 720.0, 1 / 30240.0, -1 / 1209600.0, 1 / 47900160.0, -691 / 1307674368000.0, 1 / 74724249600.0, -3617 / 10670622842880000.0,
    ];

    public static LoweringRule Rule { get; } = new("Zeta", Lower);

    private static void Lower(LoweringContext g)
    {
        DType type = g.Type(0);
        if (type is not (DType.Float32 or DType.Float64))
            throw g.Refuse($"is of {type.Name()}");
        Value x = g.In(0), one = g.Scalar(1, type), infinite = g.Scalar(double.PositiveInfinity, type), none = g.Scalar(double.NaN, type);
        Value q = g.Tf("AddV2", g.In(1), g.Tf("ZerosLike", x)), below = g.Tf("Floor", q), isNegative = g.Tf("LessEqual", q, g.Scalar(0, type));
        Value isPole = g.Tf("Equal", q, below), isWhole = g.Tf("Equal", x, g.Tf("Floor", x)), isEven = g.Tf("Equal", g.Tf("FloorMod", x, g.Scalar(2, type)), g.Scalar(0, type));
        Value fraction = g.Tf("Sub", q, below), begin = g.Tf("SelectV2", isNegative, fraction, q);
        // The sums of q, or of the three, at once.
        Value sums = Sum(g, x, g.Tf("Pack", new AttributeMap { { "axis", 0 } }, begin, g.Tf("Sub", one, fraction), g.Tf("Sub", one, g.Tf("Minimum", q, g.Scalar(0, type)))), type);
        Value[] parts = g.Expand("Unpack", [sums], new AttributeMap { { "num", 3 }, { "axis", 0 } });
        Value before = g.Tf("Mul", g.Tf("SelectV2", isEven, one, g.Scalar(-1, type)), g.Tf("Sub", parts[1], parts[2]));
        Value reflected = g.Tf("SelectV2", isPole, g.Tf("SelectV2", isEven, infinite, none), g.Tf("SelectV2", isWhole, g.Tf("AddV2", parts[0], before), none));
        Value y = g.Tf("SelectV2", isNegative, reflected, parts[0]);
        y = g.Tf("SelectV2", g.Tf("Less", x, one), none, y);
        g.Set(g.Tf("SelectV2", g.Tf("Equal", x, one), infinite, y));
    }

    /// <summary>Of positive q.</summary>
    private static Value Sum(LoweringContext g, Value x, Value q, DType type)
    {
        Value numbers = g.Tf("Cast", new AttributeMap { { "DstT", type } }, g.Const(Tensor.Wrap([.. Enumerable.Range(0, Terms).Select(k => (float)k)])));
        Value sum = g.Tf("Sum", g.Tf("Pow", g.Tf("AddV2", Column(q), numbers), g.Tf("Neg", Column(x))), g.Vector(-1));
        Value w = g.Tf("AddV2", q, g.Scalar(Terms, type)), power = g.Tf("Pow", w, g.Tf("Neg", x));
        sum = g.Tf("AddV2", sum, g.Tf("AddV2", g.Tf("RealDiv", g.Tf("Mul", power, w), g.Tf("Sub", x, g.Scalar(1, type))), g.Tf("Mul", power, g.Scalar(0.5, type))));
        // x (x + 1) ... (x + 2 k) w^(-x - 2 k - 1), each of the one before.
        Value factor = g.Tf("RealDiv", g.Tf("Mul", power, x), w);
        for (int k = 0; k < Coefficients.Length; k++)
        {
            sum = g.Tf("AddV2", sum, g.Tf("Mul", factor, g.Scalar(Coefficients[k], type)));
            Value rise = g.Tf("Mul", g.Tf("AddV2", x, g.Scalar((2 * k) + 1, type)), g.Tf("AddV2", x, g.Scalar((2 * k) + 2, type)));
            factor = g.Tf("Mul", factor, g.Tf("RealDiv", rise, g.Tf("Mul", w, w)));
        }

        return sum;

        Value Column(Value value) => g.Tf("ExpandDims", value, g.Scalar(-1, DType.Int32));
    }
}
