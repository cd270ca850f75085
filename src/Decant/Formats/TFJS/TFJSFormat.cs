using Decant.Formats.Files;
using Decant.IR;

namespace Decant.Formats.TFJS;

/// <summary>A graph model of TensorFlow.js: <c>model.json</c> with the graph and a manifest of weights, and the weights in shards beside it.</summary>
internal sealed class TFJSFormat : ModelFormat
{
    public override string Name => "tfjs";

    public override string Title => "a TensorFlow.js graph model";

    public override string Recognition => "a JSON file with a graph as modelTopology or weightsManifest, a folder with one, or a folder with tensorflowjs_model.pb and weights_manifest.json";

    public override bool CanSave => true;

    public override bool Recognizes(ModelSource source) =>
        source.Tree is { } tree ? !tree.Has(SavedModel.SavedModelFiles.Binary) && TFJSFiles.In(tree) is { } name && (name == TFJSFiles.OldManifest || !TFJSFiles.IsLayers(tree.Read(name)))
            : source.IsFile && TFJSFiles.IsModel(source.Bytes) && !TFJSFiles.IsLayers(source.Bytes);

    public override Model Load(ModelSource source, LoadOptions options)
    {
        FileTree folder = source.Surroundings;
        if (source.IsFile)
            return TFJSReader.Read(source.Bytes, folder);
        string name = TFJSFiles.In(source.Tree!)!;
        return name == TFJSFiles.OldManifest ? TFJSReader.ReadOld(folder) : TFJSReader.Read(folder.Read(name), folder);
    }

    public override void Save(Model model, string path) => TFJSWriter.Write(model, path, new TFJSWriteOptions());
}
