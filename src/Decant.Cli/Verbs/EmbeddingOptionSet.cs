using System.CommandLine;
using System.Text;
using Decant.Passes.Compress;

namespace Decant.Cli.Verbs;

/// <summary>The options about rows of an embedding, and the vocabulary files.</summary>
internal sealed record EmbeddingOptionSet(
    Option<string?> Weights, Option<string?> Vocabulary, Option<string?> KeepWords, Option<long?> KeepFirst, Option<bool> MergeRows, Option<bool> KeepIds, Option<int> UnknownId, Option<string?> NewVocabulary)
{
    public static EmbeddingOptionSet Create() => new(
        new("--embedding") { Description = "The embedding whose rows are removed or merged (default: the only one)" },
        new("--vocabulary") { Description = "The file with a line for each row, the word up to the first tab; it is written anew beside the model" },
        new("--keep-words") { Description = "Keep the rows of the words in this file, one in a line, and remove the others" },
        new("--keep-first") { Description = "Keep this many rows from the first, and remove the others" },
        new("--merge-rows") { Description = "Store equal rows once; a table in the graph leads to them" },
        new("--keep-ids") { Description = "Let ids stay as they are: a table in the graph leads to the rows that are left" },
        new("--unknown-id") { Description = "With --keep-ids, what ids mean whose rows are removed (default: 0)" },
        new("--new-vocabulary") { Description = "The vocabulary to write (default: the model's name with .vocab.txt)" });

    /// <summary>What is to become of the embedding; null when nothing is.</summary>
    public EmbeddingOptions? Read(ParseResult parsed)
    {
        bool changes = parsed.GetValue(KeepWords) is not null || parsed.GetValue(KeepFirst) is not null || parsed.GetValue(MergeRows);
        if (!changes && (parsed.GetValue(Weights) ?? parsed.GetValue(Vocabulary)) is not null)
            throw CliErrors.Usage.At(null, "an embedding or a vocabulary is named, but not what to do with its rows", "say which rows are needed: --keep-words FILE or --keep-first N, or --merge-rows");
        return !changes ? null : new EmbeddingOptions
        {
            Weights = parsed.GetValue(Weights),
            Vocabulary = parsed.GetValue(Vocabulary) is { } vocabulary ? Lines(vocabulary) : null,
            KeepWords = parsed.GetValue(KeepWords) is { } words ? Lines(words) : null,
            KeepFirst = parsed.GetValue(KeepFirst),
            MergeEqualRows = parsed.GetValue(MergeRows),
            KeepIds = parsed.GetValue(KeepIds),
            UnknownId = parsed.GetValue(UnknownId),
        };
    }

    /// <summary>Writes the lines that are left, and tells what must be done with them.</summary>
    public void WriteVocabulary(ParseResult parsed, CompressionResult result, string model, Terminal terminal)
    {
        foreach (EmbeddingReport embedding in result.Embeddings)
        {
            if (embedding.Vocabulary is { } lines)
            {
                string path = parsed.GetValue(NewVocabulary) ?? Path.ChangeExtension(model, ".vocab.txt");
                AtomicFile.Write(path, stream => WriteLines(lines, stream));
                terminal.Say($"{path}: {lines.Count} words; the model that was written needs this file, as an id is the number of a line in it");
            }
            else if (embedding.IdsChange)
            {
                terminal.Warn($"ids from {embedding.Kept} on are no longer valid");
            }
        }
    }

    /// <summary>The words as they are read from a file, byte by byte, as text for people.</summary>
    public static string Shown(string word) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(word));

    private static void WriteLines(IReadOnlyList<string> lines, Stream stream)
    {
        using var writer = new StreamWriter(stream, Encoding.Latin1, leaveOpen: true) { NewLine = "\n" };
        foreach (string line in lines)
            writer.WriteLine(line);
    }

    /// <summary>Lines with a character for each byte, so that what is no valid text is written as it was.</summary>
    private static string[] Lines(string path)
    {
        const long Limit = 1 << 30;
        using MappedFile file = MappedFile.Open(path);
        if (file.Length > Limit)
            throw CompressErrors.BadVocabulary.At(new Location(path), $"has {file.Length} bytes, and a vocabulary may have {Limit}");
        string text = Encoding.Latin1.GetString(file.Bytes.Span);
        string[] lines = text.Split('\n');
        return text.EndsWith('\n') || text.Length == 0 ? lines[..^1] : lines;
    }
}
