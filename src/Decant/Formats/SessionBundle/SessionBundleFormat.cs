using Decant.Formats.Files;
using Decant.Formats.MetaGraph;
using Decant.Formats.Recognition;
using Decant.Formats.SavedModel;

namespace Decant.Formats.SessionBundle;

/// <summary>What TensorFlow Serving loaded before SavedModels: a folder with <c>export.meta</c> and a checkpoint named <c>export</c>.</summary>
internal sealed class SessionBundleFormat : ModelFormat
{
    private const string Prefix = "export";
    private const string Meta = "export.meta";

    public override string Name => "session_bundle";

    public override string Title => "a session bundle";

    public override string Recognition => "a folder or archive with export.meta, a folder of its numbered versions, or that file";

    public override FileTree OpenArchive(string path) => new ArchiveTree(path);

    public override bool Recognizes(ModelSource source) =>
        source.Tree is { } tree ? SavedModelFiles.Locate(tree, IsIn, out _) is not null && SavedModelFiles.Locate(tree, SavedModelFiles.IsIn, out _) is null
            : source.Kind is TensorFlowFileKind.MetaGraphDef or TensorFlowFileKind.MetaGraphDefText && IsExport(source.Path);

    public override Model Load(ModelSource source, LoadOptions options)
    {
        string? note = null;
        FileTree folder = source.Tree is { } tree ? SavedModelFiles.Locate(tree, IsIn, out note)! : source.Surroundings;
        foreach (string file in folder.Files().Where(f => f.StartsWith(Prefix, StringComparison.Ordinal)))
            folder.PathOnDisk(file);
        string meta = folder.PathOnDisk(Meta);
        string prefix = meta[..^CheckpointNames.MetaSuffix.Length];
        Model model = MetaGraphFormat.Read(folder.Read(Meta), CheckpointNames.HasVariables(prefix) ? prefix : null);
        if (note is not null)
            model.Notes.Add(note);
        return model;
    }

    /// <summary>Whether a file is the MetaGraph of a session bundle.</summary>
    public static bool IsExport(string path) => System.IO.Path.GetFileName(path) == Meta;

    /// <summary>Whether a folder holds a session bundle.</summary>
    public static bool IsIn(FileTree tree) => tree.Has(Meta);
}
