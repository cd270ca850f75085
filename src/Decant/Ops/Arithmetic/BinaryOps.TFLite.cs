using Decant.IR;
using Decant.Ops.Lowering;

namespace Decant.Ops.Arithmetic;

/// <summary>Elementwise ops of two inputs that broadcast, in TensorFlow Lite's operators.</summary>
internal static class BinaryLowering
{
    // The ranks that kernels broadcast to.
    private const int ComparisonRank = 4, SelectRank = 5, ArithmeticRank = 6;

    public static IEnumerable<LoweringRule> All =>
    [
        Broadcast("Add", "ADD", ArithmeticRank),
        Broadcast("AddV2", "ADD", ArithmeticRank),
        Broadcast("Sub", "SUB", ArithmeticRank),
        Broadcast("Mul", "MUL", ArithmeticRank),
        Broadcast("RealDiv", "DIV", ArithmeticRank),
        new("Div", g => g.Set(g.Tf(g.Type(0).IsFloating() ? "RealDiv" : "TruncateDiv", g.In(0), g.In(1)))),
        new("TruncateDiv", g => g.Set(Emit(g, "DIV", ArithmeticRank))),
        Broadcast("FloorDiv", "FLOOR_DIV", ComparisonRank),
        Broadcast("FloorMod", "FLOOR_MOD", ComparisonRank),
        new("TruncateMod", g => g.Set(g.Tf("Sub", g.In(0), g.Tf("Mul", Truncated(g), g.In(1))))),
        new("Mod", g => g.Set(g.Tf("TruncateMod", g.In(0), g.In(1)))),
        Broadcast("Maximum", "MAXIMUM", SelectRank),
        Broadcast("Minimum", "MINIMUM", SelectRank),
        Broadcast("Pow", "POW", ComparisonRank),
        Broadcast("SquaredDifference", "SQUARED_DIFFERENCE", ComparisonRank),
        Broadcast("Atan2", "ATAN2", ArithmeticRank),
        Broadcast("BitwiseXor", "BITWISE_XOR", ComparisonRank),
        Broadcast("RightShift", "RIGHT_SHIFT", ComparisonRank),
        Comparison("Equal", "EQUAL"),
        Comparison("NotEqual", "NOT_EQUAL"),
        Comparison("Greater", "GREATER"),
        Comparison("GreaterEqual", "GREATER_EQUAL"),
        Comparison("Less", "LESS"),
        Comparison("LessEqual", "LESS_EQUAL"),
        Broadcast("LogicalAnd", "LOGICAL_AND", ComparisonRank),
        Broadcast("LogicalOr", "LOGICAL_OR", ComparisonRank),
        new("BiasAdd", BiasAdd),
        new("BiasAddV1", BiasAdd),
        new("AddN", Sum),
        new("AccumulateNV2", Sum),
        new("Select", Select),
        new("SelectV2", Select),
        new("ClipByValue", g => g.Set(g.Tf("Minimum", g.Tf("Maximum", g.In(0), g.In(1)), g.In(2)))),
        new("DivNoNan", g => g.Set(NoNan(g, g.Tf("RealDiv", g.In(0), Safe(g))))),
        new("MulNoNan", g => g.Set(NoNan(g, g.Tf("Mul", g.In(0), g.In(1))))),
        new("Xdivy", g => g.Set(Zeroed(g, g.Tf("RealDiv", g.In(0), g.In(1))))),
        new("Xlogy", g => g.Set(Zeroed(g, g.Tf("Mul", g.In(0), g.Tf("Log", g.In(1)))))),
        new("Xlog1py", g => g.Set(Zeroed(g, g.Tf("Mul", g.In(0), g.Tf("Log1p", g.In(1)))))),
        new("ApproximateEqual", g => g.Set(g.Tf("Less", g.Tf("Abs", g.Tf("Sub", g.In(0), g.In(1))), g.Scalar(g.Attributes.Float("tolerance"), g.Type(0))))),
    ];

    /// <summary>Broadcasts an operand to a shape, where its own is another.</summary>
    public static Value Spread(LoweringContext g, Value value, Shape shape)
    {
        if (LoweringContext.Fact(value).Shape == shape)
            return value;
        if (shape.IsFullyKnown)
            return g.Tf("BroadcastTo", value, g.Vector(shape.Dims));
        throw g.Refuse($"broadcasts operands of more dimensions than the operator's kernel takes, to {shape}");
    }

    private static LoweringRule Broadcast(string op, string operation, int rank) => new(op, g => g.Set(Emit(g, operation, rank)));

    private static LoweringRule Comparison(string op, string operation) => new(op, g =>
    {
        if (g.Attributes.Find("incompatible_shape_error") is BoolAttr { Value: false })
            throw g.Refuse("compares tensors of shapes that may not fit (incompatible_shape_error=false)");
        g.Set(Emit(g, operation, ComparisonRank));
    });

    private static Value Emit(LoweringContext g, string operation, int rank)
    {
        (Value a, Value b) = (g.In(0), g.In(1));
        if (g.Shape(0) != g.Shape(1) && g.Output().Shape is { HasRank: true } shape && shape.Rank > rank)
            (a, b) = (Spread(g, a, shape), Spread(g, b, shape));
        return g.Emit(operation, [a, b], null)[0];
    }

    private static void BiasAdd(LoweringContext g)
    {
        bool channelsFirst = g.Node.Op.Name == "BiasAdd" && g.Attributes.String("data_format") == "NCHW";
        Value bias = g.In(1);
        if (channelsFirst && g.Shape(0) is { HasRank: true, Rank: > 2 } shape)
            bias = g.Tf("Reshape", bias, g.Vector([-1, .. Enumerable.Repeat(1L, shape.Rank - 2)]));
        g.Set(g.Tf("AddV2", g.In(0), bias));
    }

    private static void Sum(LoweringContext g)
    {
        if (g.InputCount > 2 && g.Type(0) is DType.Float32 or DType.Int32)
        {
            g.Set(g.Emit("ADD_N", [.. g.Node.Inputs], null)[0]);
            return;
        }

        Value sum = g.In(0);
        for (int i = 1; i < g.InputCount; i++)
            sum = g.Tf("AddV2", sum, g.In(i));
        g.Set(sum);
    }

    private static void Select(LoweringContext g)
    {
        (Shape condition, Shape x, Shape y) = (g.Shape(0), g.Shape(1), g.Shape(2));
        if (condition.IsFullyKnown && condition == x && x == y)
        {
            g.Set(g.Emit("SELECT", [.. g.Node.Inputs], null)[0]);
            return;
        }

        Value chosen = g.In(0);
        if (g.Node.Op.Name == "Select" && condition is not { HasRank: true, Rank: 0 } && !(condition.HasRank && x.HasRank && condition.Rank == x.Rank))
        {
            // Select with a vector chooses rows.
            if (!condition.HasRank || !x.HasRank || condition.Rank != 1)
                throw g.Refuse($"chooses by a condition of shape {condition} between {x}");
            chosen = g.Tf("Reshape", chosen, g.Vector([-1, .. Enumerable.Repeat(1L, x.Rank - 1)]));
        }

        (Value a, Value b) = (g.In(1), g.In(2));
        if (g.Output().Shape is { HasRank: true, Rank: > SelectRank } shape)
            (chosen, a, b) = (Spread(g, chosen, shape), Spread(g, a, shape), Spread(g, b, shape));
        g.Set(g.Emit("SELECT_V2", [chosen, a, b], null)[0]);
    }

    private static Value Truncated(LoweringContext g)
    {
        if (!g.Type(0).IsFloating())
            return g.Tf("TruncateDiv", g.In(0), g.In(1));
        Value quotient = g.Tf("RealDiv", g.In(0), g.In(1));
        return g.Tf("Mul", g.Tf("Sign", quotient), g.Tf("Floor", g.Tf("Abs", quotient)));
    }

    /// <summary>The divisor with 1 in the place of 0.</summary>
    private static Value Safe(LoweringContext g) => g.Tf("SelectV2", IsZero(g, 1), g.Scalar(1, g.Type(1)), g.In(1));

    private static Value NoNan(LoweringContext g, Value result) => g.Tf("SelectV2", IsZero(g, 1), g.Scalar(0, g.Type(0)), result);

    private static Value Zeroed(LoweringContext g, Value result) => g.Tf("SelectV2", IsZero(g, 0), g.Scalar(0, g.Type(0)), result);

    private static Value IsZero(LoweringContext g, int input) => g.Tf("Equal", g.In(input), g.Scalar(0, g.Type(input)));
}
