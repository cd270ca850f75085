using System.Text.Json;
using Decant.IR;

namespace Decant.Formats.Keras.Layers;

/// <summary>Activation functions, by name or as layers with options.</summary>
internal static class Activations
{
    /// <summary>Applies the activation that an option of a layer names; none is linear.</summary>
    public static Value Apply(LayerCall call, string option, Value x, string otherwise = "linear")
    {
        JsonElement? found = call.Config.Find(option);
        if (found is { ValueKind: JsonValueKind.Object } value && value.TryGetProperty("class_name", out JsonElement type) && type.ValueKind == JsonValueKind.String)
        {
            if (type.GetString() is "function" && value.TryGetProperty("config", out JsonElement function) && function.ValueKind == JsonValueKind.String)
                return Named(call, function.GetString()!, x);
            LayerConfig inner = LayerConfig.Read(value, call.Config.File, call.Config.KerasVersion);
            return LayerTable.Find(inner.Class) is { } layer
                ? layer(new LayerCall(call.Graph, inner, call.Weights, call.Scope, [x], []))[0]
                : throw call.Unsupported($"its activation is {inner.Class}");
        }

        return Named(call, call.Config.Text(option, otherwise), x);
    }

    // By the package of KerasHub too: keras_hub>gelu_approximate.
    public static Value Named(LayerCall call, string name, Value x) => name[(name.LastIndexOf('>') + 1)..] switch
    {
        "linear" => x,
        "relu" => call.Op("Relu", x),
        "relu6" => call.Op("Relu6", x),
        "sigmoid" => call.Op("Sigmoid", x),
        "tanh" => call.Op("Tanh", x),
        "softmax" => Softmax(call, x, -1),
        "log_softmax" or "logSoftmax" => call.Op("LogSoftmax", x),
        "softplus" => call.Op("Softplus", x),
        "softsign" => call.Op("Softsign", x),
        "elu" => call.Op("Elu", x),
        "selu" => call.Op("Selu", x),
        "exponential" => call.Op("Exp", x),
        "swish" or "silu" => call.Op("Mul", x, call.Op("Sigmoid", x)),
        "mish" => call.Op("Mul", x, call.Op("Tanh", call.Op("Softplus", x))),
        "leaky_relu" => call.Op("LeakyRelu", x, new AttributeMap { { "alpha", 0.2f } }),
        "gelu" => Gelu(call, x),
        "gelu_new" or "gelu_approximate" => TanhGelu(call, x),
        "glu" => GatedLinear(call, x),
        "hard_shrink" => Shrunk(call, x, x),
        "soft_shrink" => Shrunk(call, x, call.Op("Sub", x, call.Op("Mul", call.Op("Sign", x), call.Like(x, Shrinkage)))),
        "sparse_plus" => SparsePlus(call, x),
        "sparse_sigmoid" => call.Op("Mul", call.Op("AddV2", Clipped(call, x), call.Like(x, 1)), call.Like(x, 0.5f)),
        "sparsemax" => Sparsemax(call, x),
        "log_sigmoid" => call.Op("Neg", call.Op("Softplus", call.Op("Neg", x))),
        "hard_tanh" => Clipped(call, x),
        "tanh_shrink" => call.Op("Sub", x, call.Op("Tanh", x)),
        "squareplus" => call.Op("Mul", call.Op("AddV2", x, call.Op("Sqrt", call.Op("AddV2", call.Op("Square", x), call.Like(x, 4)))), call.Like(x, 0.5f)),
        "celu" => call.Op("Elu", x),
        "hard_sigmoid" or "hardSigmoid" => HardSigmoid(call, x),
        "hard_swish" or "hard_silu" => call.Op("Mul", x, SixthOfRelu6(call, x)),
        _ => throw call.Unsupported($"the activation '{name}' is not known"),
    };

    /// <summary>Keras 3: <c>relu6(x + 3) / 6</c>; before: <c>clip(0.2 x + 0.5, 0, 1)</c>.</summary>
    private static Value HardSigmoid(LayerCall call, Value x)
    {
        if (call.Config.KerasVersion.Major >= 3)
            return SixthOfRelu6(call, x);
        Value line = call.Op("AddV2", call.Op("Mul", x, call.Like(x, 0.2f)), call.Like(x, 0.5f));
        return call.Op("Maximum", call.Op("Minimum", line, call.Like(x, 1)), call.Like(x, 0));
    }

    private static Value SixthOfRelu6(LayerCall call, Value x) => call.Op("Mul", call.Op("Relu6", call.Op("AddV2", x, call.Like(x, 3))), call.Like(x, 1 / 6f));

    /// <summary><c>x (1 + erf(x / sqrt 2)) / 2</c></summary>
    private static Value Gelu(LayerCall call, Value x)
    {
        Value erf = call.Op("Erf", call.Op("Mul", x, call.Like(x, 0.70710678f)));
        return call.Op("Mul", call.Op("Mul", x, call.Like(x, 0.5f)), call.Op("AddV2", erf, call.Like(x, 1)));
    }

    /// <summary><c>x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2</c></summary>
    private static Value TanhGelu(LayerCall call, Value x)
    {
        Value cubic = call.Op("AddV2", x, call.Op("Mul", call.Op("Mul", x, call.Op("Square", x)), call.Like(x, 0.044715f)));
        Value tanh = call.Op("Tanh", call.Op("Mul", cubic, call.Like(x, 0.79788456f)));
        return call.Op("Mul", call.Op("Mul", x, call.Like(x, 0.5f)), call.Op("AddV2", tanh, call.Like(x, 1)));
    }

    /// <summary>The first half of the features, by the sigmoid of the second.</summary>
    private static Value GatedLinear(LayerCall call, Value x)
    {
        Node halves = call.Op("Split", call.Int(-1), x, new AttributeMap { { "num_split", 2 } }).Node;
        return call.Op("Mul", new Value(halves, 0), call.Op("Sigmoid", new Value(halves, 1)));
    }

    private const float Shrinkage = 0.5f;

    private static Value Shrunk(LayerCall call, Value x, Value outside) => call.Op("SelectV2", call.Op("Greater", call.Op("Abs", x), call.Like(x, Shrinkage)), outside, call.Like(x, 0));

    private static Value Clipped(LayerCall call, Value x) => call.Op("Maximum", call.Op("Minimum", x, call.Like(x, 1)), call.Like(x, -1));

    /// <summary>0 up to -1, <c>(x + 1)^2 / 4</c> up to 1, then x.</summary>
    private static Value SparsePlus(LayerCall call, Value x)
    {
        Value middle = call.Op("Mul", call.Op("Square", call.Op("AddV2", Clipped(call, x), call.Like(x, 1))), call.Like(x, 0.25f));
        return call.Op("SelectV2", call.Op("Greater", x, call.Like(x, 1)), x, middle);
    }

    /// <summary>
    /// <c>max(x - t, 0)</c>, with the t that Keras computes on all of its backends: <c>(sum of c - 1) / k</c> over the sums c of the largest features of an example, of which k are in the
    /// support. The nearest point of the simplex, after which it is named, has the last of these sums instead.
    /// </summary>
    private static Value Sparsemax(LayerCall call, Value x)
    {
        int rank = LayerGraph.ShapeOf(x).Rank;
        if (rank < 1)
            throw call.Unsupported("its input is of unknown rank");
        DType dtype = LayerGraph.DTypeOf(x);
        var keep = new AttributeMap { { "keep_dims", true } };
        Value size = call.Size(x, rank - 1), last = call.Ints(rank - 1);
        Value sorted = call.Op("TopKV2", x, size), sums = call.Op("Cumsum", sorted, call.Int(rank - 1));
        Value places = call.Cast(call.Op("Range", call.Int(1), call.Op("AddV2", size, call.Int(1)), call.Int(1)), dtype);
        Value support = call.Cast(call.Op("Greater", sorted, call.Op("RealDiv", call.Op("Sub", sums, call.Like(x, 1)), places)), dtype);
        Value t = call.Op("RealDiv", call.Op("Sub", call.Op("Sum", call.Op("Mul", sums, support), last, keep), call.Like(x, 1)), call.Op("Sum", support, last, keep));
        return call.Op("Relu", call.Op("Sub", x, t));
    }

    /// <summary>Softmax over any axis: the op itself takes the last.</summary>
    public static Value Softmax(LayerCall call, Value x, int axis) => Along(call, "Softmax", x, axis);

    public static Value LogSoftmax(LayerCall call, Value x, int axis) => Along(call, "LogSoftmax", x, axis);

    /// <summary>An op along the last dimension, along another.</summary>
    private static Value Along(LayerCall call, string op, Value x, int axis)
    {
        int rank = LayerGraph.ShapeOf(x).Rank;
        if (axis == -1 || axis == rank - 1)
            return call.Op(op, x);
        if (rank < 0)
            throw call.Unsupported("its input is of unknown rank");
        int at = axis < 0 ? axis + rank : axis;
        int[] swap = [.. Enumerable.Range(0, rank)];
        (swap[at], swap[^1]) = (swap[^1], swap[at]);
        return call.Transpose(call.Op(op, call.Transpose(x, swap)), swap);
    }

    public static Value ReLU(LayerCall call)
    {
        Value x = call.Input;
        float slope = call.Config.Number("negative_slope", 0);
        float threshold = call.Config.Number("threshold", 0);
        float most = call.Config.Number("max_value", float.PositiveInfinity);
        if (slope == 0 && threshold == 0)
            return most == 6 ? call.Op("Relu6", x) : Clip(call, call.Op("Relu", x), most);
        // slope * (x - threshold) below the threshold, x from there on.
        Value above = call.Op("GreaterEqual", x, call.Like(x, threshold));
        Value below = call.Op("Mul", call.Op("Sub", x, call.Like(x, threshold)), call.Like(x, slope));
        return Clip(call, call.Op("SelectV2", above, x, below), most);
    }

    public static Value LeakyReLU(LayerCall call) =>
        call.Op("LeakyRelu", call.Input, new AttributeMap { { "alpha", call.Config.Number(call.Config.Find("negative_slope") is null ? "alpha" : "negative_slope", 0.3f) } });

    /// <summary><c>alpha (exp x - 1)</c> below zero.</summary>
    public static Value ELU(LayerCall call)
    {
        float alpha = call.Config.Number("alpha", 1);
        Value elu = call.Op("Elu", call.Input);
        return alpha == 1 ? elu : call.Op("SelectV2", call.Op("Greater", elu, call.Like(elu, 0)), elu, call.Op("Mul", elu, call.Like(elu, alpha)));
    }

    public static Value ThresholdedReLU(LayerCall call)
    {
        Value x = call.Input;
        Value above = call.Cast(call.Op("Greater", x, call.Like(x, call.Config.Number("theta", 1))), LayerGraph.DTypeOf(x));
        return call.Op("Mul", x, above);
    }

    /// <summary><c>relu x - alpha relu -x</c>, with an alpha per element that is not shared.</summary>
    public static Value PReLU(LayerCall call)
    {
        Value alpha = call.Weights.Get(call.Graph, 0, "alpha");
        return call.Op("Sub", call.Op("Relu", call.Input), call.Op("Mul", alpha, call.Op("Relu", call.Op("Neg", call.Input))));
    }

    private static Value Clip(LayerCall call, Value x, float most) => float.IsPositiveInfinity(most) ? x : call.Op("Minimum", x, call.Like(x, most));
}
