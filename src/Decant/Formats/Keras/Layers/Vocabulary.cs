using System.Text;
using System.Text.Json;
using Decant.IR;

namespace Decant.Formats.Keras.Layers;

/// <summary>The tokens of a lookup: in the description, or in a file of the layer, a token in a line.</summary>
internal static class Vocabulary
{
    /// <summary>The file's name in the folder of the layer.</summary>
    public const string FileName = "vocabulary.txt";

    // Where Python's splitlines ends a line.
    private static readonly string[] LineEnds = ["\r\n", "\n", "\r", "\v", "\f", "\u001c", "\u001d", "\u001e", "\u0085", "\u2028", "\u2029"];

    /// <summary>The tokens, without the mask's and the unknown ones that lists may begin with: all of these, in this order, or none.</summary>
    /// <param name="call">The layer.</param>
    /// <param name="mask">The mask's token, where it has an index.</param>
    /// <param name="unknowns">How many indices there are for unknown tokens.</param>
    /// <param name="unknown">The unknown tokens' name.</param>
    public static string[] Of(LayerCall call, string? mask, int unknowns, string unknown)
    {
        string[] words = Words(call);
        string[] special = [.. mask is null ? [] : (string[])[mask], .. Enumerable.Repeat(unknown, unknowns)];
        return words.AsSpan().StartsWith(special) ? words[special.Length..] : words;
    }

    /// <summary>The lines of a file, but for empty ones at the end.</summary>
    public static string[] Lines(BufferSlice file)
    {
        string[] lines = Encoding.UTF8.GetString(file.Span).Split(LineEnds, StringSplitOptions.None);
        return lines[..(Array.FindLastIndex(lines, l => l.Length > 0) + 1)];
    }

    private static string[] Words(LayerCall call)
    {
        if (call.Config.Find("vocabulary") is { ValueKind: JsonValueKind.Array } list)
            return [.. list.EnumerateArray().Select(w => w.ValueKind is JsonValueKind.String ? w.GetString()! : w.GetRawText())];
        if (call.Assets.FirstOrDefault(a => a.Key.Split('/')[^1] == FileName).Value is { IsEmpty: false } file)
            return Lines(file);
        throw call.Config.Find("vocabulary") is { ValueKind: JsonValueKind.String } path
            ? call.Unsupported($"its vocabulary is the file {LayerConfig.Shorten(path.GetRawText())}, which is not in the model")
            : call.Unsupported("the file does not tell its vocabulary");
    }
}
