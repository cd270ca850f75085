using Decant.Formats.Files;

namespace Decant.Formats;

/// <summary>A kind of file or folder that models are kept in. One row of <see cref="FormatTable"/>.</summary>
public abstract class ModelFormat
{
    /// <summary>The name that users choose the format by and that <see cref="Model.Format"/> holds: <c>saved_model</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The format in a sentence: <c>a SavedModel</c>.</summary>
    public abstract string Title { get; }

    /// <summary>By what content the format is recognized, for the generated page of formats.</summary>
    public virtual string Recognition => "";

    /// <summary>Whether models can be written in this format.</summary>
    public virtual bool CanSave => false;

    /// <summary>The folder that an archive holds, for formats that are folders; null for others.</summary>
    /// <exception cref="ModelException">The archive is damaged or holds what is unsafe.</exception>
    public virtual FileTree? OpenArchive(string path) => null;

    /// <summary>Whether a path holds this format, by its content.</summary>
    public abstract bool Recognizes(ModelSource source);

    /// <summary>Reads a model. What the source holds open is disposed with the model.</summary>
    /// <exception cref="ModelException">It is damaged, or is not of this format.</exception>
    public abstract Model Load(ModelSource source, LoadOptions options);

    /// <summary>Writes a model; an existing target is replaced as a whole when all is written.</summary>
    /// <exception cref="ModelException">The format cannot be written or cannot hold the model, or the target cannot be written.</exception>
    public virtual void Save(Model model, string path) =>
        throw FormatErrors.FormatNotSupported.At(new Location(path), $"{Title} can be read but not written", $"write one of {string.Join(", ", FormatTable.All.Where(f => f.CanSave).Select(f => f.Name))}");
}
