namespace Decant.Cli;

/// <summary>Rows of text in columns as wide as their longest cell.</summary>
internal static class TextTable
{
    /// <summary>Writes the rows: the first <paramref name="left"/> columns begin at the left, the others, which are numbers, end at the right.</summary>
    public static void Write(IReadOnlyList<string[]> rows, int left, TextWriter output)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(c => rows.Max(r => r[c].Length))];
        foreach (string[] row in rows)
            output.WriteLine(string.Join("  ", row.Select((cell, c) => c < left ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c]))).TrimEnd());
    }
}
