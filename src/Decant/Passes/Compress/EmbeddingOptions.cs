namespace Decant.Passes.Compress;

/// <summary>Which rows of an embedding are needed, and what becomes of the ids that choose them.</summary>
public sealed record EmbeddingOptions
{
    /// <summary>The constant (or the variable that becomes one), float32 [rows, dimensions]; null for the only one whose rows are gathered.</summary>
    public string? Weights { get; init; }

    /// <summary>The words in the order of their rows, a line each, a word up to the first tab; null when there is no such file.</summary>
    public IReadOnlyList<string>? Vocabulary { get; init; }

    /// <summary>Words whose rows are kept.</summary>
    public IReadOnlyCollection<string>? KeepWords { get; init; }

    /// <summary>So many rows from the first are kept.</summary>
    public long? KeepFirst { get; init; }

    /// <summary>Whether equal rows become one.</summary>
    public bool MergeEqualRows { get; init; }

    /// <summary>
    /// Whether ids stay as they are: a table in the graph then leads from them to rows, and ids whose rows are gone mean
    /// <see cref="UnknownId"/>. Otherwise an id is the number of a line in the new vocabulary.
    /// </summary>
    public bool KeepIds { get; init; }

    /// <summary>The id that stands for those whose rows are gone.</summary>
    public int UnknownId { get; init; }
}

/// <summary>What became of an embedding.</summary>
/// <param name="Weights">The constant.</param>
/// <param name="Rows">Its rows before.</param>
/// <param name="Kept">Rows that are needed.</param>
/// <param name="Stored">Rows that are stored: fewer where equal ones were merged.</param>
/// <param name="Vocabulary">The lines of the new vocabulary; null without a vocabulary, or if ids stay.</param>
/// <param name="Missing">Words to keep that the vocabulary does not have.</param>
public sealed record EmbeddingReport(string Weights, long Rows, long Kept, long Stored, IReadOnlyList<string>? Vocabulary, IReadOnlyList<string> Missing)
{
    /// <summary>Whether an id may mean another row than before, or none.</summary>
    public bool IdsChange { get; init; }
}
