using Decant.IR;

namespace Decant.Formats.Keras.Layers;

/// <summary>Layers that call another layer.</summary>
internal static class RecurrentWrappers
{
    /// <summary>The layer forwards and its twin backwards, whose steps are put into the order of the inputs again.</summary>
    public static IReadOnlyList<Value> Bidirectional(LayerCall call)
    {
        LayerConfig inner = call.Config.Inner();
        LayerConfig back = call.Config.Find("backward_layer") is { ValueKind: System.Text.Json.JsonValueKind.Object } own ? LayerConfig.Read(own, inner.File, inner.KerasVersion) : inner;
        if (!Recurrent(inner.Class) || !Recurrent(back.Class))
            throw call.Unsupported($"it has {inner.Class} inside, and recurrent layers are translated");
        int half = call.Weights.Count / 2;
        IReadOnlyList<Value>[] sides = new IReadOnlyList<Value>[2];
        var states = call.Inputs.Skip(1).ToList();
        for (int i = 0; i < 2; i++)
        {
            string name = i == 0 ? "forward" : "backward";
            LayerConfig config = i == 0 ? inner : back;
            Value[] inputs = [call.Input, .. states.Skip(i * states.Count / 2).Take(states.Count / 2)];
            // A layer backwards that is described says itself that it goes back.
            bool flips = i == 1 && (config == inner || !config.Flag("go_backwards", false));
            var side = new LayerCall(call.Graph, config, call.Weights.Part(i * half, half, name, config, $"{name}_layer", config.Name.StartsWith($"{name}_", StringComparison.Ordinal) ? config.Name : $"{name}_{InnerName(inner)}"), $"{call.Scope}/{name}", inputs, call.Masks) { FlipsDirection = flips };
            sides[i] = LayerTable.Find(config.Class)!(side);
            call.OutputMask = side.OutputMask;
        }

        call.SetsMask = true;
        Value forward = sides[0][0];
        Value backward = sides[1][0];
        if (inner.Flag("return_sequences", false))
            backward = call.Op("ReverseV2", backward, call.Ints(1));
        Value[] rest = [.. sides[0].Skip(1), .. sides[1].Skip(1)];
        return call.Config.Find("merge_mode") is { ValueKind: System.Text.Json.JsonValueKind.Null } ? [forward, backward, .. rest] : call.Config.Text("merge_mode", "concat") switch
        {
            "concat" => [call.Concat([forward, backward], -1), .. rest],
            "sum" => [call.Op("AddV2", forward, backward), .. rest],
            "mul" => [call.Op("Mul", forward, backward), .. rest],
            "ave" => [call.Op("Mul", call.Op("AddV2", forward, backward), call.Like(forward, 0.5f)), .. rest],
            _ => throw call.Config.Bad("merge_mode", "concat, sum, mul, ave or null"),
        };
    }

    /// <summary>The layer as it was normalized in training.</summary>
    public static IReadOnlyList<Value> SpectralNormalization(LayerCall call)
    {
        LayerConfig inner = call.Config.Inner();
        Layer layer = LayerTable.Find(inner.Class) ?? throw call.Unsupported($"it has {inner.Class} inside");
        LayerWeights weights = call.Weights.Part(call.Weights.CountBefore("layer"), call.Weights.Count, "", inner, "layer", "");
        return layer(new LayerCall(call.Graph, inner, weights, call.Scope, call.Inputs, call.Masks));
    }

    private static bool Recurrent(string type) => type is "LSTM" or "GRU" or "SimpleRNN" or "RNN" or "CuDNNLSTM" or "CuDNNGRU" or "UnifiedLSTM" or "UnifiedGRU" or "ConvLSTM1D" or "ConvLSTM2D" or "ConvLSTM3D";

    // Keras 3 keeps the name of the layer forwards, which had its own before.
    private static string InnerName(LayerConfig inner) => inner.Name.StartsWith("forward_", StringComparison.Ordinal) ? inner.Name["forward_".Length..] : inner.Name;

    /// <summary>The layer on every step, as if the steps were examples.</summary>
    public static IReadOnlyList<Value> TimeDistributed(LayerCall call)
    {
        LayerConfig inner = call.Config.Inner();
        if (call.Rank < 3)
            throw call.Unsupported($"its input has the shape {call.Shape}, expected batch, steps and more");
        Value[] sizes = [.. Enumerable.Range(0, call.Rank).Select(d => call.Size(call.Input, d))];
        Value flat = call.Shape.Dims[2..].Contains(-1) ? call.Op("Reshape", call.Input, call.Op("Pack", [call.Int(-1), .. sizes[2..]]))
            : call.Reshape(call.Input, [-1, .. call.Shape.Dims[2..].ToArray().Select(d => (int)d)]);
        Value y;
        if (ModelLayers.IsModel(inner))
        {
            y = (call.CallModel ?? throw call.Unsupported("it has a model inside, and is inside of another layer"))(inner, flat);
        }
        else
        {
            Layer layer = LayerTable.Find(inner.Class) ?? throw call.Unsupported($"it has {inner.Class} inside");
            y = layer(new LayerCall(call.Graph, inner, call.Weights.Part(0, call.Weights.Count, "", inner, "layer", ""), call.Scope, [flat], []) { CallModel = call.CallModel })[0];
        }

        int rank = LayerGraph.ShapeOf(y) is { HasRank: true } shape ? shape.Rank : throw call.Unsupported("the layer inside gives a tensor of unknown rank");
        return [call.Op("Reshape", y, call.Op("Pack", [sizes[0], sizes[1], .. Enumerable.Range(1, rank - 1).Select(d => call.Size(y, d))]))];
    }
}
