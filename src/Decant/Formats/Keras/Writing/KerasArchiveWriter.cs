using System.IO.Compression;
using System.Text.Json.Nodes;
using Decant.Formats.Files;
using Decant.Formats.Keras.Writing.Keras3;
using Decant.IR;
using Decant.Wire.Hdf5;

namespace Decant.Formats.Keras.Writing;

/// <summary>Writes Keras's archives. The files are stored, so that weights can be mapped.</summary>
internal static class KerasArchiveWriter
{
    public static void Write(Model model, string path)
    {
        KerasParts parts = Keras3Model.Of(model, path).Parts;
        BufferSlice metadata = DescriptionJson.Bytes(new JsonObject { ["keras_version"] = parts.Version }, null);
        var root = new Hdf5GroupContent();
        // The model's own weights, of which it has none; Keras does not open archives without the group.
        root.Group("vars");
        var assets = new SortedDictionary<string, BufferSlice>(StringComparer.Ordinal);
        WriteLayers(parts.Layers, root, "", assets);
        foreach (KerasWeight weight in OptimizerState.In(parts, "keras")?.Weights ?? [])
            root.Group(KerasArchive.Optimizer).Add(weight.StoredName!, weight.Value.DType, weight.Value.Shape, () => KerasSource.Pieces(weight.Value));
        foreach (KerasWeight weight in parts.Metrics)
            root.Group(KerasArchive.Metrics).Add(weight.StoredName!, weight.Value.DType, weight.Value.Shape, () => KerasSource.Pieces(weight.Value));
        AtomicFile.Write(path, stream =>
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            StoredZip.Add(zip, KerasArchive.Metadata, metadata.CopyTo);
            StoredZip.Add(zip, KerasArchive.Config, parts.Config.CopyTo);
            StoredZip.Add(zip, KerasArchive.Weights, entry => Hdf5Writer.Write(root, entry));
            foreach ((string name, BufferSlice file) in assets)
                StoredZip.Add(zip, KerasArchive.AssetsFolder + name, file.CopyTo);
        }, parts.Weights.Sum(w => Tensor.ByteCount(w.Value.DType, w.Value.Shape)));
    }

    /// <summary>Groups by class, numbered in the order of the layers; <c>vars</c> tells the layer.</summary>
    private static void WriteLayers(IReadOnlyList<KerasLayer> layers, Hdf5GroupContent root, string folder, SortedDictionary<string, BufferSlice> assets)
    {
        Hdf5GroupContent container = root.Group("layers");
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (KerasLayer layer in layers)
        {
            string name = ArchiveWeights.GroupName(layer.Class);
            int count = counts[name] = counts.GetValueOrDefault(name) + 1;
            string numbered = (count == 1 ? name : $"{name}_{count - 1}").Replace('/', '_'), path = $"{folder}layers/{numbered}/";
            Hdf5GroupContent group = container.Group(numbered);
            group.Group("vars").SetText("name", layer.Name);
            foreach (IGrouping<string, KerasWeight> weights in layer.Weights.GroupBy(w => w.Part))
            {
                foreach ((int i, KerasWeight weight) in weights.Index())
                    group.Add($"{weights.Key}/vars/{i}", weight.Value.DType, weight.Value.Shape, () => KerasSource.Pieces(weight.Value));
            }

            foreach ((string file, BufferSlice bytes) in layer.Assets)
                assets[path + file] = bytes;
            if (layer.Layers is [{ Part: { Length: > 0 } part } wrapped])
                WriteLayers(wrapped.Layers, part.Split('/').Aggregate(group, (g, p) => g.Group(p)), $"{path}{part}/", assets);
            else if (layer.Layers.Count > 0)
                WriteLayers(layer.Layers, group, path, assets);
        }
    }
}
