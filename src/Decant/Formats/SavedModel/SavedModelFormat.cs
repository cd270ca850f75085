using Decant.Formats.Checkpoint;
using Decant.Formats.Files;
using Decant.Formats.GraphDef;
using Decant.Formats.Hub;
using Decant.Formats.Keras;
using Decant.Formats.Recognition;
using Decant.IR;
using Decant.Wire.Protobuf;

namespace Decant.Formats.SavedModel;

/// <summary>A SavedModel: a folder or archive, or a folder of its versions, or the file <c>saved_model.pb</c> itself.</summary>
internal sealed class SavedModelFormat : ModelFormat
{
    public override string Name => "saved_model";

    public override string Title => "a SavedModel";

    public override string Recognition => "a folder or archive with saved_model.pb or .pbtxt, a folder of its numbered versions, or that file";

    public override bool CanSave => true;

    public override FileTree OpenArchive(string path) => new ArchiveTree(path);

    public override bool Recognizes(ModelSource source) =>
        source.Tree is { } tree
            ? SavedModelFiles.Locate(tree, SavedModelFiles.IsIn, out _) is { } found && !HubFormat.IsIn(found)
            : source.Kind is TensorFlowFileKind.SavedModel or TensorFlowFileKind.SavedModelText;

    public override Model Load(ModelSource source, LoadOptions options)
    {
        if (source.IsFile)
        {
            return System.IO.Path.GetFileName(source.Path) is SavedModelFiles.Binary or SavedModelFiles.Text
                ? Load(source.Surroundings, options, null)
                : SavedModelReader.Read(source.Bytes, options.Tags);
        }

        FileTree folder = SavedModelFiles.Locate(source.Tree!, SavedModelFiles.IsIn, out string? note)!;
        return Load(folder, options, note);
    }

    public override void Save(Model model, string path) => SavedModelWriter.Write(model, path);

    /// <summary>Reads the model in a folder, with the files beside it.</summary>
    public static Model Load(FileTree folder, LoadOptions options, string? note)
    {
        string name = folder.Has(SavedModelFiles.Binary) ? SavedModelFiles.Binary : SavedModelFiles.Text;
        if (!folder.Has(name))
            throw FormatErrors.FormatNotSupported.At(new Location(folder.PathOf(SavedModelFiles.Chunked)), "the SavedModel is split into chunks, which Decant does not read", $"save it again with TensorFlow in one piece ({SavedModelFiles.Binary})");
        BufferSlice bytes = folder.Read(name);
        ForeignFile.Refuse(bytes, folder.PathOf(name));
        if (TensorFlowFile.Recognize(bytes, name) is TensorFlowFileKind.GraphDef)
            return FrozenGraph(bytes, folder.PathOf(name));
        Model model = SavedModelReader.Read(bytes, options.Tags);
        if (note is not null)
            model.Notes.Add(note);
        foreach (string file in SavedModelFiles.KeptFolders.SelectMany(folder.FilesBelow).Concat(SavedModelFiles.KeptFiles.Where(folder.Has)))
            model.TensorFlow.Files.Add(new ModelFile(file, folder.Read(file)));
        if (MissingVariables(folder) is not { } missing)
            model.Checkpoint = CheckpointIn(folder);
        else if (model.Graph.Nodes.Count(VariableEntry.IsVariable) is > 0 and int variables)
            model.Notes.Add($"{folder.PathOf(missing)} is missing: {variables} variables have no values");
        if (!model.Signatures.Exists(s => !s.Key.StartsWith(SignatureView.Internal, StringComparison.Ordinal)))
            ObjectFunctions.AddSignatures(model);
        model.AssetPaths = AssetFiles.Find(model, folder);
        model.FindKeras = () => SavedKeras.Find(model);
        return model;
    }

    /// <summary>A frozen graph under the name of a SavedModel, as some put theirs into a folder for TensorFlow Serving.</summary>
    private static Model FrozenGraph(BufferSlice bytes, string path)
    {
        var model = new Model();
        GraphDefReader.Read(new ProtoReader(bytes), model);
        model.Notes.Add($"{path} is no SavedModel but a GraphDef: its placeholders are the inputs, and what no node reads the outputs");
        return model;
    }

    // The index, or the first data file if there is none: large ones are often left out of repositories, and the graph can still be looked at.
    private static string? MissingVariables(FileTree folder)
    {
        if (!folder.Has(SavedModelFiles.Variables + CheckpointNames.IndexSuffix))
            return SavedModelFiles.Variables + CheckpointNames.IndexSuffix;
        return folder.FilesBelow("variables").Any(f => f.StartsWith($"{SavedModelFiles.Variables}.data-", StringComparison.Ordinal)) ? null : CheckpointFiles.DataFile(SavedModelFiles.Variables, 0, 1);
    }

    // All files of the checkpoint are asked for: those of an archive are unpacked to one place.
    private static string CheckpointIn(FileTree folder)
    {
        foreach (string file in folder.FilesBelow("variables"))
            folder.PathOnDisk(file);
        return folder.PathOnDisk(SavedModelFiles.Variables + CheckpointNames.IndexSuffix)[..^CheckpointNames.IndexSuffix.Length];
    }
}
