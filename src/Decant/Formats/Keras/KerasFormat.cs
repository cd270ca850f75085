using System.Text;
using System.Text.Json;
using Decant.IR;
using Decant.Wire.Hdf5;

namespace Decant.Formats.Keras;

/// <summary>Keras's archives, <c>.keras</c>: the description of the layers, and their weights as HDF5.</summary>
internal sealed class KerasFormat : ModelFormat
{
    private const int LocalHeaderBytes = 30;

    public override string Name => "keras";

    public override string Title => "a Keras archive (.keras)";

    public override string Recognition => "a zip archive whose first files are Keras's config.json, metadata.json or model.weights.h5";

    public override bool CanSave => true;

    public override void Save(Model model, string path) => Writing.KerasArchiveWriter.Write(model, path);

    public override bool Recognizes(ModelSource source)
    {
        if (!source.IsFile || source.Bytes.Length < LocalHeaderBytes || !source.Bytes.Slice(0, 4).Span.SequenceEqual("PK\u0003\u0004"u8))
            return false;
        ReadOnlySpan<byte> head = source.Bytes.Slice(0, Math.Min(source.Bytes.Length, 512)).Span;
        return head.IndexOf("config.json"u8) >= 0 || head.IndexOf("metadata.json"u8) >= 0 || head.IndexOf("model.weights.h5"u8) >= 0;
    }

    public override Model Load(ModelSource source, LoadOptions options)
    {
        var archive = KerasArchive.Open(source.Bytes, source.Path);
        BufferSlice json = archive.Required(KerasArchive.Config);
        string? version = null;
        if (archive.Find(KerasArchive.Metadata) is { } metadata)
        {
            try
            {
                JsonTexts.Check(metadata);
                using JsonDocument document = JsonDocument.Parse(metadata.ToArray());
                version = document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("keras_version", out JsonElement text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
            }
            catch (JsonException e)
            {
                throw KerasErrors.BadConfig.At(new Location(source.Path), $"metadata.json is no JSON ({e.Message.TrimEnd('.')})");
            }
        }

        var description = new KerasDescription(json, source.Path, version ?? "3");
        Hdf5Group weights = Hdf5File.Open(archive.Required(KerasArchive.Weights)).Root;
        description = description with { Optimizer = (Name, Of(weights, KerasArchive.Optimizer)), Metrics = Of(weights, KerasArchive.Metrics) };
        return ModelBuilder.Build(description, layers => new ArchiveWeights(ArchiveGroup.Of(weights), layers, archive.Assets));
    }

    /// <summary>What a group holds that is of no layer.</summary>
    private static KerasWeight[] Of(Hdf5Group weights, string name) =>
        weights[name] is Hdf5Group group ? [.. group.Datasets().Select(d => new KerasWeight(NamedWeights.LastPart(d.Path), new DatasetAttr(d)) { StoredName = d.Path[(group.Path.Length + 1)..] })] : [];
}
