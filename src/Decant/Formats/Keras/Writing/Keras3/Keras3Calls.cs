using System.Text.Json.Nodes;

namespace Decant.Formats.Keras.Writing.Keras3;

/// <summary>The calls of a functional model's layers in the form that Keras 3 reads.</summary>
internal static class Keras3Calls
{
    // States that Keras 2 lists behind the input of a layer.
    private static bool HasStates(string type) => type is "LSTM" or "GRU" or "SimpleRNN" or "RNN" or "Bidirectional" || type.StartsWith("ConvLSTM", StringComparison.Ordinal);

    /// <summary>Changes the calls of a functional model's layers, and its outputs.</summary>
    public static void Write(JsonObject model, string path, Version version)
    {
        CallRenumbering.Run(model, path, version, layer => new CallNumbers(0, ModelLayers.IsSequential(layer) ? 0 : 1));
        foreach (JsonObject layer in DescriptionJson.LayersOf(model))
        {
            if (layer["inbound_nodes"] is not JsonArray calls)
                continue;
            for (int i = 0; i < calls.Count; i++)
            {
                if (calls[i] is JsonArray call && Newer(call, layer.Text("class_name") ?? "") is { } newer)
                    calls[i] = newer;
            }
        }
    }

    /// <summary>
    /// A call with arguments apart, <c>{"args": [...], "kwargs": {...}}</c>, where the older form, <c>[["x", 0, 0, {...}], ...]</c>, has tensors among its named arguments or
    /// states behind the input, which Keras 3 does not take in that form; null for others.
    /// </summary>
    private static JsonObject? Newer(JsonArray call, string type)
    {
        JsonArray[] tensors = [.. call.OfType<JsonArray>()];
        if (tensors.Length == 0 || tensors.Length != call.Count || tensors.Any(t => t.Count < 3))
            return null;
        JsonObject[] named = [.. tensors.Where(t => t.Count > 3).Select(t => t[3]).OfType<JsonObject>()];
        bool hasStates = tensors.Length > 1 && HasStates(type), isAttention = tensors.Length > 1 && type is "MultiHeadAttention" or "GroupQueryAttention";
        if (!hasStates && !isAttention && !named.Any(n => n.Any(a => IsTensor(a.Value) || a.Value is JsonArray list && list.Count > 0 && list.All(IsTensor))))
            return null;
        var keywords = new JsonObject();
        foreach ((string name, JsonNode? value) in named.SelectMany(n => n))
            keywords[name] = value is JsonArray list && !IsTensor(list) && list.Count > 0 && list.All(IsTensor) ? new JsonArray([.. list.Select(t => (JsonNode)Tensor(t!.AsArray()))]) : IsTensor(value) ? Tensor(value!.AsArray()) : value?.DeepClone();
        if (hasStates)
            keywords["initial_state"] = new JsonArray([.. tensors.Skip(1).Select(t => (JsonNode)Tensor(t))]);
        if (isAttention)
            return new JsonObject { ["args"] = new JsonArray([.. tensors.Select(t => (JsonNode)Tensor(t))]), ["kwargs"] = keywords };
        JsonNode first = tensors.Length > 1 && !hasStates ? new JsonArray([.. tensors.Select(t => (JsonNode)Tensor(t))]) : Tensor(tensors[0]);
        return new JsonObject { ["args"] = new JsonArray(first), ["kwargs"] = keywords };
    }

    private static bool IsTensor(JsonNode? node) => node is JsonArray { Count: 3 or 4 } list && list[0] is JsonValue name && name.TryGetValue(out string? layer) && layer != TensorId.Constant && list[1] is JsonValue call && call.TryGetValue(out int _);

    // Keras takes shape and type of the layer that is told.
    private static JsonObject Tensor(JsonArray tensor) => new()
    {
        ["class_name"] = "__keras_tensor__",
        ["config"] = new JsonObject { ["shape"] = new JsonArray((JsonNode?)null), ["dtype"] = "float32", ["keras_history"] = new JsonArray(tensor[0]!.DeepClone(), tensor[1]!.DeepClone(), tensor[2]!.DeepClone()) },
    };
}
