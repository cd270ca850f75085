using Decant.Formats.Recognition;

namespace Decant.Formats;

/// <summary>All formats, by name. No path is recognized by two.</summary>
public static class FormatTable
{
    /// <summary>The formats, sorted by name.</summary>
    public static IReadOnlyList<ModelFormat> All { get; } =
    [
        KnownFormats.Checkpoint,
        KnownFormats.GraphDef,
        KnownFormats.Hub,
        KnownFormats.Keras,
        KnownFormats.KerasH5,
        KnownFormats.MetaGraph,
        KnownFormats.SavedModel,
        KnownFormats.SessionBundle,
        KnownFormats.TFJS,
        KnownFormats.TFJSLayers,
        KnownFormats.TFLite,
    ];

    /// <summary>The format of a name.</summary>
    /// <exception cref="ModelException">There is none.</exception>
    public static ModelFormat Find(string name) =>
        All.FirstOrDefault(f => f.Name == name)
        ?? throw FormatErrors.FormatNotSupported.At(null, $"there is no format named '{name}'", $"the formats are {string.Join(", ", All.Select(f => f.Name))}");

    /// <summary>The format of these that a path holds.</summary>
    /// <exception cref="ModelException">It holds none, or one that cannot be read.</exception>
    public static ModelFormat Recognize(ModelSource source, IEnumerable<ModelFormat> formats) =>
        formats.FirstOrDefault(f => f.Recognizes(source)) ?? throw Unrecognized.Refuse(source);
}
