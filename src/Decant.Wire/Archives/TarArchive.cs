namespace Decant.Wire.Archives;

/// <summary>
/// The files of a <c>.tar</c> or <c>.tar.gz</c>. Small ones are held in memory, the others in a private temporary folder that
/// goes when the archive is disposed.
/// </summary>
public sealed class TarArchive : IDisposable
{
    private const int ChunkLength = 1 << 17;

    private readonly List<ArchiveEntry> _entries = [];
    private readonly List<MappedFile> _extracted = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly ArchiveLimits _limits;
    private string? _folder;
    private long _inMemory;

    private TarArchive(ArchiveLimits limits) => _limits = limits;

    /// <summary>The files, in the order of the archive. Folders are left out.</summary>
    public IReadOnlyList<ArchiveEntry> Entries => _entries;

    /// <summary>Reads a whole archive.</summary>
    /// <exception cref="ModelException">It cannot be read, is malformed, exceeds the limits, or holds what is unsafe.</exception>
    public static TarArchive Open(string path, ArchiveLimits? limits = null)
    {
        var archive = new TarArchive(limits ?? new ArchiveLimits());
        try
        {
            using var stream = new UnpackingStream(path, archive._limits);
            archive.Read(stream);
            return archive;
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _entries.Clear();
        foreach (MappedFile file in _extracted)
            file.Dispose();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private void Read(UnpackingStream stream)
    {
        var walk = new TarWalk(stream, _limits.Entries);
        while (walk.Next() is { } header)
        {
            string name = SafeName(stream, header);
            if (header.IsFolder)
                continue;
            if (!header.IsFile)
                throw Unsafe(stream, $"'{name}' is a link, a device or of another kind than files and folders (type '{header.Type}')");
            if (name.Length == 0 || !_names.Add(name))
                throw Unsafe(stream, name.Length == 0 ? "a file has no name" : $"'{name}' is there twice");
            _entries.Add(new ArchiveEntry(name, Content(stream, name, header.Size)));
            walk.SkipPadding(header.Size);
        }
    }

    private BufferSlice Content(UnpackingStream stream, string name, long size)
    {
        string shown = $"{stream.Path}:{name}";
        if (size <= _limits.InMemoryBytes - _inMemory)
        {
            _inMemory += size;
            byte[] bytes = new byte[size];
            stream.Fill(bytes);
            return new BufferSlice(bytes, shown);
        }

        _folder ??= PrivateFolder();
        string path = Path.Combine(_folder, _extracted.Count.ToString(System.Globalization.CultureInfo.InvariantCulture));
        NewFile.Write(path, target =>
        {
            byte[] chunk = new byte[ChunkLength];
            for (long left = size; left > 0;)
            {
                Span<byte> part = chunk.AsSpan(0, (int)Math.Min(left, chunk.Length));
                stream.Fill(part);
                target.Write(part);
                left -= part.Length;
            }
        }, size);
        var file = MappedFile.Open(path, shown);
        _extracted.Add(file);
        if (!OperatingSystem.IsWindows())
            File.Delete(path); // The open file lives on without a name, and a killed process leaves nothing.
        return file.Bytes;
    }

    private static string PrivateFolder()
    {
        try
        {
            return Directory.CreateTempSubdirectory("decant-").FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CoreErrors.CannotWrite.At(new Location(Path.GetTempPath()), e.Message.TrimEnd('.'), "set TMPDIR to a folder with space");
        }
    }

    private static string SafeName(UnpackingStream stream, TarHeader header)
    {
        string name = header.Name;
        if (name.StartsWith('/') || name.Contains('\\') || name.Contains('\0') || (name.Length >= 2 && name[1] == ':'))
            throw Unsafe(stream, $"'{name}' is an absolute path or has a backslash");
        string[] parts = [.. name.Split('/').Where(part => part is not ("" or "."))];
        return parts.Contains("..") ? throw Unsafe(stream, $"'{name}' leads out of the archive") : string.Join('/', parts);
    }

    private static ModelException Unsafe(UnpackingStream stream, string message) =>
        WireErrors.ArchiveUnsafe.At(new Location(stream.Path, stream.Position), message, "if you trust the archive, unpack it with tar and open the folder");
}
