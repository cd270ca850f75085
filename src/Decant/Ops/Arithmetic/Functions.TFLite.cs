using Decant.IR;
using Decant.Ops.Lowering;

namespace Decant.Ops.Arithmetic;

/// <summary>Functions that TensorFlow Lite has no operator for, composed of those it has.</summary>
internal static class FunctionLowering
{
    // Selu's constants, as TensorFlow has them.
    private const double SeluScale = 1.0507009873554804934193349852946, SeluScaleAlpha = 1.7580993408473768599402175208123;

    public static IEnumerable<LoweringRule> All =>
    [
        new("Log1p", g => g.Set(Log1p(g))),
        new("Expm1", g => g.Set(Expm1(g, g.In(0)))),
        new("Reciprocal", g => g.Set(g.Tf("RealDiv", One(g), g.In(0)))),
        new("Inv", g => g.Set(g.Tf("RealDiv", One(g), g.In(0)))),
        new("Softplus", g => g.Set(g.Tf("AddV2", g.Tf("Relu", g.In(0)), g.Tf("Log1p", g.Tf("Exp", g.Tf("Neg", g.Tf("Abs", g.In(0)))))))),
        new("Softsign", g => g.Set(g.Tf("RealDiv", g.In(0), g.Tf("AddV2", g.Tf("Abs", g.In(0)), One(g))))),
        new("Selu", g => g.Set(g.Tf("SelectV2", g.Tf("Greater", g.In(0), Number(g, 0)), g.Tf("Mul", g.In(0), Number(g, SeluScale)), g.Tf("Mul", g.Tf("Elu", g.In(0)), Number(g, SeluScaleAlpha))))),
        new("Prelu", g => g.Set(Prelu(g))),
        new("Tan", g => g.Set(g.Tf("RealDiv", g.Tf("Sin", g.In(0)), g.Tf("Cos", g.In(0))))),
        new("Atan", g => g.Set(g.Tf("Atan2", g.In(0), One(g)))),
        new("Asin", g => g.Set(g.Tf("Atan2", g.In(0), Leg(g)))),
        new("Acos", g => g.Set(g.Tf("Atan2", Leg(g), g.In(0)))),
        new("Sinh", g => g.Set(g.Tf("Mul", Number(g, 0.5), g.Tf("Sub", g.Tf("Exp", g.In(0)), g.Tf("Exp", g.Tf("Neg", g.In(0))))))),
        new("Cosh", g => g.Set(g.Tf("Mul", Number(g, 0.5), g.Tf("AddV2", g.Tf("Exp", g.In(0)), g.Tf("Exp", g.Tf("Neg", g.In(0))))))),
        new("Asinh", g => g.Set(Asinh(g))),
        new("Acosh", g => g.Set(g.Tf("Log", g.Tf("AddV2", g.In(0), g.Tf("Mul", g.Tf("Sqrt", g.Tf("Sub", g.In(0), One(g))), g.Tf("Sqrt", g.Tf("AddV2", g.In(0), One(g)))))))),
        new("Atanh", g => g.Set(g.Tf("Mul", Number(g, 0.5), g.Tf("Sub", g.Tf("Log1p", g.In(0)), g.Tf("Log1p", g.Tf("Neg", g.In(0))))))),
        new("IsNan", g => g.Set(g.Tf("NotEqual", g.In(0), g.In(0)))),
        new("IsInf", g => g.Set(g.Tf("Equal", g.Tf("Abs", g.In(0)), Number(g, double.PositiveInfinity)))),
        new("IsFinite", g => g.Set(g.Tf("Less", g.Tf("Abs", g.In(0)), Number(g, double.PositiveInfinity)))),
        new("Erf", g => g.Set(Erf(g))),
        new("Erfc", g => g.Set(g.Tf("Sub", One(g), g.Tf("Erf", g.In(0))))),
        new("LinSpace", g => g.Set(LinSpace(g))),
        new("ReluGrad", g => g.Set(g.Tf("SelectV2", g.Tf("Greater", g.In(1), Number(g, 0)), g.In(0), Number(g, 0)))),
        new("SigmoidGrad", g => g.Set(g.Tf("Mul", g.In(1), g.Tf("Mul", g.In(0), g.Tf("Sub", One(g), g.In(0)))))),
        new("TanhGrad", g => g.Set(g.Tf("Mul", g.In(1), g.Tf("Sub", One(g), g.Tf("Square", g.In(0)))))),
        new("L2Loss", g => g.Set(g.Tf("Mul", Number(g, 0.5), g.Tf("Sum", g.Tf("Square", g.In(0)), g.Vector([.. Enumerable.Range(0, Rank(g)).Select(i => (long)i)]))))),
    ];

    private static int Rank(LoweringContext g) => g.Shape(0) is { HasRank: true, Rank: var rank } ? rank : throw g.Refuse("has an input of unknown rank");

    private static Value Number(LoweringContext g, double value) => g.Scalar(value, g.Type(0));

    private static Value One(LoweringContext g) => Number(g, 1);

    // sqrt((1 - x)(1 + x)), the other leg of a right triangle with hypotenuse 1.
    private static Value Leg(LoweringContext g) => g.Tf("Sqrt", g.Tf("Mul", g.Tf("Sub", One(g), g.In(0)), g.Tf("AddV2", One(g), g.In(0))));

    // Kahan: with u = fl(1 + x), log(u) * x / (u - 1) keeps the digits that 1 + x loses; x where u = 1.
    private static Value Log1p(LoweringContext g)
    {
        Value x = g.In(0), u = g.Tf("AddV2", x, One(g));
        Value rest = g.Tf("Sub", u, One(g));
        Value isSmall = g.Tf("Equal", rest, Number(g, 0));
        Value isInfinite = g.Tf("Equal", u, Number(g, double.PositiveInfinity));
        Value divisor = g.Tf("SelectV2", isSmall, One(g), rest);
        Value quotient = g.Tf("Mul", g.Tf("Log", u), g.Tf("RealDiv", x, divisor));
        return g.Tf("SelectV2", isInfinite, x, g.Tf("SelectV2", isSmall, x, quotient));
    }

    // Elu is exp(x) - 1 below zero, with all its digits. Above: exp(x) - 1 = -exp(x) * expm1(-x).
    private static Value Expm1(LoweringContext g, Value x) => g.Tf(
        "SelectV2", g.Tf("LessEqual", x, Number(g, 0)), g.Tf("Elu", x), g.Tf("Neg", g.Tf("Mul", g.Tf("Exp", x), g.Tf("Elu", g.Tf("Neg", g.Tf("Abs", x))))));

    private static Value Asinh(LoweringContext g)
    {
        // sign(x) * log1p(|x| + x^2 / (1 + sqrt(x^2 + 1)))
        Value a = g.Tf("Abs", g.In(0)), square = g.Tf("Mul", a, a);
        Value inner = g.Tf("AddV2", a, g.Tf("RealDiv", square, g.Tf("AddV2", One(g), g.Tf("Sqrt", g.Tf("AddV2", square, One(g))))));
        return g.Tf("Mul", g.Tf("Sign", g.In(0)), g.Tf("Log1p", inner));
    }

    // x * P(x^2) / Q(x^2) for |x| <= 4, beyond which erf is 1 in float32: Eigen's coefficients of the rational approximation.
    private static Value Erf(LoweringContext g)
    {
        double[] p = [-2.72614225801306e-10, 2.77068142495902e-08, -2.10102402082508e-06, -5.69250639462346e-05, -7.34990630326855e-04, -2.95459980854025e-03, -1.60960333262415e-02];
        double[] q = [-1.45660718464996e-05, -2.13374055278905e-04, -1.68282697438203e-03, -7.37332916720468e-03, -1.42647390514189e-02];
        Value x = g.Tf("Minimum", g.Tf("Maximum", g.In(0), Number(g, -4)), Number(g, 4));
        Value square = g.Tf("Mul", x, x);
        return g.Tf("Mul", x, g.Tf("RealDiv", Polynomial(p), Polynomial(q)));

        Value Polynomial(double[] coefficients)
        {
            Value sum = Number(g, coefficients[0]);
            foreach (double c in coefficients[1..])
                sum = g.Tf("AddV2", g.Tf("Mul", sum, square), Number(g, c));
            return sum;
        }
    }

    // The operator takes at most four dimensions: max(x, 0) + alpha * min(x, 0) takes any.
    private static Value Prelu(LoweringContext g) => g.Shape(0) is { HasRank: true, Rank: <= 4 } && g.Shape(1) is { HasRank: true } alpha && alpha.Rank <= g.Shape(0).Rank
        ? g.Emit("PRELU", [g.In(0), g.In(1)], null)[0]
        : g.Tf("AddV2", g.Tf("Relu", g.In(0)), g.Tf("Mul", g.In(1), g.Tf("Minimum", g.In(0), Number(g, 0))));

    private static Value LinSpace(LoweringContext g)
    {
        long count = g.ConstantInts(2, "a number of steps")[0];
        Value steps = g.Tf("Cast", new AttributeMap { { "DstT", g.Type(0) } }, g.Const(Tensor.Wrap([.. Enumerable.Range(0, (int)count).Select(i => count > 1 ? i / (double)(count - 1) : 0)])));
        return g.Tf("AddV2", g.In(0), g.Tf("Mul", steps, g.Tf("Sub", g.In(1), g.In(0))));
    }
}
