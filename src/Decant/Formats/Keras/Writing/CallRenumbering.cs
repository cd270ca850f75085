using System.Text.Json;
using System.Text.Json.Nodes;

namespace Decant.Formats.Keras.Writing;

/// <summary>The calls of models that are layers of another, counted as the reader of a file counts them.</summary>
internal static class CallRenumbering
{
    /// <summary>Changes what the layers and outputs of a functional model read; other models stay.</summary>
    /// <param name="model">The model's entry.</param>
    /// <param name="path">Where it is, for messages.</param>
    /// <param name="version">The version of the Keras that wrote it.</param>
    /// <param name="wanted">The numbers that a layer, which is a model, is to have.</param>
    public static void Run(JsonObject model, string path, Version version, Func<LayerConfig, CallNumbers> wanted)
    {
        if (model.Options() is not { } options || options["layers"] is not JsonArray layers || options["output_layers"] is not { } outputs)
            return;
        using var document = JsonDocument.Parse(model.ToJsonString());
        var config = LayerConfig.Read(document.RootElement, path, version);
        IReadOnlyList<LayerConfig> read = ModelLayers.Of(config);
        LayerConfig[] models = [.. read.Where(ModelLayers.IsModel)];
        if (models.Length == 0)
            return;
        Dictionary<string, CallNumbers> numbers = CallNumbers.Of(config, read, read.SelectMany(InboundCall.ReadAll).SelectMany(c => c.All), TensorId.ReadAll(config, "output_layers"));
        Dictionary<string, int> inside = models.ToDictionary(l => l.Name, l => wanted(l).Inside - numbers[l.Name].Inside, StringComparer.Ordinal);
        Dictionary<string, int> outside = models.ToDictionary(l => l.Name, l => wanted(l).Outside - numbers[l.Name].Outside, StringComparer.Ordinal);
        foreach (JsonObject layer in layers.OfType<JsonObject>())
            Add(layer["inbound_nodes"], inside);
        Add(outputs, outside);
    }

    private static void Add(JsonNode? node, Dictionary<string, int> change)
    {
        if (node is JsonArray { Count: >= 3 } tensor && tensor[0] is JsonValue first && first.TryGetValue(out string? layer) && tensor[1] is JsonValue second && second.TryGetValue(out int call))
            tensor[1] = call + change.GetValueOrDefault(layer);
        foreach (JsonNode? child in node switch { JsonObject table => table.Select(p => p.Value), JsonArray list => list, _ => [] })
            Add(child, change);
    }
}
