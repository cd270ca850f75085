using System.Text.Json;
using System.Text.Json.Nodes;

namespace Decant.Formats.Keras.Writing;

/// <summary>Descriptions that are changed before they are written.</summary>
internal static class DescriptionJson
{
    /// <summary>The deepest nesting that is read, as in all JSON.</summary>
    private static readonly JsonDocumentOptions Limits = new() { MaxDepth = Wire.Json.JsonTokens.MaxDepth };

    /// <exception cref="ModelException">The text is no JSON object.</exception>
    public static JsonObject Parse(BufferSlice json)
    {
        try
        {
            JsonTexts.Check(json);
            return JsonNode.Parse(json.Span, documentOptions: Limits) as JsonObject ?? throw Bad(json, "a list or value, expected an object");
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw Bad(json, $"no JSON ({e.Message.TrimEnd('.')})");
        }
    }

    public static BufferSlice Bytes(JsonNode json, string? name)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
            json.WriteTo(writer);
        return new BufferSlice(bytes.ToArray(), name);
    }

    /// <summary>A value with tuples and shapes, which SavedModels mark by <c>{"class_name": "__tuple__", "items": [...]}</c>, as lists.</summary>
    public static JsonNode? Lists(JsonNode? value) => value switch
    {
        JsonArray list => new JsonArray([.. list.Select(Lists)]),
        JsonObject table when table.Text("class_name") is "__tuple__" or "TensorShape" && table["items"] is JsonArray items => Lists(items),
        JsonObject table => new JsonObject(table.Select(f => new KeyValuePair<string, JsonNode?>(f.Key, Lists(f.Value)))),
        _ => value?.DeepClone(),
    };

    /// <summary>The text of a field; null when it is not there or something else.</summary>
    public static string? Text(this JsonObject json, string field) =>
        json[field] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>The options of an entry <c>{"class_name": ..., "config": {...}}</c>, if they are a table.</summary>
    public static JsonObject? Options(this JsonObject entry) => entry["config"] as JsonObject;

    /// <summary>The entries of a model's layers; empty for a layer that is no model.</summary>
    public static IEnumerable<JsonObject> LayersOf(JsonObject entry) =>
        ((entry["config"] as JsonArray) ?? entry.Options()?["layers"] as JsonArray)?.OfType<JsonObject>() ?? [];

    /// <summary>All entries: the model, its layers, theirs, and the layers and cells that others have inside.</summary>
    public static IEnumerable<JsonObject> All(JsonObject entry)
    {
        IEnumerable<JsonObject> inner = LayersOf(entry);
        if (entry.Options() is { } options)
        {
            IEnumerable<JsonNode?> cells = (options["cells"] as JsonArray ?? options["cell"] as JsonArray)?.AsEnumerable() ?? [];
            inner = inner.Concat(new[] { options["layer"], options["backward_layer"], options["cell"] }.Concat(cells).OfType<JsonObject>().Where(l => l.Text("class_name") is not null));
        }

        return inner.SelectMany(All).Prepend(entry);
    }

    private static ModelException Bad(BufferSlice json, string what) => KerasErrors.BadConfig.At(new Location(json.Name), $"the description of the layers is {what}");
}
