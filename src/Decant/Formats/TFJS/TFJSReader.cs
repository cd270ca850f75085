using Decant.Formats.Files;
using Decant.Formats.GraphDef;
using Decant.IR;
using Decant.Wire.Protobuf;
using Decant.Wire.Protobuf.Json;
using F = Decant.Formats.TFJS.ModelFields;

namespace Decant.Formats.TFJS;

/// <summary>Reads graph models. The graph is a GraphDef in protobuf's JSON form; its constants get their values from the shards.</summary>
internal static class TFJSReader
{
    /// <summary>Reads a <c>model.json</c>; the shards are in its folder.</summary>
    public static Model Read(BufferSlice json, FileTree folder)
    {
        JsonFields fields = JsonFields.Read(json);
        var at = new Location(json.Name);
        string? format = fields.Text(F.Format);
        BufferSlice topology = fields.Find(F.Topology);
        if (format is not (null or F.GraphModel))
            throw FormatErrors.FormatNotSupported.At(at, $"the format is '{format}', expected '{F.GraphModel}'");
        if (topology.IsEmpty)
            throw FormatErrors.FormatNotSupported.At(at, "the TensorFlow.js model has no modelTopology, so there is no graph", "name the model.json that the converter wrote");
        var unknown = new SortedSet<string>(StringComparer.Ordinal);
        var model = new Model { TFJS = new TFJSParts() };
        ReadGraph(topology, model, unknown);
        WeightTable weights = WeightTable.Open(fields.Required(F.Manifest), folder);
        weights.Assign(model);
        model.TFJS.ShardBytes = weights.Bytes;
        ReadMetadata(fields, model.TFJS);
        SignatureJson? signature = SignatureJson.Read(Signature(fields, model.TFJS), unknown);
        if (fields.Find(F.Initializer) is { IsEmpty: false } initializer)
        {
            var before = new Model();
            ReadGraph(initializer, before, unknown);
            weights.Assign(before);
            Initializer.Merge(model, before, SignatureJson.Read(fields.Find(F.InitializerSignature), unknown), signature);
        }

        signature?.AddTo(model);
        if (AssetsZip.IsReadBy(model.Graph) && folder.Has(AssetsZip.Name))
            model.TFJS.AssetsZip = folder.Read(AssetsZip.Name);
        if (unknown.Count > 0)
            model.Notes.Add($"fields of the graph that TensorFlow does not have were left out: {string.Join(", ", unknown)}");
        return model;
    }

    /// <summary>Reads the two files of converters before 0.8.</summary>
    public static Model ReadOld(FileTree folder)
    {
        var model = new Model { TFJS = new TFJSParts() };
        GraphDefReader.Read(new ProtoReader(folder.Read(TFJSFiles.OldGraph)), model);
        WeightTable.Open(folder.Read(TFJSFiles.OldManifest), folder).Assign(model);
        return model;
    }

    private static void ReadGraph(BufferSlice json, Model model, ICollection<string> unknown)
    {
        byte[] binary = ProtoJsonReader.Read(TensorFlowSchema.Message("GraphDef"), json, unknown);
        GraphDefReader.Read(new ProtoReader(new BufferSlice(binary, $"{json.Name} (as binary)")), model);
    }

    public static void ReadMetadata(JsonFields fields, TFJSParts parts)
    {
        parts.GeneratedBy = fields.Text(F.GeneratedBy);
        parts.ConvertedBy = fields.Text(F.ConvertedBy);
        parts.UserDefinedMetadata = fields.Find(F.UserDefinedMetadata);
        parts.Unknown.AddRange(fields.All.Where(f => !F.Known.Contains(f.Name)));
    }

    // Converters before 2.8 kept the signature in the metadata, from where it still counts before the field of its own.
    private static BufferSlice Signature(JsonFields fields, TFJSParts parts) =>
        !parts.UserDefinedMetadata.IsEmpty && JsonFields.Read(parts.UserDefinedMetadata).Find(F.Signature) is { IsEmpty: false } old ? old : fields.Find(F.Signature);
}
