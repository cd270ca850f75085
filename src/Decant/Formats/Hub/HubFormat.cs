using Decant.Formats.Files;
using Decant.Formats.Recognition;
using Decant.Formats.SavedModel;
using Decant.Wire.Protobuf;

namespace Decant.Formats.Hub;

/// <summary>A TF Hub module of TensorFlow 1: a SavedModel with <c>tfhub_module.pb</c> beside it, one MetaGraph per set of tags.</summary>
internal sealed class HubFormat : ModelFormat
{
    /// <summary>The file that makes a SavedModel a module.</summary>
    public const string ModuleFile = "tfhub_module.pb";

    private const int FormatField = 1, RequiredFeaturesField = 2;
    private const long Version3 = 3;

    public override string Name => "hub";

    public override string Title => "a TF Hub module";

    public override string Recognition => "a SavedModel folder or archive with tfhub_module.pb";

    public override bool CanSave => true;

    public override FileTree OpenArchive(string path) => new ArchiveTree(path);

    public override bool Recognizes(ModelSource source) =>
        source.Tree is { } tree && SavedModelFiles.Locate(tree, SavedModelFiles.IsIn, out _) is { } found && IsIn(found);

    public override Model Load(ModelSource source, LoadOptions options)
    {
        FileTree folder = SavedModelFiles.Locate(source.Tree!, SavedModelFiles.IsIn, out string? note)!;
        BufferSlice module = folder.Read(ModuleFile);
        ForeignFile.Refuse(module, folder.PathOf(ModuleFile));
        CheckVersion(module, folder.PathOf(ModuleFile));
        return SavedModelFormat.Load(folder, options, note);
    }

    /// <summary>Writes a SavedModel; a model that was read from a module keeps its <c>tfhub_module.pb</c>.</summary>
    public override void Save(Model model, string path)
    {
        if (!model.TensorFlow.Files.Exists(f => f.Name == ModuleFile))
            throw FormatErrors.FormatNotSupported.At(new Location(path), "the model was not read from a TF Hub module, and new modules of that kind are not written", "write a SavedModel, which TF Hub takes: --to saved_model");
        SavedModelWriter.Write(model, path);
    }

    public static bool IsIn(FileTree tree) => tree.Has(ModuleFile);

    private static void CheckVersion(BufferSlice module, string path)
    {
        var reader = new ProtoReader(module);
        while (reader.Next())
        {
            if (reader.Field == FormatField && reader.Int64() is not Version3 and var version)
                throw FormatErrors.FormatNotSupported.At(new Location(path), $"the module is of format {version}, expected {Version3}");
            if (reader.Field == RequiredFeaturesField)
                throw FormatErrors.FormatNotSupported.At(new Location(path), $"the module needs the feature '{reader.String()}', which Decant does not know");
        }
    }
}
