using Decant.IR;
using Decant.Ops.Lowering;

namespace Decant.Ops.Arithmetic;

/// <summary>Elementwise ops of one input in TensorFlow Lite's operators.</summary>
internal static class UnaryLowering
{
    public static IEnumerable<LoweringRule> All =>
    [
        Same("Abs", "ABS"),
        Same("Ceil", "CEIL"),
        Same("Cos", "COS"),
        Same("Elu", "ELU"),
        Same("Exp", "EXP"),
        Same("Floor", "FLOOR"),
        Same("Log", "LOG"),
        Same("LogicalNot", "LOGICAL_NOT"),
        Same("Neg", "NEG"),
        new("Relu", g => g.Set(g.Type(0).IsFloating() ? g.Emit("RELU", [g.In(0)], null)[0] : g.Tf("Maximum", g.In(0), g.Scalar(0, g.Type(0))))),
        new("Relu6", g => g.Set(g.Type(0).IsFloating() ? g.Emit("RELU6", [g.In(0)], null)[0] : g.Tf("Minimum", g.Tf("Maximum", g.In(0), g.Scalar(0, g.Type(0))), g.Scalar(6, g.Type(0))))),
        Same("Round", "ROUND"),
        Same("Rint", "ROUND"),
        Same("Rsqrt", "RSQRT"),
        Same("Sigmoid", "LOGISTIC"),
        Same("Sign", "SIGN"),
        Same("Sin", "SIN"),
        Same("Sqrt", "SQRT"),
        new("Square", g => g.Set(g.Type(0) == DType.Float32 ? g.Emit("SQUARE", [g.In(0)], null)[0] : g.Tf("Mul", g.In(0), g.In(0)))),
        Same("Tanh", "TANH"),
        new("LeakyRelu", g => g.Set(g.Emit("LEAKY_RELU", [g.In(0)], new() { { "alpha", g.Attributes.Float("alpha") } })[0])),
    ];

    /// <summary>An operator of the same meaning, without options.</summary>
    public static LoweringRule Same(string op, string operation) => new(op, g => g.Set(g.Emit(operation, [.. g.Node.Inputs], null)[0]));
}
