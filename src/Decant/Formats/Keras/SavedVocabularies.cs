using System.Globalization;
using System.Text.Json.Nodes;
using Decant.Formats.Keras.Writing;
using Decant.Formats.Variables;
using Decant.IR;

namespace Decant.Formats.Keras;

/// <summary>
/// Puts the vocabularies of lookup layers into the description of a model: SavedModels leave them out of it, also those that were given to the
/// layer, as its lookup table holds them.
/// </summary>
internal sealed class SavedVocabularies(Model model, IReadOnlyList<SavedObject> objects, IReadOnlyDictionary<int, JsonObject> described)
{
    private const string Option = "vocabulary";

    // The table of each layer; TextVectorization has a lookup layer inside.
    private static readonly Dictionary<string, string[]> Tables = new()
    {
        ["IntegerLookup"] = ["lookup_table"],
        ["StringLookup"] = ["lookup_table"],
        ["TextVectorization"] = ["_lookup_layer", "lookup_table"],
    };

    private readonly Dictionary<string, IReadOnlyList<long>> _boundInputs = SavedObjects.BoundInputs(model.TensorFlow.ObjectGraph);

    /// <summary>Tells the vocabularies of the layers of a model, which is an object.</summary>
    public void Tell(JsonObject entry, int node)
    {
        Dictionary<string, int> layers = SavedKeras.LayersOf(node, objects, described);
        foreach (JsonObject layer in DescriptionJson.LayersOf(entry))
        {
            if (layer.Options() is not { } options || !layers.TryGetValue(options.Text("name") ?? layer.Text("name") ?? "", out int child))
                continue;
            string type = layer.Text("class_name") ?? "";
            if (!Tables.TryGetValue(type, out string[]? path))
                Tell(layer, child);
            else if (options[Option] is not JsonArray && Words(type, options, path, child) is { } words)
                options[Option] = new JsonArray([.. words.Select(w => type == "IntegerLookup" && long.TryParse(w, CultureInfo.InvariantCulture, out long number) ? (JsonNode)number : w)]);
        }
    }

    private IReadOnlyList<string>? Words(string type, JsonObject options, string[] path, int layer)
    {
        int? table = layer;
        foreach (string name in path)
            table = table is { } holder ? objects[holder].Find(objects, name) : null;
        if (table is not { } found || SavedTable.Find(model, objects, _boundInputs, found) is not var (words, first))
            return null;
        bool isText = type == "TextVectorization";
        string? mask = options.Text("output_mode") is not (null or "int") ? null : isText ? "" : options["mask_token"]?.ToString();
        int masks = mask is null ? 0 : 1;
        int unknowns = !isText && options["num_oov_indices"] is JsonValue count && count.TryGetValue(out int number) ? number : 1;
        if (first != (long)masks + unknowns)
            return null;
        // Vocabularies that begin with all special tokens are taken to list them, but tables never do.
        string unknown = (isText ? null : options["oov_token"]?.ToString()) ?? (type == "IntegerLookup" ? "-1" : "[UNK]");
        bool beginsWithSpecial = words.Count >= first && (mask is null || words[0] == mask) && words.Skip(masks).Take(unknowns).All(w => w == unknown);
        return first > 0 && beginsWithSpecial ? [.. words.Take((int)first), .. words] : words;
    }
}
