using System.Globalization;
using System.Text.Json.Nodes;
using Decant.Formats.Checkpoint;
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

    // The table of each layer; TextVectorization has a lookup layer inside. Before TensorFlow 2.6, tables could be written to, and are in the checkpoint.
    private static readonly Dictionary<string, (string[] Table, string[] Stored)> Tables = new()
    {
        ["IntegerLookup"] = (["lookup_table"], ["_table"]),
        ["StringLookup"] = (["lookup_table"], ["_table"]),
        ["TextVectorization"] = (["_lookup_layer", "lookup_table"], ["_index_lookup_layer", "_table"]),
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
            if (!Tables.TryGetValue(type, out (string[] Table, string[] Stored) paths))
                Tell(layer, child);
            else if (options[Option] is not JsonArray && Words(type, options, paths.Table, paths.Stored, child) is { } words)
                options[Option] = new JsonArray([.. words.Select(w => type == "IntegerLookup" && long.TryParse(w, CultureInfo.InvariantCulture, out long number) ? (JsonNode)number : w)]);
        }
    }

    private IReadOnlyList<string>? Words(string type, JsonObject options, string[] path, string[] stored, int layer)
    {
        SavedTable? table = Walk(layer, path) is { } filled ? SavedTable.Find(model, objects, _boundInputs, filled) : Walk(layer, stored) is { } written ? OfCheckpoint(written) : null;
        if (table is not var (words, first))
            return null;
        bool isText = type == "TextVectorization";
        string? mask = options.Text("output_mode") is not (null or "int") ? null : isText ? "" : (options["mask_token"] ?? options["mask_value"])?.ToString();
        int masks = mask is null ? 0 : 1;
        int unknowns = !isText && options["num_oov_indices"] is JsonValue count && count.TryGetValue(out int number) ? number : 1;
        // Vocabularies that begin with all special tokens are taken to list them, but tables never do.
        string unknown = (isText ? null : (options["oov_token"] ?? options["oov_value"])?.ToString()) ?? (type == "IntegerLookup" ? "-1" : "[UNK]");
        long special = (long)masks + unknowns;
        bool beginsWithSpecial = words.Count >= special && (mask is null || words[0] == mask) && words.Skip(masks).Take(unknowns).All(w => w == unknown);
        if (first != special)
            return first == 0 && beginsWithSpecial ? words : null;
        return first > 0 && beginsWithSpecial ? [.. words.Take((int)first), .. words] : words;
    }

    private int? Walk(int layer, string[] path)
    {
        int? at = layer;
        foreach (string name in path)
            at = at is { } holder ? objects[holder].Find(objects, name) : null;
        return at;
    }

    private SavedTable? OfCheckpoint(int table)
    {
        if (model.Checkpoint is not { } path)
            return null;
        using CheckpointReader checkpoint = CheckpointReader.Open(path);
        if (checkpoint.ObjectGraph is not { } tracked || !SavedObjects.TablesByNode(objects, tracked).TryGetValue(table, out string? key))
            return null;
        (string keys, string values) = ($"{key}-keys", $"{key}-values");
        return checkpoint.Find(keys) is null || checkpoint.Find(values) is null ? null : SavedTable.OfPairs(checkpoint.Read(keys), checkpoint.Read(values));
    }
}
