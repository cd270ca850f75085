using System.Text;
using System.Text.Json.Nodes;
using Decant.IR;
using Decant.Wire.Hdf5;

namespace Decant.Formats.Keras.Writing;

/// <summary>Writes Keras's HDF5 files: the description as attributes, and a group for each layer, with the names of its weights in their order.</summary>
internal static class KerasH5Writer
{
    public static void Write(Model model, string path)
    {
        KerasParts parts = KerasSource.Of(model, path);
        var root = new Hdf5GroupContent();
        root.SetText("keras_version", parts.Version);
        root.SetText("backend", parts.Backend);
        root.SetText("model_config", Text(KerasSource.WithVocabularies(parts)));
        (JsonObject? Config, IReadOnlyList<KerasWeight> Weights) optimizer = OptimizerState.In(parts, "keras_h5") ?? (null, []);
        if (!parts.TrainingConfig.IsEmpty)
            root.SetText("training_config", optimizer.Config?.ToJsonString() ?? Text(parts.TrainingConfig));
        Hdf5GroupContent weights = root.Group("model_weights");
        weights.SetText("keras_version", parts.Version);
        weights.SetText("backend", parts.Backend);
        weights.SetTexts("layer_names", [.. parts.Layers.Select(l => l.Name)]);
        string suffix = KerasFile.Version(parts.Version) < 3 ? ":0" : "";
        foreach (KerasLayer layer in parts.Layers)
            WriteLayer(layer, weights, suffix, path);
        WriteOptimizer(optimizer.Weights, root);
        AtomicFile.Write(path, stream => Hdf5Writer.Write(root, stream), parts.Weights.Sum(w => Tensor.ByteCount(w.Value.DType, w.Value.Shape)));
    }

    private static void WriteLayer(KerasLayer layer, Hdf5GroupContent weights, string suffix, string path)
    {
        var names = new List<string>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            Hdf5GroupContent group = layer.Name.Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate(weights, (g, part) => g.Group(part));
            foreach (KerasWeight weight in Ordered(layer))
            {
                string stored = weight.StoredName is { } own ? own.Split(':')[0] : weight.Name;
                string name = Free(stored.Trim('/'), taken) + suffix;
                names.Add(name);
                group.Add(name, weight.Value.DType, weight.Value.Shape, () => KerasSource.Pieces(weight.Value));
            }

            group.SetTexts("weight_names", names);
        }
        catch (ArgumentException e)
        {
            throw KerasErrors.BadConfig.At(new Location(path, Node: layer.Name, Op: layer.Class), $"the names of layers and weights collide: {e.Message.Split(" (Parameter", 2)[0]}");
        }
    }

    private static void WriteOptimizer(IReadOnlyList<KerasWeight> weights, Hdf5GroupContent root)
    {
        if (weights.Count == 0)
            return;
        Hdf5GroupContent group = root.Group(KerasFile.OptimizerGroup);
        foreach (KerasWeight weight in weights)
            group.Add(weight.StoredName!, weight.Value.DType, weight.Value.Shape, () => KerasSource.Pieces(weight.Value));
        group.SetTexts("weight_names", [.. weights.Select(w => w.StoredName!)]);
    }

    /// <summary>In the order of Keras: what is trained comes before what is not, for a model over all of its layers.</summary>
    private static IEnumerable<KerasWeight> Ordered(KerasLayer layer) =>
        layer.IsTrainable && layer.Layers.Count > 0 ? Some(layer, true).Concat(Some(layer, false)) : layer.AllWeights;

    /// <summary>The weights of a layer that training changes, or those that it does not.</summary>
    internal static IEnumerable<KerasWeight> Some(KerasLayer layer, bool trained) =>
        !layer.IsTrainable ? (trained ? [] : layer.AllWeights)
        : layer.Weights.Where(w => w.IsTrainable == trained).Concat(layer.Layers.SelectMany(l => Some(l, trained)));

    // A name that is neither there, nor a folder of what is there, nor in one that is a weight.
    private static string Free(string wanted, HashSet<string> taken)
    {
        string name = wanted.Length == 0 ? "weight" : wanted;
        for (int i = 1; IsTaken(name, taken); i++)
            name = $"{(wanted.Length == 0 ? "weight" : wanted)}_{i}";
        for (int at = name.IndexOf('/', StringComparison.Ordinal); at >= 0; at = name.IndexOf('/', at + 1))
            taken.Add(name[..(at + 1)]);
        taken.Add(name);
        return name;
    }

    private static bool IsTaken(string name, HashSet<string> taken)
    {
        if (taken.Contains(name) || taken.Contains(name + "/"))
            return true;
        for (int at = name.IndexOf('/', StringComparison.Ordinal); at >= 0; at = name.IndexOf('/', at + 1))
        {
            if (taken.Contains(name[..at]))
                return true;
        }

        return false;
    }

    private static string Text(BufferSlice json) => Encoding.UTF8.GetString(json.Span);
}
