namespace Decant.Formats.TFJS;

/// <summary>Layers models of TensorFlow.js: Keras models whose description is a part of <c>model.json</c>.</summary>
internal sealed class TFJSLayersFormat : ModelFormat
{
    public override string Name => "tfjs_layers";

    public override string Title => "a TensorFlow.js layers model";

    public override string Recognition => "a JSON file whose format is layers-model, or whose modelTopology is a Keras model; a folder with one";

    public override bool CanSave => true;

    public override void Save(Model model, string path) => TFJSLayersWriter.Write(model, path, new TFJSWriteOptions());

    public override bool Recognizes(ModelSource source) =>
        source.Tree is { } tree
            ? !tree.Has(SavedModel.SavedModelFiles.Binary) && TFJSFiles.In(tree) is { } name && name != TFJSFiles.OldManifest && TFJSFiles.IsLayers(tree.Read(name))
            : source.IsFile && TFJSFiles.IsModel(source.Bytes) && TFJSFiles.IsLayers(source.Bytes);

    public override Model Load(ModelSource source, LoadOptions options) =>
        LayersReader.Read(source.IsFile ? source.Bytes : source.Tree!.Read(TFJSFiles.In(source.Tree)!), source.Surroundings);
}
