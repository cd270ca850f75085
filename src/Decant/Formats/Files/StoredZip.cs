using System.IO.Compression;

namespace Decant.Formats.Files;

/// <summary>Adds files to ZIP archives: stored, not packed, and without times, so that the same files give the same bytes.</summary>
internal static class StoredZip
{
    // The first day that ZIP archives can tell.
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Adds a file.</summary>
    /// <param name="zip">The archive.</param>
    /// <param name="name">The file's path in it.</param>
    /// <param name="write">Writes the content.</param>
    public static void Add(ZipArchive zip, string name, Action<Stream> write)
    {
        ZipArchiveEntry entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = NoTime;
        using Stream stream = entry.Open();
        write(stream);
    }
}
