namespace Decant.Formats;

/// <summary>How to read a model.</summary>
public sealed record LoadOptions
{
    /// <summary>Reads every format.</summary>
    public LoadOptions()
        : this(FormatTable.All)
    {
    }

    /// <summary>Reads these formats: a trimmed app that uses this constructor carries no others.</summary>
    public LoadOptions(IReadOnlyList<ModelFormat> formats) => Formats = formats;

    /// <summary>
    /// The tags of the MetaGraph of a SavedModel, which must be exactly these. Null takes the only one, else the one tagged
    /// <c>serve</c>, else (TF Hub) the one without tags.
    /// </summary>
    public IReadOnlyCollection<string>? Tags { get; init; }

    /// <summary>The formats that a path may hold; the first that recognizes it reads it.</summary>
    public IReadOnlyList<ModelFormat> Formats { get; init; }
}
