namespace Decant.Formats.Recognition;

/// <summary>Files that people name by accident, or that other formats keep their models in, by their first bytes.</summary>
/// <param name="Title">What the file is, in a sentence.</param>
/// <param name="Code">The kind of fault.</param>
/// <param name="Then">The rest of the sentence.</param>
/// <param name="Hint">What to do.</param>
/// <param name="Is">Whether the first bytes of a file are those of this kind.</param>
internal sealed record ForeignFile(string Title, ErrorCode Code, string Then, string? Hint, Func<ReadOnlySpan<byte>, bool> Is)
{
    private const int HeadLength = 512;
    private const string Later = "Decant reads it in a later version";
    private const string NotAModel = "no TensorFlow model";

    private static readonly ForeignFile[] Table =
    [
        new("a Git LFS pointer", FormatErrors.NotRecognized, "the model itself was not downloaded", "git lfs pull", b => b.StartsWith("version https://git-lfs"u8)),
        new("a zip archive", FormatErrors.NotRecognized, "Decant opens .tar and .tar.gz archives", "unzip it and name the folder", IsZip),
        new("a JSON file", FormatErrors.NotRecognized, NotAModel, null, IsJson),
        new("a web page", FormatErrors.NotRecognized, "the download gave a page instead of the model", "download the file again from its raw or direct link", IsHtml),
        new("a PyTorch or pickle file", FormatErrors.NotRecognized, NotAModel, null, b => b is [0x80, >= 2 and <= 5, ..]),
        new("a NumPy array", FormatErrors.NotRecognized, NotAModel, null, b => b.Length > 6 && b[0] == 0x93 && b[1..].StartsWith("NUMPY"u8)),
    ];

    /// <summary>The row that the bytes match, or null.</summary>
    public static ForeignFile? Find(BufferSlice bytes)
    {
        ReadOnlySpan<byte> head = bytes.Slice(0, Math.Min(bytes.Length, HeadLength)).Span;
        foreach (ForeignFile file in Table)
        {
            if (file.Is(head))
                return file;
        }

        return null;
    }

    /// <summary>Refuses the file of a model that is empty or is something else.</summary>
    /// <exception cref="ModelException">It is.</exception>
    public static void Refuse(BufferSlice bytes, string path)
    {
        if (bytes.IsEmpty)
            throw FormatErrors.NotRecognized.At(new Location(path), "the file is empty", "the file was not written or downloaded: get it again");
        if (Find(bytes) is { } file)
            throw file.At(path);
    }

    /// <summary>The fault of having been given such a file.</summary>
    public ModelException At(string path) => Code.At(new Location(path), $"the file is {Title}: {Then}", Hint);

    private static bool IsZip(ReadOnlySpan<byte> bytes) => bytes.StartsWith("PK\u0003\u0004"u8) || bytes.StartsWith("PK\u0005\u0006"u8);

    private static bool IsJson(ReadOnlySpan<byte> bytes) => bytes.TrimStart(" \t\r\n"u8) is [(byte)'{', .. var rest] && rest.TrimStart(" \t\r\n"u8) is [(byte)'"' or (byte)'}', ..];

    private static bool IsHtml(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes.TrimStart(" \t\r\n"u8);
        return bytes is [(byte)'<', (byte)'!' or (byte)'h' or (byte)'H' or (byte)'?', ..];
    }
}
