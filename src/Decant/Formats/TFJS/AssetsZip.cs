using System.IO.Compression;
using Decant.Formats.Files;
using Decant.Formats.SavedModel;
using Decant.IR;

namespace Decant.Formats.TFJS;

/// <summary>The assets of a SavedModel as one file beside <c>model.json</c>, of which the ops of decision forests (npm's <c>@tensorflow/tfjs-tfdf</c>) read their trees.</summary>
internal static class AssetsZip
{
    public const string Name = "assets.zip";

    // The file is made in memory, as a browser reads it.
    private const long Most = 1 << 30;

    /// <summary>Whether nodes of a graph read it.</summary>
    public static bool IsReadBy(Graph graph) => graph.Nodes.Any(n => n.Op == "SimpleMLLoadModelFromPathWithHandle");

    /// <summary>The file for a model: the one that it was read with, or made of the assets; empty when it has none.</summary>
    /// <exception cref="ModelException">The assets have more than 1 GB.</exception>
    public static BufferSlice Of(Model model)
    {
        if (model.TFJS is { AssetsZip: { IsEmpty: false } read })
            return read;
        string folder = $"{SavedModelFiles.Assets}/";
        ModelFile[] assets = [.. model.TensorFlow.Files.Where(f => f.Name.StartsWith(folder, StringComparison.Ordinal)).OrderBy(f => f.Name, StringComparer.Ordinal)];
        if (assets.Length == 0)
            return default;
        if (assets.Sum(a => a.Bytes.Length) is > Most and var size)
            throw FormatErrors.FormatNotSupported.At(new Location(model.Path), $"the assets of the decision forests have {size} bytes, and up to {Most} are written for a browser", "train fewer or smaller trees");
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (ModelFile asset in assets)
                StoredZip.Add(zip, asset.Name[folder.Length..], asset.Bytes.CopyTo);
        }

        return new BufferSlice(bytes.ToArray());
    }
}
