using Decant.IR;

namespace Decant.Formats.Keras.Layers;

/// <summary>Attention: values, weighted by how well their keys match queries.</summary>
internal static class AttentionLayers
{
    /// <summary>What is added to the scores of what a mask leaves out.</summary>
    private const float Masked = -1e9f;

    /// <summary><c>softmax(scale * q k^T) v</c>; with <c>concat</c> the scores are those of additive attention.</summary>
    public static Value Attention(LayerCall call)
    {
        (Value query, Value value, Value key) = Inputs(call);
        bool isConcat = call.Config.Text("score_mode", "dot") == "concat";
        bool hasScale = call.Config.Flag("use_scale", false);
        Value scores;
        if (isConcat)
        {
            Value sum = Pairs(call, query, key);
            if (hasScale)
                sum = call.Op("Mul", sum, call.Weights.Get(call.Graph, 0, "scale"));
            scores = call.Op("Sum", call.Op("Tanh", sum), call.Ints(-1));
            scores = call.Op("Mul", scores, call.Weights.Get(call.Graph, hasScale ? 1 : 0, "concat_score_weight"));
        }
        else
        {
            scores = Product(call, query, key, transposed: true);
            if (hasScale)
                scores = call.Op("Mul", scores, call.Weights.Get(call.Graph, 0, "scale"));
        }

        return Weighted(call, scores, query, value);
    }

    /// <summary><c>softmax(sum(scale * tanh(q + k))) v</c></summary>
    public static Value Additive(LayerCall call)
    {
        (Value query, Value value, Value key) = Inputs(call);
        Value sum = call.Op("Tanh", Pairs(call, query, key));
        if (call.Config.Flag("use_scale", true))
            sum = call.Op("Mul", sum, call.Weights.Get(call.Graph, 0, "scale"));
        return Weighted(call, call.Op("Sum", sum, call.Ints(-1)), query, value);
    }

    /// <summary>
    /// Attention in several heads, each with projections of its own: kernels are [features, heads, size], that of the output [heads, size, features].
    /// In groups, several heads of queries share one of keys and values. A gate, a sigmoid of the query, multiplies what the heads give.
    /// </summary>
    public static IReadOnlyList<Value> MultiHead(LayerCall call)
    {
        Value query = call.Inputs.Count > 0 ? call.Inputs[0] : Named(call, "query") ?? call.Input;
        Value value = Named(call, "value") ?? (call.Inputs.Count > 1 ? call.Inputs[1] : throw call.Unsupported("it is called without a value"));
        Value key = Named(call, "key") ?? (call.Inputs.Count > 2 ? call.Inputs[2] : value);
        if (LayerGraph.ShapeOf(query).Rank != 3 || LayerGraph.ShapeOf(value).Rank != 3)
            throw call.Unsupported("its inputs have not the three dimensions batch, steps, features");
        bool hasBias = call.Config.Flag("use_bias", true), isGated = call.Config.Flag("use_gate", false);
        int each = hasBias ? 2 : 1;
        Value q = Heads(call, query, "query", 0, hasBias, out int heads, out int size);
        Value k = Shared(call, Heads(call, key, "key", each, hasBias, out int shared, out _), shared, heads);
        Value gate = isGated ? call.Op("Sigmoid", Heads(call, query, "gate", 2 * each, hasBias, out _, out _)) : default;
        int at = (isGated ? 3 : 2) * each;
        Value v = Shared(call, Heads(call, value, "value", at, hasBias, out shared, out int valueSize), shared, heads);
        Value scores = Product(call, call.Op("Mul", q, call.Like(q, 1 / MathF.Sqrt(size))), k, transposed: true);
        Value mask = Mask(call, query, value, key, scores);
        if (mask.IsPresent)
            scores = Without(call, scores, call.Op("ExpandDims", mask, call.Int(1)));
        Value weights = call.Op("Softmax", scores);
        Value attended = Product(call, weights, v, transposed: false);
        Value joined = call.Transpose(isGated ? call.Op("Mul", attended, gate) : attended, 0, 2, 1, 3);
        joined = call.Op("Reshape", joined, call.Op("Pack", [call.Size(joined, 0), call.Size(joined, 1), call.Int(heads * valueSize)]));
        LayerWeights output = call.Weights.Part(at + each, each, "attention_output", call.Config, PartName(call, "output"), "attention_output");
        Shape shape = output.Shape(0);
        if (shape.Rank != 3 || shape[0] * shape[1] != heads * valueSize)
            throw KerasErrors.BadWeights.At(call.Config.Location(), $"the kernel of the output has the shape {shape}, expected [{heads},{valueSize},features]");
        Value y = Product(call, joined, call.Reshape(output.Get(call.Graph, 0, "kernel"), heads * valueSize, (int)shape[2]), transposed: false);
        if (hasBias)
            y = call.Op("BiasAdd", y, output.Get(call.Graph, 1, "bias"));
        return call.Constant("return_attention_scores") ? [y, weights] : [y];
    }

    private static Value Heads(LayerCall call, Value x, string name, int at, bool hasBias, out int heads, out int size)
    {
        LayerWeights weights = call.Weights.Part(at, hasBias ? 2 : 1, name, call.Config, PartName(call, name), name);
        Shape shape = weights.Shape(0);
        if (shape.Rank != 3 || shape[0] != LayerGraph.ShapeOf(x)[2] || shape.ElementCount > int.MaxValue)
            throw KerasErrors.BadWeights.At(call.Config.Location(), $"the kernel of the {name} has the shape {shape}, expected [{LayerGraph.ShapeOf(x)[2]},heads,size]");
        (heads, size) = ((int)shape[1], (int)shape[2]);
        Value y = Product(call, x, call.Reshape(weights.Get(call.Graph, 0, "kernel"), (int)shape[0], heads * size), transposed: false);
        if (hasBias)
            y = call.Op("BiasAdd", y, call.Reshape(weights.Get(call.Graph, 1, "bias"), heads * size));
        return call.Transpose(call.Op("Reshape", y, call.Op("Pack", [call.Size(y, 0), call.Size(y, 1), call.Int(heads), call.Int(size)])), 0, 2, 1, 3);
    }

    // What archives call a projection: only MultiHeadAttention offers most of its own by names without an underscore.
    private static string PartName(LayerCall call, string name) => call.Config.Class == "MultiHeadAttention" && name != "gate" ? $"{name}_dense" : $"_{name}_dense";

    // Heads [batch, groups, steps, size], each for as many heads of queries as share it.
    private static Value Shared(LayerCall call, Value x, int groups, int heads)
    {
        if (groups == heads)
            return x;
        if (groups < 1 || heads % groups != 0)
            throw KerasErrors.BadWeights.At(call.Config.Location(), $"the kernels have {groups} heads of keys and values, expected a part of the {heads} heads of queries");
        int size = (int)LayerGraph.ShapeOf(x)[3];
        Value repeated = call.Op("Tile", call.Op("ExpandDims", x, call.Int(2)), call.Ints(1, 1, heads / groups, 1, 1));
        return call.Op("Reshape", repeated, call.Op("Pack", [call.Size(x, 0), call.Int(heads), call.Size(x, 2), call.Int(size)]));
    }

    private static Value? Named(LayerCall call, string name) => call.Named.TryGetValue(name, out IReadOnlyList<Value>? values) && values.Count > 0 ? values[0] : default(Value?);

    private static (Value Query, Value Value, Value Key) Inputs(LayerCall call) =>
        call.Inputs.Count >= 2 ? (call.Inputs[0], call.Inputs[1], call.Inputs.Count > 2 ? call.Inputs[2] : call.Inputs[1])
        : throw KerasErrors.BadConfig.At(call.Config.Location(), $"the layer has {call.Inputs.Count} inputs, expected a query, a value, and perhaps a key");

    // Queries [b, q, 1, d] plus keys [b, 1, k, d].
    private static Value Pairs(LayerCall call, Value query, Value key) => call.Op("AddV2", call.Op("ExpandDims", query, call.Int(-2)), call.Op("ExpandDims", key, call.Int(-3)));

    private static Value Product(LayerCall call, Value a, Value b, bool transposed) => call.Op("BatchMatMulV2", a, b, new AttributeMap { { "adj_y", transposed } });

    private static Value Weighted(LayerCall call, Value scores, Value query, Value value)
    {
        Value mask = call.Masks.Count > 1 && call.Masks[1].IsPresent ? call.Op("ExpandDims", call.Masks[1], call.Int(-2)) : default;
        if (call.Constant("use_causal_mask") || call.Config.Flag("causal", false))
            mask = Both(call, mask, Causal(call, query, value));
        Value y = Product(call, call.Op("Softmax", mask.IsPresent ? Without(call, scores, mask) : scores), value, transposed: false);
        if (call.Mask.IsPresent)
        {
            Value kept = call.Cast(call.Op("ExpandDims", call.Mask, call.Int(-1)), LayerGraph.DTypeOf(y));
            y = call.Op("Mul", y, kept);
        }

        return y;
    }

    // Which values each query may look at: [b or 1, q, k].
    private static Value Mask(LayerCall call, Value query, Value value, Value key, Value scores)
    {
        Value mask = default;
        if (Named(call, "attention_mask") is { } given)
            mask = LayerGraph.DTypeOf(given) == DType.Bool ? given : call.Op("NotEqual", given, call.Like(given, 0));
        if (call.MaskOf(query) is { IsPresent: true } ofQuery)
            mask = Both(call, mask, call.Op("ExpandDims", ofQuery, call.Int(-1)));
        if (call.MaskOf(value) is { IsPresent: true } ofValue)
            mask = Both(call, mask, call.Op("ExpandDims", ofValue, call.Int(-2)));
        if (key != value && call.MaskOf(key) is { IsPresent: true } ofKey)
            mask = Both(call, mask, call.Op("ExpandDims", ofKey, call.Int(-2)));
        if (call.Config.Find("sliding_window") is { ValueKind: not System.Text.Json.JsonValueKind.Null })
            mask = Both(call, mask, Near(call, query, value, call.Config.Int("sliding_window")));
        return call.Constant("use_causal_mask") ? Both(call, mask, Causal(call, query, value)) : mask;
    }

    // True where the value is not later than the query.
    private static Value Causal(LayerCall call, Value query, Value value)
    {
        (Value row, Value column) = Steps(call, query, value);
        return call.Op("ExpandDims", call.Op("GreaterEqual", row, column), call.Int(0));
    }

    // True where less than a window is between the value and the query.
    private static Value Near(LayerCall call, Value query, Value value, int window)
    {
        (Value row, Value column) = Steps(call, query, value);
        return call.Op("ExpandDims", call.Op("Less", call.Op("Abs", call.Op("Sub", row, column)), call.Int(window)), call.Int(0));
    }

    // The steps of queries as a column, and those of values as a row.
    private static (Value Query, Value Value) Steps(LayerCall call, Value query, Value value)
    {
        Value Count(Value x) => call.Op("Range", call.Int(0), call.Size(x, 1), call.Int(1));
        return (call.Op("ExpandDims", Count(query), call.Int(1)), call.Op("ExpandDims", Count(value), call.Int(0)));
    }

    private static Value Both(LayerCall call, Value a, Value b) => a.IsPresent ? call.Op("LogicalAnd", a, b) : b;

    private static Value Without(LayerCall call, Value scores, Value mask)
    {
        Value left = call.Cast(call.Op("LogicalNot", mask), LayerGraph.DTypeOf(scores));
        return call.Op("AddV2", scores, call.Op("Mul", left, call.Like(scores, Masked)));
    }
}
