using System.Text.Json.Nodes;
using Decant.Formats.Keras.Writing;

namespace Decant.Formats.TFJS;

/// <summary>The calls of layers that Keras 3 describes by arguments, as lists of tensors: <c>[[["dense", 0, 0, {}]]]</c>.</summary>
internal static class InboundNodes
{
    // Attention's further arguments by position; those of other layers are more inputs.
    private static readonly string[] AttentionArguments = ["query", "value", "key"];

    public static JsonArray Old(JsonArray calls, string? type) => new([.. calls.Select(c => c is JsonObject call ? Old(call, type) : c?.DeepClone())]);

    private static JsonArray Old(JsonObject call, string? type)
    {
        var named = new JsonObject();
        var inputs = new List<JsonArray>();
        foreach ((int i, JsonNode? argument) in (call["args"] as JsonArray ?? []).Index())
        {
            List<JsonArray> tensors = Tensors(argument);
            if (i > 0 && i < AttentionArguments.Length && type is "MultiHeadAttention" && tensors.Count == 1)
                named[AttentionArguments[i]] = tensors[0];
            else
                inputs.AddRange(tensors);
        }

        foreach ((string name, JsonNode? argument) in call["kwargs"] as JsonObject ?? [])
        {
            List<JsonArray> tensors = Tensors(argument);
            if (name == "initial_state")
                inputs.AddRange(tensors);
            else if (tensors.Count > 0)
                named[name] = tensors.Count == 1 ? tensors[0] : new JsonArray([.. tensors]);
            else if (argument is JsonValue)
                named[name] = argument.DeepClone();
        }

        foreach ((int i, JsonArray input) in inputs.Index())
            input.Add((JsonNode)(i == 0 ? named : new JsonObject()));
        return new JsonArray([.. inputs]);
    }

    private static List<JsonArray> Tensors(JsonNode? argument)
    {
        if (argument is JsonArray list)
            return [.. list.SelectMany(Tensors)];
        return argument is JsonObject table && table.Text("class_name") == "__keras_tensor__" && table.Options()?["keras_history"] is JsonArray { Count: 3 } history
            ? [(JsonArray)history.DeepClone()] : [];
    }
}
