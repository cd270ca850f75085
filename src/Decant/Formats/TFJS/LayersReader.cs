using Decant.Formats.Files;
using Decant.Formats.Keras;
using Decant.IR;
using F = Decant.Formats.TFJS.ModelFields;

namespace Decant.Formats.TFJS;

/// <summary>Reads layers models. Their layers become a graph as those of Keras's own files do.</summary>
internal static class LayersReader
{
    /// <summary>Reads a <c>model.json</c>; the shards are in its folder.</summary>
    public static Model Read(BufferSlice json, FileTree folder)
    {
        JsonFields fields = JsonFields.Read(json);
        string path = json.Name ?? folder.Path;
        var table = WeightTable.Open(fields.Required(F.Manifest), folder);
        IReadOnlyList<StoredWeight> stored = table.Weights;
        BufferSlice topology = fields.Find(F.Topology);
        Model model = topology.IsEmpty
            ? KerasFile.WeightsOnly(stored.Select(w => (w.Entry.Name, (TensorAttr)w)), path, new LooseWeights(
                "put the description of the layers into its modelTopology, or convert the whole model that was saved from Keras", [[.. stored.Select(w => (w.Entry.Name, (TensorAttr)w))]]))
            : ModelBuilder.Build(
                Description(PythonicJson.Of(topology), fields.Find(F.TrainingConfig), path) with { Optimizer = ("tfjs_layers", [.. stored.Where(w => w.Entry.Group == WeightEntry.Optimizer).Select(w => new KerasWeight(w.Entry.Name, w) { StoredName = w.Entry.Name })]) }, _ => new NamedWeights(
                [.. stored.Where(w => w.Entry.Group != WeightEntry.Optimizer).Select(w => new KerasWeight(NamedWeights.LastPart(w.Entry.Name), w) { StoredName = w.Entry.Name })]));
        model.TFJS = new TFJSParts { ShardBytes = table.Bytes };
        TFJSReader.ReadMetadata(fields, model.TFJS);
        return model;
    }

    /// <summary>A topology is a description with the version beside its class and options, or has it in a field of its own.</summary>
    private static KerasDescription Description(BufferSlice topology, BufferSlice training, string path)
    {
        JsonFields fields = JsonFields.Read(topology);
        BufferSlice config = fields.Find(F.ModelConfig);
        if (!config.IsEmpty && config.Slice(0, 1).Span[0] == (byte)'"')
            config = new BufferSlice(System.Text.Encoding.UTF8.GetBytes(fields.Text(F.ModelConfig)!), path);
        return new KerasDescription(config.IsEmpty ? topology : config, path, fields.Text(F.KerasVersion) ?? KerasFile.VersionOfJavaScript)
        {
            Backend = fields.Text(F.Backend) ?? "tensorflow",
            TrainingConfig = training.IsEmpty ? fields.Find("training_config") : training,
        };
    }
}
