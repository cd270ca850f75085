using Decant.Formats.Files;
using Decant.Formats.MetaGraph;
using Decant.Formats.Recognition;
using Decant.Formats.SavedModel;
using Decant.Formats.SessionBundle;

namespace Decant.Formats.Checkpoint;

/// <summary>
/// A checkpoint, named by its prefix, by one of its files or by its folder. With a MetaGraph beside it, it is a whole model;
/// alone it is a model without a graph, of which the variables can be read.
/// </summary>
internal sealed class CheckpointFormat : ModelFormat
{
    public override string Name => "checkpoint";

    public override string Title => "a checkpoint";

    public override string Recognition => "a prefix, a sorted string table (an index or a V1 checkpoint), a data file, a state file, or a folder that holds them";

    public override FileTree OpenArchive(string path) => new ArchiveTree(path);

    public override bool Recognizes(ModelSource source) => source.Tree is { } tree ? CheckpointFolder.IsIn(tree) && !SavedModelFiles.IsIn(tree) && !SessionBundleFormat.IsIn(tree)
        : !source.IsFile || source.Kind is TensorFlowFileKind.Table or TensorFlowFileKind.CheckpointStateText
            || (CheckpointNames.PrefixOf(source.Path) is { } prefix && File.Exists(prefix + CheckpointNames.IndexSuffix));

    public override Model Load(ModelSource source, LoadOptions options)
    {
        string prefix = source.Tree is { } tree ? CheckpointFolder.Latest(tree)
            : source.Kind == TensorFlowFileKind.CheckpointStateText ? CheckpointFolder.Latest(source.Surroundings)
            : source.IsFile ? CheckpointNames.PrefixOf(source.Path) ?? source.Path
            : source.Path;
        Model model;
        string? variables = CheckpointNames.HasVariables(prefix) ? prefix : null;
        if (File.Exists(prefix + CheckpointNames.MetaSuffix))
        {
            MappedFile meta = MappedFile.Open(prefix + CheckpointNames.MetaSuffix);
            source.Hold(meta);
            model = MetaGraphFormat.Read(meta.Bytes, variables);
        }
        else
        {
            model = new Model { Checkpoint = variables };
        }

        if (source.Tree is not null)
            model.Notes.Add($"took the checkpoint {prefix}");
        return model;
    }
}
