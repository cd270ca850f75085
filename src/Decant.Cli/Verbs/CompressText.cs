using System.Globalization;
using Decant.Compression;

namespace Decant.Cli.Verbs;

/// <summary>Settings side by side, for people.</summary>
internal static class CompressText
{
    public static void Write(IReadOnlyList<CompressionRow> rows, TextWriter output)
    {
        string[] archives = [.. rows[0].PackedBytes.Keys];
        bool ran = rows[0].Cost is not null;
        List<string[]> cells = [["setting", "weights", "file", .. archives, "restored", .. ran ? (string[])["first ms", "steady ms", "memory", "max abs", "max rel", "cosine"] : []]];
        foreach (CompressionRow row in rows)
        {
            string[] run = row.Cost is { } cost
                ? [Number(cost.FirstRun.TotalMilliseconds, "0.0"), Number(cost.Steady.Median.TotalMilliseconds, "0.00"), Sizes.Bytes(cost.ResidentBytes), .. Errors(row.Error)]
                : [];
            cells.Add([row.Setting, row.Edits.ToString(CultureInfo.InvariantCulture), Sizes.Bytes(row.FileBytes), .. archives.Select(a => Sizes.Bytes(row.PackedBytes[a])), Sizes.Bytes(row.RestoredBytes), .. run]);
        }

        TextTable.Write(cells, 1, output);
        output.WriteLine("restored: float32 that is made of stored weights when the model is prepared; of weights whose rows are gathered, only those rows are restored, in each run");
        if (ran)
            output.WriteLine("max rel: the largest error over the largest value of the same output; -: ids are others than before, so outputs are not compared");
    }

    private static string[] Errors(OutputError? error) =>
        error is null ? ["-", "-", "-"] : [Number(error.MaxAbsolute, "0.0E+0"), Number(error.MaxRelative, "0.0E+0"), Number(error.Cosine, "0.000000")];

    private static string Number(double value, string format) => value == 0 ? "0" : value.ToString(format, CultureInfo.InvariantCulture);
}
