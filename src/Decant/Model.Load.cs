using Decant.Formats;

namespace Decant;

public sealed partial class Model
{
    /// <summary>What the reader decided that the user may want to know, such as which of several versions it took.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>
    /// Opens a model: a GraphDef (binary or text), a MetaGraph, a checkpoint's prefix, file or folder, a SavedModel or TF Hub
    /// module, also in a <c>.tar.gz</c>. What it is is seen by its content. Weights stay in the files until they are used.
    /// </summary>
    /// <exception cref="ModelException">There is no such path, it holds no model that is known, or the model is damaged.</exception>
    public static Model Load(string path) => Load(path, new LoadOptions());

    /// <summary>As <see cref="Load(string)"/>, of the formats and with the choices that the options tell.</summary>
    /// <exception cref="ModelException">There is no such path, it holds no model of these formats, or the model is damaged.</exception>
    public static Model Load(string path, LoadOptions options)
    {
        ModelSource source = ModelSource.Open(path, options.Formats);
        try
        {
            ModelFormat format = FormatTable.Recognize(source, options.Formats);
            Model model = format.Load(source, options);
            model.Hold(source);
            model.Format = format.Name;
            model.Path = path;
            return model;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }
}
