using Decant.IR;

namespace Decant.Formats.Keras.Layers;

/// <summary>Layers of KerasHub that tell where in a sequence a value is.</summary>
internal static class PositionLayers
{
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
        if (features is < 1 or > int.MaxValue)
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

    private static int Start(LayerCall call) => call.Constants.TryGetValue("start_index", out System.Text.Json.JsonElement start) && start.TryGetInt32(out int index) && index >= 0 ? index : 0;

    private static Value Spread(LayerCall call, Value rows, Value x) => call.Op("BroadcastTo", rows, call.Op("Shape", x, new AttributeMap { { "out_type", DType.Int32 } }));
}
