using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;

namespace Decant.Ops.Catalogue;

/// <summary>
/// The declarations of all of TensorFlow's ops: a table with one line per op, sorted by name, of which only the lines
/// that are asked for are parsed.
/// </summary>
public static class OpCatalogue
{
    private static readonly Lazy<byte[]> Table = new(Load);
    private static readonly ConcurrentDictionary<string, OpDef?> Parsed = new(StringComparer.Ordinal);

    /// <summary>The declaration of an op, or null when TensorFlow has none of that name.</summary>
    public static OpDef? Find(string name) => Parsed.GetOrAdd(name, static n => Line(n) is { } line ? OpLine.Parse(line) : null);

    /// <summary>All names, sorted by their bytes.</summary>
    public static IEnumerable<string> Names()
    {
        byte[] table = Table.Value;
        for (int start = 0; start < table.Length;)
        {
            int end = start + table.AsSpan(start).IndexOf((byte)'\n');
            yield return Encoding.UTF8.GetString(table, start, table.AsSpan(start, end - start).IndexOf((byte)'\t'));
            start = end + 1;
        }
    }

    private static string? Line(string name)
    {
        ReadOnlySpan<byte> table = Table.Value;
        byte[] wanted = Encoding.UTF8.GetBytes(name);
        int low = 0;
        int high = table.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            int start = table[..middle].LastIndexOf((byte)'\n') + 1;
            int end = start + table[start..].IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = table[start..end];
            int order = line[..line.IndexOf((byte)'\t')].SequenceCompareTo(wanted);
            if (order == 0)
                return Encoding.UTF8.GetString(line);
            if (order < 0)
                low = end + 1;
            else
                high = start;
        }

        return null;
    }

    private static byte[] Load()
    {
        using Stream stream = typeof(OpCatalogue).Assembly.GetManifestResourceStream("ops.tsv.deflate")!;
        using var deflate = new DeflateStream(stream, CompressionMode.Decompress);
        using var table = new MemoryStream(1 << 19);
        deflate.CopyTo(table);
        return table.ToArray();
    }
}
