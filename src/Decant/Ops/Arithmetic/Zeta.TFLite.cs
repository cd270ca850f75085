using Decant.IR;
using Decant.Ops.Lowering;

namespace Decant.Ops.Arithmetic;

/// <summary>Hurwitz's zeta function: the first terms of its sum, and Euler and Maclaurin's formula for the rest.</summary>
internal static class ZetaLowering
{
    private const int Terms = 16;

    /// <summary>How far the rest begins from the pole at least; with less, its terms do not become small.</summary>
    private const int Nearest = 9;

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
        Value x = g.In(0), q = g.In(1), one = g.Scalar(1, type);
        Value numbers = g.Tf("Cast", new AttributeMap { { "DstT", type } }, g.Const(Tensor.Wrap([.. Enumerable.Range(0, Terms).Select(k => (float)k)])));
        Value sum = g.Tf("Sum", g.Tf("Pow", g.Tf("AddV2", Column(q), numbers), g.Tf("Neg", Column(x))), g.Vector(-1));
        Value w = g.Tf("AddV2", q, g.Scalar(Terms, type)), power = g.Tf("Pow", w, g.Tf("Neg", x));
        sum = g.Tf("AddV2", sum, g.Tf("AddV2", g.Tf("RealDiv", g.Tf("Mul", power, w), g.Tf("Sub", x, one)), g.Tf("Mul", power, g.Scalar(0.5, type))));
        // x (x + 1) ... (x + 2 k) w^(-x - 2 k - 1), each of the one before.
        Value factor = g.Tf("RealDiv", g.Tf("Mul", power, x), w);
        for (int k = 0; k < Coefficients.Length; k++)
        {
            sum = g.Tf("AddV2", sum, g.Tf("Mul", factor, g.Scalar(Coefficients[k], type)));
            Value rise = g.Tf("Mul", g.Tf("AddV2", x, g.Scalar((2 * k) + 1, type)), g.Tf("AddV2", x, g.Scalar((2 * k) + 2, type)));
            factor = g.Tf("Mul", factor, g.Tf("RealDiv", rise, g.Tf("Mul", w, w)));
        }

        Value infinite = g.Scalar(double.PositiveInfinity, type), none = g.Scalar(double.NaN, type);
        Value isWhole = g.Tf("Equal", x, g.Tf("Floor", x)), isPole = g.Tf("Equal", q, g.Tf("Floor", q)), isNegative = g.Tf("LessEqual", q, g.Scalar(0, type));
        Value isFar = g.Tf("LessEqual", w, g.Scalar(Nearest, type));
        Value isEven = g.Tf("Equal", g.Tf("FloorMod", x, g.Scalar(2, type)), g.Scalar(0, type));
        Value otherwise = g.Tf("SelectV2", isPole, g.Tf("SelectV2", isEven, infinite, none), g.Tf("SelectV2", g.Tf("LogicalOr", g.Tf("LogicalNot", isWhole), isFar), none, sum));
        Value y = g.Tf("SelectV2", isNegative, otherwise, sum);
        y = g.Tf("SelectV2", g.Tf("Less", x, one), none, y);
        g.Set(g.Tf("SelectV2", g.Tf("Equal", x, one), infinite, y));

        Value Column(Value value) => g.Tf("ExpandDims", value, g.Scalar(-1, DType.Int32));
    }
}
