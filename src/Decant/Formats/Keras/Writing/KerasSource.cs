using System.Text.Json.Nodes;
using Decant.IR;

namespace Decant.Formats.Keras.Writing;

/// <summary>What Keras files are written of.</summary>
internal static class KerasSource
{
    /// <summary>The Keras model of a model, with a version and options that Keras itself knows.</summary>
    /// <exception cref="ModelException">It has none.</exception>
    public static KerasParts Of(Model model, string path)
    {
        KerasParts parts = Required(model, path);
        if (parts.Version is [>= '1' and <= '9', ..])
            return parts;
        JsonObject config = DescriptionJson.Parse(parts.Config);
        foreach (JsonObject layer in DescriptionJson.All(config).Where(l => l.Text("class_name") is "GRU" or "GRUCell"))
        {
            // Keras's own default was changed later.
            if (layer.Options() is { } options && !options.ContainsKey("reset_after"))
                options["reset_after"] = false;
        }

        config.Remove("keras_version");
        config.Remove("backend");
        return parts with { Version = KerasFile.VersionOfJavaScript, Backend = "tensorflow", Config = DescriptionJson.Bytes(config, parts.Config.Name) };
    }

    /// <summary>The Keras model of a model, as it was read.</summary>
    /// <exception cref="ModelException">It has none.</exception>
    public static KerasParts Required(Model model, string path) =>
        (model.Keras ??= model.FindKeras?.Invoke()) ?? throw FormatErrors.FormatNotSupported.At(
            new Location(path), model.LooseWeights is null ? "the model is a graph, of which no Keras layers can be made" : "the file holds weights alone, and does not tell the layers",
            model.LooseWeights?.Hint ?? "write a graph instead: --to tfjs, saved_model, graphdef or tflite; or convert the Keras file itself, or the SavedModel as Keras wrote it, before other tools have changed it");

    /// <summary>The description with the vocabularies in it that archives have in files.</summary>
    public static BufferSlice WithVocabularies(KerasParts parts)
    {
        if (!parts.Layers.Any(HasVocabulary))
            return parts.Config;
        JsonObject config = DescriptionJson.Parse(parts.Config);
        Tell(config, parts.Layers);
        return DescriptionJson.Bytes(config, parts.Config.Name);
    }

    private static bool HasVocabulary(KerasLayer layer) => layer.Assets.Keys.Any(IsVocabulary) || layer.Layers.Any(HasVocabulary);

    private static bool IsVocabulary(string file) => file.Split('/')[^1] == Layers.Vocabulary.FileName;

    private static void Tell(JsonObject model, IReadOnlyList<KerasLayer> layers)
    {
        foreach (KerasLayer layer in layers.Where(HasVocabulary))
        {
            JsonObject? entry = DescriptionJson.All(model).FirstOrDefault(e => e != model && (e.Options()?.Text("name") ?? e.Text("name")) == layer.Name);
            if (entry is not null)
                Tell(entry, layer.Layers);
            if (entry?.Options() is { } options && options["vocabulary"] is not JsonArray && layer.Assets.FirstOrDefault(a => IsVocabulary(a.Key)) is { Key: not null, Value: var file })
                options["vocabulary"] = new JsonArray([.. Layers.Vocabulary.Lines(file).Select(w => layer.Class == "IntegerLookup" && long.TryParse(w, out long number) ? (JsonNode)number : w)]);
        }
    }

    /// <summary>The bytes of a weight. Those that lie in several files of TensorFlow.js are not put together first.</summary>
    public static IReadOnlyList<BufferSlice> Pieces(TensorAttr weight) =>
        weight is TFJS.StoredWeight { Entry.Quantization: null } stored && stored.DType == stored.Entry.DType ? stored.Pieces : [weight.Value.Data];

    /// <summary>Refuses what Keras 1 wrote: its options and weights are others than those of formats that came later.</summary>
    /// <exception cref="ModelException">The model is of Keras 1.</exception>
    public static void RefuseKeras1(KerasParts parts, string path, string format)
    {
        if (KerasFile.Version(parts.Version) == 1)
            throw FormatErrors.FormatNotSupported.At(new Location(path), $"the model is of Keras 1, whose layers {format} does not have", "load and save it with Keras 2, or write a graph: --to tfjs");
    }
}
