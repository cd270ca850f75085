using Decant.IR;
using static Decant.Lowering.Raising.RaisingTable;

namespace Decant.Lowering.Raising;

/// <summary>Operators on single elements, and between types.</summary>
internal static class ElementRules
{
    public static IEnumerable<(string Name, RaisingRule Rule)> All =>
    [
        ("ABS", Same("Abs")),
        ("ADD", Activated("AddV2")),
        ("ADD_N", Same("AddN")),
        ("ATAN2", Same("Atan2")),
        ("BITCAST", Same("Bitcast", c => new() { { "type", c.OutputType() } })),
        ("BITWISE_XOR", Same("BitwiseXor")),
        ("BUCKETIZE", Same("Bucketize", c => new() { { "boundaries", new ListAttr { Floats = c.Options.Floats("boundaries") } } })),
        ("CAST", Cast),
        ("CEIL", Same("Ceil")),
        ("COMPLEX_ABS", Same("ComplexAbs", c => new() { { "Tout", c.OutputType() } })),
        ("COS", Same("Cos")),
        ("DEQUANTIZE", Same("Identity")),
        ("DIV", c => [c.Activated(c.Op(c.OutputType() is DType.Int32 or DType.Int64 ? "Div" : "RealDiv", c.In(0), c.In(1)))]),
        ("ELU", Same("Elu")),
        ("EQUAL", Same("Equal")),
        ("EXP", Same("Exp")),
        ("FAKE_QUANT", FakeQuant),
        ("FLOOR", Same("Floor")),
        ("FLOOR_DIV", Same("FloorDiv")),
        ("FLOOR_MOD", Same("FloorMod")),
        ("GELU", Gelu),
        ("GREATER", Same("Greater")),
        ("GREATER_EQUAL", Same("GreaterEqual")),
        ("HARD_SWISH", c => [c.Op("Mul", c.Op("Mul", c.In(0), c.Op("Relu6", c.Op("AddV2", c.In(0), c.Like(c.In(0), 3)))), c.Like(c.In(0), 1 / 6f))]),
        ("IMAG", Same("Imag", c => new() { { "Tout", c.OutputType() } })),
        ("LEAKY_RELU", Same("LeakyRelu", c => new() { { "alpha", c.Options.Float("alpha") } })),
        ("LESS", Same("Less")),
        ("LESS_EQUAL", Same("LessEqual")),
        ("LOG", Same("Log")),
        ("LOGICAL_AND", Same("LogicalAnd")),
        ("LOGICAL_NOT", Same("LogicalNot")),
        ("LOGICAL_OR", Same("LogicalOr")),
        ("LOGISTIC", Same("Sigmoid")),
        ("MAXIMUM", Same("Maximum")),
        ("MINIMUM", Same("Minimum")),
        ("MUL", Activated("Mul")),
        ("NEG", Same("Neg")),
        ("NOT_EQUAL", Same("NotEqual")),
        ("POW", Same("Pow")),
        ("PRELU", Prelu),
        ("QUANTIZE", Same("Identity")),
        ("REAL", Same("Real", c => new() { { "Tout", c.OutputType() } })),
        ("RELU", Same("Relu")),
        ("RELU6", Same("Relu6")),
        ("RELU_0_TO_1", c => [c.Clamped(c.In(0), 0, 1)]),
        ("RELU_N1_TO_1", c => [c.Clamped(c.In(0), -1, 1)]),
        ("RFFT2D", Spectrum),
        ("RIGHT_SHIFT", Same("RightShift")),
        ("ROUND", Same("Round")),
        ("RSQRT", Same("Rsqrt")),
        ("SIGN", Same("Sign")),
        ("SIN", Same("Sin")),
        ("SQRT", Same("Sqrt")),
        ("SQUARE", Same("Square")),
        ("SQUARED_DIFFERENCE", Same("SquaredDifference")),
        ("SUB", Activated("Sub")),
        ("TANH", Same("Tanh")),
        ("ZEROS_LIKE", Same("ZerosLike")),
    ];

    // An image of one row is a line.
    private static Value[] Spectrum(RaisingContext c)
    {
        AttributeMap types = new() { { "Treal", DType.Float32 }, { "Tcomplex", DType.Complex64 } };
        bool isLine = c.Shape(0) is { Rank: > 1 } shape && shape[-2] == 1 && c.In(1).Constant is { DType: DType.Int32, ElementCount: 2 } lengths && lengths.Span<int>()[0] == 1;
        return [isLine ? c.Op("RFFT", c.In(0), c.Ints(c.In(1).Constant!.Span<int>()[1]), types) : c.Op("RFFT2D", c.In(0), c.In(1), types)];
    }

    private static RaisingRule Activated(string op) => c => [c.Activated(c.Op(op, c.In(0), c.In(1)))];

    private static Value[] Cast(RaisingContext c)
    {
        if (c.Spec(0) is { } from && from.DType.IsInteger() && Constants.StandsForReals(from))
            throw c.Refuse("takes integers for themselves that stand for real numbers elsewhere");
        DType to = Constants.FactOf(c.Node.Tensors[0]).DType;
        return [c.Op("Cast", c.In(0), new AttributeMap { { "DstT", to } })];
    }

    // The tanh form: 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), or that of erf: 0.5 x (1 + erf(x / sqrt 2)).
    private static Value[] Gelu(RaisingContext c)
    {
        Value x = c.In(0), half = c.Op("Mul", x, c.Like(x, 0.5f));
        Value inner = !c.Options.Bool("approximate") ? c.Op("Erf", c.Op("Mul", x, c.Like(x, 0.70710678118654752f)))
            : c.Op("Tanh", c.Op("Mul", c.Op("AddV2", x, c.Op("Mul", c.Op("Mul", c.Op("Square", x), x), c.Like(x, 0.044715f))), c.Like(x, 0.7978845608028654f)));
        return [c.Op("Mul", half, c.Op("AddV2", inner, c.Like(x, 1)))];
    }

    // relu(x) - alpha relu(-x), the form that TensorFlow.js's converter makes one op of.
    private static Value[] Prelu(RaisingContext c) =>
        [c.Op("AddV2", c.Op("Relu", c.In(0)), c.Op("Mul", c.Computed("Neg", [c.In(1)]), c.Op("Relu", c.Op("Neg", c.In(0)))))];

    private static Value[] FakeQuant(RaisingContext c) =>
    [
        c.Op("FakeQuantWithMinMaxVars", [c.In(0), c.Like(c.In(0), c.Options.Float("min")), c.Like(c.In(0), c.Options.Float("max"))],
            new AttributeMap { { "num_bits", c.Options.Int("num_bits") }, { "narrow_range", c.Options.Bool("narrow_range") } }),
    ];
}
