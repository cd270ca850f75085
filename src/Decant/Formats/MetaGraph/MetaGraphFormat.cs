using Decant.Formats.Recognition;
using Decant.Wire.Protobuf;

namespace Decant.Formats.MetaGraph;

/// <summary>A MetaGraphDef in a file of its own (<c>.meta</c>), with the checkpoint beside it, if there is one.</summary>
internal sealed class MetaGraphFormat : ModelFormat
{
    public override string Name => "metagraph";

    public override string Title => "a MetaGraph";

    public override string Recognition => "a file whose fields, binary or text, are those of a MetaGraphDef";

    public override bool CanSave => true;

    public override bool Recognizes(ModelSource source) =>
        source.Kind is TensorFlowFileKind.MetaGraphDef or TensorFlowFileKind.MetaGraphDefText && !SessionBundle.SessionBundleFormat.IsExport(source.Path);

    public override Model Load(ModelSource source, LoadOptions options)
    {
        string prefix = source.Path.EndsWith(CheckpointNames.MetaSuffix, StringComparison.Ordinal) ? source.Path[..^CheckpointNames.MetaSuffix.Length] : source.Path;
        return Read(source.Bytes, prefix != source.Path && CheckpointNames.HasVariables(prefix) ? prefix : null);
    }

    public override void Save(Model model, string path) => AtomicFile.Write(path, stream =>
    {
        if (TextForm.IsNamed(path))
        {
            TextForm.Write("MetaGraphDef", Encode(model), stream);
            return;
        }

        var writer = new ProtoWriter(stream);
        MetaGraphWriter.Write(writer, model, tagged: false);
        writer.Flush();
    });

    /// <summary>Reads a MetaGraphDef in either form.</summary>
    public static Model Read(BufferSlice bytes, string? checkpoint)
    {
        ForeignFile.Refuse(bytes, bytes.Name ?? "");
        var model = new Model { Checkpoint = checkpoint };
        MetaGraphReader.Read(new ProtoReader(TextForm.ToBinary("MetaGraphDef", bytes)), model);
        return model;
    }

    private static BufferSlice Encode(Model model) => TextForm.Encode(stream =>
    {
        var writer = new ProtoWriter(stream);
        MetaGraphWriter.Write(writer, model, tagged: false);
        writer.Flush();
    });
}
