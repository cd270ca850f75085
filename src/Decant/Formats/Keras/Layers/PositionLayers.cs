using System.Text.Json;
using Decant.IR;

namespace Decant.Formats.Keras.Layers;

/// <summary>Layers of KerasHub that tell where in a sequence a value is.</summary>
internal static class PositionLayers
{
    // Tables of one number per feature are made before there are any inputs.
    private const int MostFeatures = 1 << 24;

    /// <summary>The rows of a table [most steps, features] for the steps of the input, for each example.</summary>
    public static Value Embedding(LayerCall call) => Embedding(call, call.Input, call.Weights, 0);

    /// <summary>The embeddings of tokens and of their places, added.</summary>
    public static Value TokenAndPosition(LayerCall call)
    {
        int count = call.Config.Flag("tie_weights", true) ? 1 : 2;
        LayerWeights tokens = call.Weights.Part(0, count, "token_embedding", call.Config, "token_embedding", "token_embedding");
        LayerWeights places = call.Weights.Part(count, 1, "position_embedding", call.Config, "position_embedding", "position_embedding");
        var inner = new LayerCall(call.Graph, call.Config, tokens, $"{call.Scope}/token_embedding", call.Inputs, call.Masks);
        Value embedded = CoreLayers.Embedding(inner);
        (call.OutputMask, call.SetsMask) = (inner.OutputMask, true);
        return call.Op("AddV2", embedded, Embedding(call, embedded, places, 0));
    }

    /// <summary>Sines at even features and cosines at odd ones, of step / wavelength^(2 (feature / 2) / features).</summary>
    public static Value Sine(LayerCall call)
    {
        (long features, Value x) = (call.Shape[-1], call.Input);
        if (features is < 1 or > MostFeatures)
            throw call.Unsupported("how many features its input has is not known");
        double wavelength = call.Config.Number("max_wavelength", 10000);
        float[] scales = [.. Enumerable.Range(0, (int)features).Select(i => (float)Math.Pow(wavelength, -2.0 * (i / 2) / features))];
        float[] even = [.. Enumerable.Range(0, (int)features).Select(i => 1f - (i % 2))];
        Value steps = call.Op("ExpandDims", call.Op("Range", call.Int(Start(call)), call.Op("AddV2", call.Size(x, call.Rank - 2), call.Int(Start(call))), call.Int(1)), call.Int(1));
        Value angles = call.Op("Mul", call.Cast(steps, DType.Float32), call.Graph.Const($"{call.Scope}/scales", Tensor.Wrap(scales)));
        Value isEven = call.Graph.Const($"{call.Scope}/even", Tensor.Wrap(even));
        Value waves = call.Op("AddV2", call.Op("Mul", call.Op("Sin", angles), isEven), call.Op("Mul", call.Op("Cos", angles), call.Op("Sub", call.Like(isEven, 1), isEven)));
        return Spread(call, call.Cast(waves, LayerGraph.DTypeOf(x)), x);
    }

    /// <summary>
    /// Turns pairs of features, one of the first half and one of the second, by an angle of step / wavelength^(2 pair / features), which
    /// <c>scaling_factor</c> divides. Steps are the second dimension, features the last.
    /// </summary>
    public static Value Rotary(LayerCall call)
    {
        (Value x, int rank, long features) = (call.Input, call.Rank, call.Rank > 0 ? call.Shape[-1] : -1);
        if (rank < 3 || (call.Config.Int("sequence_axis", 1) + rank) % rank != 1 || (call.Config.Int("feature_axis", -1) + rank) % rank != rank - 1)
            throw call.Unsupported("its sequence_axis is not the second, or its feature_axis not the last of at least three");
        if (features is < 2 or > MostFeatures || features % 2 != 0)
            throw call.Unsupported($"its input has {features} features, expected an even number that is known");
        if (call.Inputs.Count > 1 || call.Named.Count > 0 || call.Constants.TryGetValue("positions", out JsonElement given) && given.ValueKind != JsonValueKind.Null)
            throw call.Unsupported("it is called with positions, or an index that is computed");
        Value steps = call.Op("Range", call.Int(Start(call)), call.Op("AddV2", call.Size(x, 1), call.Int(Start(call))), call.Int(1));
        // Dimensions between steps and features turn alike.
        steps = call.Cast(call.Reshape(steps, [-1, .. Enumerable.Repeat(1, rank - 2)]), DType.Float32);
        float[] frequencies = Frequencies(call, (int)features);
        Value angles = call.Op("Mul", steps, call.Graph.Const($"{call.Scope}/frequencies", Tensor.Wrap([.. frequencies, .. frequencies])));
        Value Wave(string op) => call.Cast(call.Op(op, angles), LayerGraph.DTypeOf(x));
        Node halves = call.Op("Split", call.Int(-1), x, new AttributeMap { { "num_split", 2 } }).Node;
        Value turned = call.Concat([call.Op("Neg", new Value(halves, 1)), new Value(halves, 0)], -1);
        return call.Op("AddV2", call.Op("Mul", x, Wave("Cos")), call.Op("Mul", turned, Wave("Sin")));
    }

    private static float[] Frequencies(LayerCall call, int features)
    {
        (double wavelength, double scaling) = (call.Config.Number("max_wavelength", 10000), call.Config.Number("scaling_factor", 1));
        double divisor = call.Config.Text("rope_type", "linear") switch
        {
            "linear" => scaling,
            "dynamic" => Math.Pow(scaling, (double)features / Math.Max(1, features - 2)),
            var type => throw call.Unsupported($"its rope_type is '{type}'"),
        };
        double denominator = call.Config.Int("denominator_dim", features);
        return [.. Enumerable.Range(0, features / 2).Select(pair => (float)(Math.Pow(wavelength, -2 * pair / denominator) / divisor))];
    }

    private static Value Embedding(LayerCall call, Value x, LayerWeights weights, int at)
    {
        if (call.Named.ContainsKey("positions"))
            throw call.Unsupported("it is called with positions");
        if (call.Config.Find("sequence_length") is null)
            throw call.Unsupported("it has no sequence_length");
        int rank = LayerGraph.ShapeOf(x).Rank;
        Value rows = call.Op("Slice", weights.Get(call.Graph, at, "embeddings"), call.Ints(Start(call), 0), call.Op("Pack", [call.Size(x, rank - 2), call.Int(-1)]));
        return Spread(call, rows, x);
    }

    private static int Start(LayerCall call) => call.Constants.TryGetValue("start_index", out JsonElement start) && start.TryGetInt32(out int index) && index >= 0 ? index : 0;

    private static Value Spread(LayerCall call, Value rows, Value x) => call.Op("BroadcastTo", rows, call.Op("Shape", x, new AttributeMap { { "out_type", DType.Int32 } }));
}
