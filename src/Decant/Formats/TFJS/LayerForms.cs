using System.Globalization;
using System.Text.Json.Nodes;
using Decant.Formats.Keras.Writing;

namespace Decant.Formats.TFJS;

/// <summary>
/// Layers of models that TensorFlow.js does not have with these options, as layers that it has: pooling of everything that keeps the
/// dimensions, the activations relu6(x + 3) / 6 and x·relu6(x + 3) / 6 of Keras 3, and new shapes of which one size is to be found, which it
/// does not do before it knows the batch. Layers inside of others have no such form.
/// </summary>
internal static class LayerForms
{
    private const double Shift = 3, Most = 6;

    /// <summary>The layers, without names and calls, one behind the other; Multiply also takes what the first does. Null where there is no need or no form.</summary>
    /// <param name="layer">An entry of a model's layers.</param>
    /// <param name="model">The model's entry.</param>
    /// <param name="input">The shape of what the layer takes.</param>
    /// <param name="isKeras3">Whether the description means what it means in Keras 3.</param>
    public static JsonObject[]? Of(JsonObject layer, JsonObject model, Shape input, bool isKeras3)
    {
        if (layer.Options() is not { } options || layer.Text("class_name") is not { } type)
            return null;
        if (type.StartsWith("Global", StringComparison.Ordinal) && options["keepdims"] is JsonValue keeps && keeps.TryGetValue(out bool isKept) && isKept)
        {
            int axis = options.Text("data_format") == "channels_first" ? 1 : input.HasRank ? input.Rank - 1 : 0;
            if (!input.HasRank || input.Rank <= axis || input[axis] < 0)
                return null;
            var pooling = (JsonObject)options.DeepClone();
            pooling.Remove("keepdims");
            return [Entry(type, pooling), Reshape(Enumerable.Range(1, input.Rank - 1).Select(i => i == axis ? input[i] : 1))];
        }

        if (type == "Reshape" && input.HasRank && new Shape(input.Dims[1..]).TryElementCount(out long elements) && options["target_shape"] is JsonArray target)
        {
            long[] sizes = [.. target.Select(d => d is JsonValue number && number.TryGetValue(out long size) ? size : 0)];
            long known = sizes.Where(d => d != -1).Aggregate(1L, (product, d) => product * d);
            return sizes.Count(d => d == -1) == 1 && known > 0 && elements % known == 0 ? [Reshape(sizes.Select(d => d == -1 ? elements / known : d))] : null;
        }

        if (type != "Activation" || !isKeras3)
            return null;
        JsonObject[] gate =
        [
            Entry("Rescaling", new() { ["scale"] = 1.0, ["offset"] = Shift }), Entry("ReLU", new() { ["max_value"] = Most }), Entry("Rescaling", new() { ["scale"] = 1 / Most, ["offset"] = 0.0 }),
        ];
        return options.Text("activation") switch
        {
            "hard_sigmoid" => gate,
            // A list of layers has no way around some of them.
            "hard_silu" or "hard_swish" when model.Text("class_name") != "Sequential" => [.. gate, Entry("Multiply", [])],
            _ => null,
        };
    }

    /// <summary>Puts the layers in place in a description of the form of Keras 2. The last one has the name of the layer for which they stand, so that calls stay as they are.</summary>
    /// <param name="description">The description.</param>
    /// <param name="inputs">What layers take, by name.</param>
    /// <param name="isKeras3">Whether it means what it means in Keras 3.</param>
    public static void Run(JsonObject description, IReadOnlyDictionary<string, Shape> inputs, bool isKeras3)
    {
        foreach (JsonObject model in DescriptionJson.All(description).ToList())
        {
            JsonObject[] before = [.. DescriptionJson.LayersOf(model)];
            if (before.Length == 0)
                continue;
            HashSet<string> names = [.. before.Select(Name)];
            JsonObject[] after = [.. before.SelectMany(layer => Of(layer, model, inputs.GetValueOrDefault(Name(layer), Shape.Unknown), isKeras3) is { } parts ? Placed(layer, parts, names) : [layer])];
            JsonArray layers = model["config"] as JsonArray ?? (JsonArray)model.Options()!["layers"]!;
            layers.Clear();
            foreach (JsonObject layer in after)
                layers.Add((JsonNode)layer);
        }
    }

    private static JsonObject[] Placed(JsonObject layer, JsonObject[] parts, HashSet<string> names)
    {
        JsonObject options = layer.Options()!;
        string name = Name(layer);
        for (int i = 0; i < parts.Length; i++)
        {
            string own = i == parts.Length - 1 ? name : Free($"{name}_{i + 1}");
            JsonObject placed = parts[i].Options()!;
            placed["name"] = own;
            placed["trainable"] ??= false;
            if (options["dtype"] is { } dtype)
                placed["dtype"] = dtype.DeepClone();
            if (i == 0 && options["batch_input_shape"] is { } shape)
                placed["batch_input_shape"] = shape.DeepClone();
            if (layer["inbound_nodes"] is not JsonArray calls)
                continue;
            parts[i]["name"] = own;
            parts[i]["inbound_nodes"] = new JsonArray([.. calls.Select((call, number) => Call(call!, i == 0 ? null : Name(parts[i - 1]), number, parts[i].Text("class_name") == "Multiply"))]);
        }

        return parts;

        string Free(string wanted)
        {
            string free = wanted;
            for (int i = 1; !names.Add(free); i++)
                free = string.Create(CultureInfo.InvariantCulture, $"{wanted}_{i}");
            return free;
        }
    }

    // The tensors of a call: those of the layer for which the parts stand, or of the part in front, or of both.
    private static JsonNode Call(JsonNode call, string? front, int number, bool takesBoth)
    {
        if (front is null)
            return call.DeepClone();
        var last = new JsonArray(front, number, 0, new JsonObject());
        return takesBoth ? new JsonArray(((JsonArray)call)[0]!.DeepClone(), last) : new JsonArray(last);
    }

    private static JsonObject Reshape(IEnumerable<long> sizes) => Entry("Reshape", new() { ["target_shape"] = new JsonArray([.. sizes.Select(s => JsonValue.Create(s))]) });

    private static JsonObject Entry(string type, JsonObject options) => new() { ["class_name"] = type, ["config"] = options };

    private static string Name(JsonObject layer) => layer.Options()?.Text("name") ?? layer.Text("name") ?? "";
}
