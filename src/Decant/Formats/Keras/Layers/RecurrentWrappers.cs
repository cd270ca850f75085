using Decant.IR;

namespace Decant.Formats.Keras.Layers;

/// <summary>Layers that call another layer.</summary>
internal static class RecurrentWrappers
{
    /// <summary>The layer forwards and its twin backwards, whose steps are put into the order of the inputs again.</summary>
    public static IReadOnlyList<Value> Bidirectional(LayerCall call)
    {
        LayerConfig inner = call.Inner();
        Layer layer = LayerTable.Find(inner.Class)!;
        if (inner.Class is not ("LSTM" or "GRU" or "SimpleRNN"))
            throw call.Unsupported($"it has {inner.Class} inside, and LSTM, GRU and SimpleRNN are translated");
        int half = call.Weights.Count / 2;
        IReadOnlyList<Value>[] sides = new IReadOnlyList<Value>[2];
        var states = call.Inputs.Skip(1).ToList();
        for (int i = 0; i < 2; i++)
        {
            string name = i == 0 ? "forward" : "backward";
            Value[] inputs = [call.Input, .. states.Skip(i * states.Count / 2).Take(states.Count / 2)];
            var side = new LayerCall(call.Graph, inner, call.Weights.Part(i * half, half, name, inner, $"{name}_layer", inner.Name.StartsWith($"{name}_", StringComparison.Ordinal) ? inner.Name : $"{name}_{InnerName(inner)}"), $"{call.Scope}/{name}", inputs, call.Masks) { FlipsDirection = i == 1 };
            sides[i] = layer(side);
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
        LayerConfig inner = call.Inner();
        Layer layer = LayerTable.Find(inner.Class) ?? throw call.Unsupported($"it has {inner.Class} inside");
        LayerWeights weights = call.Weights.Part(call.Weights.CountBefore("layer"), call.Weights.Count, "", inner, "layer", "");
        return layer(new LayerCall(call.Graph, inner, weights, call.Scope, call.Inputs, call.Masks));
    }

    // Keras 3 keeps the name of the layer forwards, which had its own before.
    private static string InnerName(LayerConfig inner) => inner.Name.StartsWith("forward_", StringComparison.Ordinal) ? inner.Name["forward_".Length..] : inner.Name;

    /// <summary>The layer on every step, as if the steps were examples.</summary>
    public static IReadOnlyList<Value> TimeDistributed(LayerCall call)
    {
        LayerConfig inner = call.Inner();
        if (call.Rank < 3 || call.Shape.Dims[2..].Contains(-1))
            throw call.Unsupported($"its input has the shape {call.Shape}, and all dimensions behind the steps must be known");
        Value flat = call.Reshape(call.Input, [-1, .. call.Shape.Dims[2..].ToArray().Select(d => (int)d)]);
        Layer layer = LayerTable.Find(inner.Class) ?? throw call.Unsupported($"it has {inner.Class} inside");
        Value y = layer(new LayerCall(call.Graph, inner, call.Weights.Part(0, call.Weights.Count, "", inner, "layer", ""), call.Scope, [flat], []))[0];
        Shape shape = LayerGraph.ShapeOf(y);
        if (!shape.HasRank || shape.Dims[1..].Contains(-1))
            throw call.Unsupported($"the layer inside gives the shape {shape}");
        Value sizes = call.Op("Pack", [call.Size(call.Input, 0), call.Size(call.Input, 1), .. shape.Dims[1..].ToArray().Select(d => call.Int((int)d))]);
        return [call.Op("Reshape", y, sizes)];
    }
}
