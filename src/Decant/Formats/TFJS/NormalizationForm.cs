using System.Text.Json.Nodes;
using Decant.Formats.Keras.Writing;
using Decant.IR;

namespace Decant.Formats.TFJS;

/// <summary>
/// Normalization along the last axis, which TensorFlow.js does not have, as BatchNormalization with the same moments and nothing added to the
/// variance: <c>(x - mean) / max(√variance, 1e-7)</c>.
/// </summary>
internal static class NormalizationForm
{
    /// <summary>Of BatchNormalization in TensorFlow.js.</summary>
    private const int MostRank = 4;

    private const float LeastVariance = 1e-14f;

    /// <summary>The model with such layers instead, in it and in the models that are its layers.</summary>
    public static KerasParts Run(KerasParts parts)
    {
        JsonObject description = DescriptionJson.Parse(parts.Config);
        var layers = Replaced(description, parts.Layers);
        return ReferenceEquals(layers, parts.Layers) ? parts : parts with { Config = DescriptionJson.Bytes(description, parts.Config.Name), Layers = layers };
    }

    private static IReadOnlyList<KerasLayer> Replaced(JsonObject model, IReadOnlyList<KerasLayer> layers)
    {
        ILookup<string?, JsonObject> entries = DescriptionJson.LayersOf(model).ToLookup(e => e.Options()?.Text("name") ?? e.Text("name"));
        KerasLayer[] replaced = [.. layers.Select(layer => entries[layer.Name].FirstOrDefault() is { } entry ? Replaced(entry, layer) : layer)];
        return replaced.SequenceEqual(layers, ReferenceEqualityComparer.Instance) ? layers : replaced;
    }

    private static KerasLayer Replaced(JsonObject entry, KerasLayer layer)
    {
        if (layer.Layers.Count > 0)
            return Replaced(entry, layer.Layers) is var inner && ReferenceEquals(inner, layer.Layers) ? layer : layer with { Layers = inner };
        if (entry.Text("class_name") != "Normalization" || entry.Options() is not { } options || !IsAlongLast(options["axis"], layer.InputShape) || options["invert"] is JsonValue inverts && inverts.TryGetValue(out bool isInverse) && isInverse)
            return layer;
        int channels = (int)layer.InputShape[-1];
        if ((Given(options["mean"], channels) ?? Weight(layer, "mean", channels)) is not { } mean || (Given(options["variance"], channels) ?? Weight(layer, "variance", channels)) is not { } variance)
            return layer;
        entry["class_name"] = "BatchNormalization";
        entry["module"] = "keras.layers";
        entry["config"] = new JsonObject
        {
            ["name"] = layer.Name,
            ["trainable"] = false,
            ["dtype"] = options["dtype"]?.DeepClone(),
            ["axis"] = -1,
            ["momentum"] = 0.99,
            ["epsilon"] = 0.0,
            ["center"] = false,
            ["scale"] = false,
        };
        KerasWeight Named(string name, IEnumerable<float> values) => new($"{layer.Name}/{name}", new TensorAttr(Tensor.Wrap([.. values], new Shape(channels))));
        return layer with { Class = "BatchNormalization", IsTrainable = false, Weights = [Named("moving_mean", mean), Named("moving_variance", variance.Select(v => MathF.Max(v, LeastVariance)))] };
    }

    private static bool IsAlongLast(JsonNode? axis, Shape input) => input is { HasRank: true, Rank: > 1 and <= MostRank } && input[-1] is > 0 and <= int.MaxValue
        && (axis is JsonArray { Count: 1 } list ? list[0] : axis) is JsonValue number && number.TryGetValue(out int at) && (at == -1 || at == input.Rank - 1);

    /// <summary>Moments that are options: a list of any nesting, or one number for all.</summary>
    private static float[]? Given(JsonNode? value, int channels)
    {
        List<float> numbers = [];
        Take(value);
        return numbers.Count == channels ? [.. numbers] : numbers.Count == 1 ? [.. Enumerable.Repeat(numbers[0], channels)] : null;

        void Take(JsonNode? node)
        {
            if (node is JsonArray list)
                list.ToList().ForEach(Take);
            else if (node is JsonValue single && single.TryGetValue(out float number))
                numbers.Add(number);
        }
    }

    private static float[]? Weight(KerasLayer layer, string name, int channels) =>
        layer.Weights.FirstOrDefault(w => w.Name.EndsWith($"/{name}", StringComparison.Ordinal)) is { Value: { DType: DType.Float32 } value } && value.Shape.ElementCount == channels ? value.Value.Span<float>().ToArray() : null;
}
