using System.Text.Json.Nodes;

namespace Decant.Formats.Keras.Writing;

/// <summary>
/// Writes out what older versions of Keras leave unsaid of a Sequential model: that its layers are a list with a name, and that an InputLayer is before
/// them. Keras 3 takes no list without a name, and the <c>batch_input_shape</c> of another layer for one without the batch, so that the model has an axis too many.
/// </summary>
internal static class SequentialInputs
{
    private const string Shape = "batch_input_shape";

    /// <summary>Changes the Sequential models of a description, also inside of others.</summary>
    public static void Add(JsonNode? node)
    {
        if (node is JsonObject model && model.Text("class_name") == "Sequential")
        {
            if (model["config"] is JsonArray list)
            {
                model["config"] = null;
                model["config"] = new JsonObject { ["name"] = model.Text("name") ?? "sequential", ["layers"] = list };
            }

            if (model["config"] is JsonObject config && config["layers"] is JsonArray layers && Input(layers) is { } input)
                layers.Insert(0, input);
        }

        foreach (JsonNode? child in node switch { JsonObject json => json.Select(p => p.Value), JsonArray array => array, _ => [] })
            Add(child);
    }

    /// <summary>The InputLayer that the first layer tells of, as Keras 2.3 writes it; null where there is one, or nothing tells its shape.</summary>
    private static JsonObject? Input(JsonArray layers)
    {
        if (layers is not [JsonObject first, ..] || first.Text("class_name") is "InputLayer" || first["config"] is not JsonObject options || options[Shape] is not JsonArray shape)
            return null;
        return new JsonObject
        {
            ["class_name"] = "InputLayer",
            ["config"] = new JsonObject { [Shape] = shape.DeepClone(), ["dtype"] = options.Text("dtype") ?? "float32", ["sparse"] = false, ["name"] = $"{options.Text("name")}_input" },
        };
    }
}
