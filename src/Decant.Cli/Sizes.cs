using System.Globalization;

namespace Decant.Cli;

/// <summary>Numbers as people read them.</summary>
internal static class Sizes
{
    /// <summary>Bytes in units of 1024: <c>1.5 MiB</c>.</summary>
    public static string Bytes(long bytes) => Scaled(bytes, 1024, ["B", "KiB", "MiB", "GiB", "TiB"], " ");

    /// <summary>Counts in units of 1000: <c>23.9 M</c>.</summary>
    public static string Count(long count) => Scaled(count, 1000, ["", "k", "M", "G", "T"], " ").TrimEnd();

    /// <summary>The bytes of a file, or of all files in a folder.</summary>
    public static long Of(string path) => Directory.Exists(path) ? new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length) : new FileInfo(path).Length;

    private static string Scaled(long value, double step, string[] units, string gap)
    {
        double scaled = value;
        int unit = 0;
        while (scaled >= step && unit < units.Length - 1)
        {
            scaled /= step;
            unit++;
        }

        return unit == 0 ? string.Create(CultureInfo.InvariantCulture, $"{value}{gap}{units[0]}") : string.Create(CultureInfo.InvariantCulture, $"{scaled:0.0}{gap}{units[unit]}");
    }
}
