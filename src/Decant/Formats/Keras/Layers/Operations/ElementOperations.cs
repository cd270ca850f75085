using Decant.IR;

namespace Decant.Formats.Keras.Layers.Operations;

/// <summary>Operations on each element.</summary>
internal static class ElementOperations
{
    public static IReadOnlyList<OperationRow> Unary { get; } =
    [
        Op("Abs", "Absolute Abs math.abs"), Op("Ceil", "Ceil math.ceil"), Op("Floor", "Floor math.floor"), Op("Neg", "Negative math.negative __operators__.neg"), Op("Sign", "Sign math.sign"),
        Op("Square", "Square math.square"), Op("IsNan", "Isnan math.is_nan"), Op("IsInf", "Isinf math.is_inf"), Op("IsFinite", "Isfinite math.is_finite"), Op("LogicalNot", "LogicalNot math.logical_not"),
        Op("Identity", "StopGradient Copy identity stop_gradient"), Op("OnesLike", "OnesLike ones_like"), Op("ZerosLike", "ZerosLike zeros_like"),
        Float("Acos", "Arccos math.acos"), Float("Acosh", "Arccosh math.acosh"), Float("Asin", "Arcsin math.asin"), Float("Asinh", "Arcsinh math.asinh"), Float("Atan", "Arctan math.atan"),
        Float("Atanh", "Arctanh math.atanh"), Float("Cos", "Cos math.cos"), Float("Cosh", "Cosh math.cosh"), Float("Erf", "Erf math.erf"), Float("Exp", "Exp math.exp"), Float("Expm1", "Expm1 math.expm1"),
        Float("Log", "Log math.log"), Float("Log1p", "Log1p math.log1p"), Float("Reciprocal", "Reciprocal math.reciprocal"), Float("Rsqrt", "Rsqrt math.rsqrt"), Float("Sin", "Sin math.sin"),
        Float("Sinh", "Sinh math.sinh"), Float("Sqrt", "Sqrt math.sqrt"), Float("Tan", "Tan math.tan"),
        .. ((ReadOnlySpan<(string Activation, string Names)>)
        [
            ("relu", "Relu nn.relu"), ("relu6", "Relu6 nn.relu6"), ("sigmoid", "Sigmoid math.sigmoid nn.sigmoid"), ("tanh", "Tanh math.tanh nn.tanh"), ("softplus", "Softplus math.softplus nn.softplus"),
            ("softsign", "Softsign nn.softsign"), ("silu", "Silu nn.silu nn.swish"), ("log_sigmoid", "LogSigmoid math.log_sigmoid"), ("hard_silu", "HardSilu"), ("hard_sigmoid", "HardSigmoid"), ("selu", "Selu nn.selu"),
            ("tanh_shrink", "TanhShrink"), ("hard_tanh", "HardTanh"),
        ]).ToArray().Select(a => new OperationRow(a.Names, "1", c => [Activations.Named(c.Call, a.Activation, AsFloat(c, "x"))])),
    ];

    public static IReadOnlyList<OperationRow> Binary { get; } =
    [
        Two("AddV2", "Add math.add __operators__.add"), Two("Sub", "Subtract math.subtract __operators__.sub"), Two("Mul", "Multiply math.multiply __operators__.mul"),
        Two("Maximum", "Maximum math.maximum"), Two("Minimum", "Minimum math.minimum"), Two("Pow", "Power math.pow __operators__.pow"), Two("SquaredDifference", "math.squared_difference"),
        Two("FloorDiv", "FloorDivide math.floordiv __operators__.floordiv compat.v1.floor_div"), Two("FloorMod", "Mod math.floormod math.mod __operators__.mod"), Two("Atan2", "Arctan2 math.atan2"),
        Two("Equal", "Equal math.equal __operators__.eq"), Two("NotEqual", "NotEqual math.not_equal __operators__.ne"), Two("Greater", "Greater math.greater"), Two("GreaterEqual", "GreaterEqual math.greater_equal"),
        Two("Less", "Less math.less"), Two("LessEqual", "LessEqual math.less_equal"), Two("LogicalAnd", "LogicalAnd math.logical_and"), Two("LogicalOr", "LogicalOr math.logical_or"),
        Two("DivNoNan", "DivideNoNan math.divide_no_nan"), new("Divide TrueDivide math.divide math.truediv __operators__.truediv compat.v1.div", "2", Divide),
    ];

    public static IReadOnlyList<OperationRow> Others { get; } =
    [
        new("Cast cast", "x,dtype", c => [c.Call.Cast(c.Tensor("x"), c.Type("dtype", DType.Float32))]),
        new("Celu", "x,alpha", c => [c.Number("alpha", 1) == 1 ? c.Call.Op("Elu", AsFloat(c, "x")) : throw c.Call.Unsupported("its alpha is not 1")]),
        new("Clip clip_by_value", "x/t,x_min/clip_value_min,x_max/clip_value_max", c => [c.Call.Op("Minimum", c.Call.Op("Maximum", c.Tensor("x"), c.Tensor("x_min", c.Tensor("x"))), c.Tensor("x_max", c.Tensor("x")))]),
        new("Elu nn.elu", "x/features,alpha", c => [Elu(c)]),
        new("Gelu nn.gelu", "x/features,approximate", c => [Gelu(c)]),
        new("LeakyRelu nn.leaky_relu", "x/features,negative_slope/alpha", c => [c.Call.Op("LeakyRelu", AsFloat(c, "x"), new AttributeMap { { "alpha", c.Number("negative_slope", 0.2f) } })]),
        new("LogSoftmax nn.log_softmax", "x/logits,axis", c => [Activations.LogSoftmax(c.Call, AsFloat(c, "x"), c.Int("axis", -1))]),
        new("LogicalXor math.logical_xor", "2", c => [c.Call.Op("NotEqual", c.Pair().A, c.Pair().B)]),
        new("Round math.round", "x,decimals", c => [c.Int("decimals", 0) == 0 ? c.Call.Op("Round", c.Tensor("x")) : throw c.Call.Unsupported("it rounds to decimals")]),
        new("Softmax nn.softmax", "x/logits,axis", c => [Softmax(c)]),
        new("Squareplus", "x,b", c => [c.Number("b", 4) == 4 ? Activations.Named(c.Call, "squareplus", AsFloat(c, "x")) : throw c.Call.Unsupported("its b is not 4")]),
        new("Where where", "condition,x1/x,x2/y", c => [Where(c)]),
    ];

    /// <summary>A tensor of floats.</summary>
    public static Value AsFloat(OperationCall c, string name) => CoreLayers.AsFloat(c.Call, c.Tensor(name));

    private static OperationRow Op(string op, string names) => new(names, "1", c => [c.Call.Op(op, c.Tensor("x"))]);

    private static OperationRow Float(string op, string names) => new(names, "1", c => [c.Call.Op(op, AsFloat(c, "x"))]);

    private static OperationRow Two(string op, string names) => new(names, "2", c => [c.Call.Op(op, c.Pair().A, c.Pair().B)]);

    // Of integers, TensorFlow makes float64 and Keras 3 float32.
    private static IReadOnlyList<Value> Divide(OperationCall c)
    {
        (Value a, Value b) = c.Pair();
        DType type = LayerGraph.DTypeOf(a);
        if (!type.IsFloating())
            (a, b) = (c.Call.Cast(a, c.IsTensorFlow && type is DType.Int32 or DType.Int64 ? DType.Float64 : DType.Float32), c.Call.Cast(b, c.IsTensorFlow && type is DType.Int32 or DType.Int64 ? DType.Float64 : DType.Float32));
        return [c.Call.Op("RealDiv", a, b)];
    }

    private static Value Elu(OperationCall c) => c.Number("alpha", 1) == 1 ? c.Call.Op("Elu", AsFloat(c, "x")) : throw c.Call.Unsupported("its alpha is not 1");

    // Keras 3 takes tanh, TensorFlow erf, unless they are told otherwise.
    private static Value Gelu(OperationCall c)
    {
        Value x = AsFloat(c, "x");
        if (!c.Flag("approximate", !c.IsTensorFlow))
            return Activations.Named(c.Call, "gelu", x);
        LayerCall call = c.Call;
        Value cube = call.Op("Mul", x, call.Op("Square", x));
        Value inner = call.Op("Mul", call.Op("AddV2", x, call.Op("Mul", cube, call.Like(x, 0.044715f))), call.Like(x, 0.7978845608f));
        return call.Op("Mul", call.Op("Mul", x, call.Like(x, 0.5f)), call.Op("AddV2", call.Op("Tanh", inner), call.Like(x, 1)));
    }

    private static Value Softmax(OperationCall c) => Activations.Softmax(c.Call, AsFloat(c, "x"), c.Int("axis", -1));

    private static Value Where(OperationCall c)
    {
        if (c.Find("x1") is null)
            throw c.Call.Unsupported("it asks where a condition holds");
        (Value a, Value b) = c.Pair();
        Value condition = c.Tensor("condition");
        return c.Call.Op("SelectV2", c.Call.Cast(condition, DType.Bool), a, b);
    }
}
