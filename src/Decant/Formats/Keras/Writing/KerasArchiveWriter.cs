using System.IO.Compression;
using System.Text.Json.Nodes;
using Decant.IR;
using Decant.Wire.Hdf5;

namespace Decant.Formats.Keras.Writing;

/// <summary>
/// Writes Keras's archives. The files are stored, not packed, so that weights can be mapped; there are no times, so that the same model
/// gives the same bytes.
/// </summary>
internal static class KerasArchiveWriter
{
    // The first day that zip archives can tell.
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void Write(Model model, string path)
    {
        KerasParts parts = KerasSource.Of(model, path);
        KerasSource.RefuseKeras1(parts, path, "a .keras archive");
        BufferSlice metadata = DescriptionJson.Bytes(new JsonObject { ["keras_version"] = parts.Version }, null);
        BufferSlice config = Config(parts);
        var root = new Hdf5GroupContent();
        WriteLayers(parts.Layers, root);
        AtomicFile.Write(path, stream =>
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            Add(zip, KerasArchive.Metadata, metadata.CopyTo);
            Add(zip, KerasArchive.Config, config.CopyTo);
            Add(zip, KerasArchive.Weights, entry => Hdf5Writer.Write(root, entry));
        }, parts.Weights.Sum(w => Tensor.ByteCount(w.Value.DType, w.Value.Shape)));
    }

    /// <summary>
    /// Archives name the module of the model's class. Layers without one are read by Keras as those of older files are, so these stay.
    /// </summary>
    private static BufferSlice Config(KerasParts parts)
    {
        JsonObject config = DescriptionJson.Parse(parts.Config);
        if (config.ContainsKey("module"))
            return parts.Config;
        // keras.Model makes the functional model of both Keras 2.15 and 3.
        JsonNode? options = config["config"]?.DeepClone();
        var whole = new JsonObject
        {
            ["module"] = "keras",
            ["class_name"] = config.Text("class_name") == "Functional" ? "Model" : config.Text("class_name"),
            ["config"] = options is JsonArray layers ? new JsonObject { ["name"] = "sequential", ["layers"] = layers } : options,
            ["registered_name"] = null,
        };
        return DescriptionJson.Bytes(whole, parts.Config.Name);
    }

    /// <summary>Groups by class, numbered in the order of the layers; <c>vars</c> tells the layer.</summary>
    private static void WriteLayers(IReadOnlyList<KerasLayer> layers, Hdf5GroupContent root)
    {
        Hdf5GroupContent container = root.Group("layers");
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (KerasLayer layer in layers)
        {
            string name = ArchiveWeights.GroupName(layer.Class);
            int count = counts[name] = counts.GetValueOrDefault(name) + 1;
            Hdf5GroupContent group = container.Group((count == 1 ? name : $"{name}_{count - 1}").Replace('/', '_'));
            group.Group("vars").SetText("name", layer.Name);
            foreach (IGrouping<string, KerasWeight> part in layer.Weights.GroupBy(w => w.Part))
            {
                foreach ((int i, KerasWeight weight) in part.Index())
                    group.Add($"{part.Key}/vars/{i}", weight.Value.DType, weight.Value.Shape, () => KerasSource.Pieces(weight.Value));
            }

            if (layer.Layers.Count > 0)
                WriteLayers(layer.Layers, group);
        }
    }

    private static void Add(ZipArchive zip, string name, Action<Stream> write)
    {
        ZipArchiveEntry entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = NoTime;
        using Stream stream = entry.Open();
        write(stream);
    }
}
