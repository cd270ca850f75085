using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Decant.Formats.TFJS;

/// <summary>Weights to write that are one run of bytes together, in files named by the group's number.</summary>
internal sealed record WrittenGroup(IReadOnlyList<WrittenWeight> Weights)
{
    public long Length => Weights.Sum(w => w.Length);
}

/// <summary>Writes a model's folder as a whole: <c>model.json</c> and the shards.</summary>
internal static partial class WeightFolder
{
    // Base64 and names as they are; escapes are for JSON inside of HTML.
    private static readonly JsonWriterOptions Layout = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a folder.</summary>
    /// <param name="path">The folder, whose model is replaced; files that are no part of one stay.</param>
    /// <param name="groups">The groups of weights.</param>
    /// <param name="options">How large shards are, and metadata.</param>
    /// <param name="parts">What was read of the model beside its graph; null for others.</param>
    /// <param name="write">Writes the fields before the metadata.</param>
    /// <param name="writeAfter">Writes those between the metadata and the manifest; null for none.</param>
    /// <exception cref="ModelException">Two weights have one name, or the folder cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<WrittenGroup> groups, TFJSWriteOptions options, IR.TFJSParts? parts, Action<Utf8JsonWriter> write, Action<Utf8JsonWriter>? writeAfter = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ShardBytes, 1, nameof(options));
        if (groups.SelectMany(g => g.Weights).GroupBy(w => w.Entry.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw FormatErrors.BadWeights.At(new Location(Node: twice.Key), $"Error dumping weights, duplicate weight name {twice.Key}");
        AtomicDirectory.Write(path, folder =>
        {
            List<WeightGroup> written = [];
            foreach ((int i, WrittenGroup group) in groups.Index())
            {
                using var shards = new ShardWriter(folder, i + 1, group.Length, options.ShardBytes);
                foreach (WrittenWeight weight in group.Weights)
                    weight.Write(shards.Write);
                written.Add(new WeightGroup(shards.Names, [.. group.Weights.Select(w => w.Entry)]));
            }

            AtomicFile.Write(Path.Combine(folder, TFJSFiles.Model), stream =>
            {
                using var json = new Utf8JsonWriter(stream, Layout);
                json.WriteStartObject();
                write(json);
                WriteMetadata(parts, options, json);
                writeAfter?.Invoke(json);
                json.WritePropertyName(ModelFields.Manifest);
                ManifestWriter.Write(written, json);
                foreach ((string name, BufferSlice value) in parts?.Unknown ?? [])
                {
                    json.WritePropertyName(name);
                    json.WriteRawValue(value.Span);
                }

                json.WriteEndObject();
            });
            if (parts is { AssetsZip: { IsEmpty: false } assets })
                AtomicFile.Write(Path.Combine(folder, AssetsZip.Name), assets.CopyTo);
        }, isOwn: name => IsOwn(name) || (name == AssetsZip.Name && parts?.AssetsZip.IsEmpty == false));
    }

    /// <summary>Whether a file of a folder is one that this or the original converter writes.</summary>
    internal static bool IsOwn(string name) => name is TFJSFiles.Model || Shard().IsMatch(name);

    [GeneratedRegex(@"^group\d+-shard\d+of\d+(\.bin)?$")]
    private static partial Regex Shard();

    // The signature that old converters kept here has the field of its own now.
    private static void WriteMetadata(IR.TFJSParts? parts, TFJSWriteOptions options, Utf8JsonWriter json)
    {
        Dictionary<string, BufferSlice> metadata = parts is { UserDefinedMetadata: { IsEmpty: false } own }
            ? JsonFields.Read(own).All.Where(f => f.Name != ModelFields.Signature).ToDictionary(f => f.Name, f => f.Json) : [];
        foreach ((string name, BufferSlice value) in options.Metadata)
            metadata[name] = value;
        if (metadata.Count == 0)
            return;
        json.WriteStartObject(ModelFields.UserDefinedMetadata);
        foreach ((string name, BufferSlice value) in metadata)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(value.Span);
        }

        json.WriteEndObject();
    }
}
