using Decant.Formats.Checkpoint;
using Decant.Formats.GraphDef;
using Decant.Formats.Hub;
using Decant.Formats.Keras;
using Decant.Formats.MetaGraph;
using Decant.Formats.SavedModel;
using Decant.Formats.SessionBundle;
using Decant.Formats.TFJS;
using Decant.Formats.TFLite;

namespace Decant.Formats;

/// <summary>
/// Every format by its name, made anew each time it is asked for. An app that is trimmed carries those that it names:
/// <c>Model.Load(path, new LoadOptions([KnownFormats.GraphDef]))</c>. The properties are sorted.
/// </summary>
public static class KnownFormats
{
    /// <summary><see cref="GraphDef"/> without its text form.</summary>
    public static ModelFormat BinaryGraphDef => new GraphDefFormat(null);

    public static ModelFormat Checkpoint => new CheckpointFormat();

    public static ModelFormat GraphDef => new GraphDefFormat(static bytes => TextForm.ToBinary("GraphDef", bytes));

    public static ModelFormat Hub => new HubFormat();

    public static ModelFormat Keras => new KerasFormat();

    public static ModelFormat KerasH5 => new KerasH5Format();

    public static ModelFormat MetaGraph => new MetaGraphFormat();

    public static ModelFormat SavedModel => new SavedModelFormat();

    public static ModelFormat SessionBundle => new SessionBundleFormat();

    public static ModelFormat TFJS => new TFJSFormat();

    public static ModelFormat TFJSLayers => new TFJSLayersFormat();

    public static ModelFormat TFLite => new TFLiteFormat();
}
