namespace Decant.Quantizing.Integers;

/// <summary>How the grids of an operator's results hang together with those of its operands.</summary>
internal enum Scaling
{
    /// <summary>Each has its own.</summary>
    Free,

    /// <summary>All have the same one.</summary>
    Same,

    /// <summary>That of the result is given.</summary>
    Fixed,

    /// <summary>The result has none: it is no real number.</summary>
    Inputs,
}

/// <summary>What the quantization specification of TensorFlow Lite says of an operator.</summary>
/// <param name="Scaling">How the grids hang together.</param>
internal sealed record OperatorRule(Scaling Scaling)
{
    /// <summary>Whether there are kernels of int16 activations.</summary>
    public bool HasInt16 { get; private init; } = true;

    /// <summary>The input that is weights, or -1.</summary>
    public int Weights { get; private init; } = -1;

    /// <summary>The dimension of the weights that has a scale for each element.</summary>
    public int Axis { get; private init; }

    /// <summary>The input that is the bias, or -1.</summary>
    public int Bias { get; private init; } = -1;

    /// <summary>Whether it is a table whose elements are chosen, so that all of them count for its range.</summary>
    public bool IsTable { get; private init; }

    /// <summary>Whether it only limits its operands, so that those need no more than the range of the result.</summary>
    public bool IsLimit { get; private init; }

    /// <summary>Whether it is an LSTM, whose weights, biases and states each have a form of their own.</summary>
    public bool IsLstm { get; private init; }

    private (float Scale, int ZeroPoint) Fixed8 { get; init; }

    private static Dictionary<string, OperatorRule> Table { get; } = Rules();

    /// <summary>The rule of an operator for a type of activations; null when it has no integer kernel.</summary>
    public static OperatorRule? Find(string name, DType activations) => Table.GetValueOrDefault(name) is { } rule && (activations == DType.Int8 || rule.HasInt16) ? rule : null;

    /// <summary>The grid of the result of an operator whose grid is given.</summary>
    public Grid Fixed(DType activations) => activations == DType.Int16 ? new Grid(activations, 1f / 32768, 0) : new Grid(activations, Fixed8.Scale, Fixed8.ZeroPoint);

    private static Dictionary<string, OperatorRule> Rules()
    {
        var rules = new Dictionary<string, OperatorRule>(StringComparer.Ordinal);
        OperatorRule free = new(Scaling.Free), same = new(Scaling.Same), inputs = new(Scaling.Inputs), set = new(Scaling.Fixed);
        void Add(OperatorRule rule, params ReadOnlySpan<string> names)
        {
            foreach (string name in names)
                rules.Add(name, rule);
        }

        Add(free with { Weights = 1, Bias = 2, Axis = 0 }, "CONV_2D", "FULLY_CONNECTED");
        Add(free with { Weights = 1, Bias = 2, Axis = 3 }, "DEPTHWISE_CONV_2D");
        Add(free with { Weights = 1, Bias = 3, Axis = 0 }, "TRANSPOSE_CONV");
        Add(free, "ABS", "ADD", "BATCH_MATMUL", "LEAKY_RELU", "MEAN", "MUL", "RELU", "RELU6", "RSQRT", "SUB");
        Add(free with { HasInt16 = false }, "EXP", "GELU", "HARD_SWISH", "LOG", "PRELU", "RELU_N1_TO_1", "SQUARED_DIFFERENCE", "SUM");
        Add(
            same, "AVERAGE_POOL_2D", "MAX_POOL_2D", "BATCH_TO_SPACE_ND", "SPACE_TO_BATCH_ND", "BROADCAST_TO", "CONCATENATION", "DYNAMIC_UPDATE_SLICE", "EXPAND_DIMS",
            "MIRROR_PAD", "PACK", "PAD", "PADV2", "REDUCE_MAX", "REDUCE_MIN", "RESHAPE", "RESIZE_BILINEAR", "RESIZE_NEAREST_NEIGHBOR", "SELECT", "SELECT_V2", "SLICE", "SPLIT", "SPLIT_V", "SQUEEZE",
            "STRIDED_SLICE", "TRANSPOSE", "UNPACK");
        Add(same with { HasInt16 = false }, "DEPTH_TO_SPACE", "REVERSE_V2", "SPACE_TO_DEPTH", "TILE", "TOPK_V2");
        Add(same with { IsTable = true }, "GATHER", "GATHER_ND");
        Add(same with { IsLimit = true }, "MAXIMUM", "MINIMUM");
        Add(set with { Fixed8 = (1f / 256, -128) }, "LOGISTIC", "SOFTMAX");
        Add(set with { Fixed8 = (1f / 128, 0) }, "TANH");
        Add(set with { Fixed8 = (1f / 128, 0), HasInt16 = false }, "L2_NORMALIZATION");
        Add(set with { Fixed8 = (16f / 256, 127), HasInt16 = false }, "LOG_SOFTMAX");
        Add(inputs with { HasInt16 = false }, "ARG_MAX", "ARG_MIN", "EQUAL", "NOT_EQUAL", "GREATER", "GREATER_EQUAL", "LESS", "LESS_EQUAL");
        Add(inputs, "SHAPE");
        Add(free with { HasInt16 = false, IsLstm = true }, "UNIDIRECTIONAL_SEQUENCE_LSTM");
        return rules;
    }
}
