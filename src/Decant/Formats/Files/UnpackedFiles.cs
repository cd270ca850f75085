namespace Decant.Formats.Files;

/// <summary>Files of an archive that had to be put on disk, in a private temporary folder that goes with the archive.</summary>
internal sealed class UnpackedFiles : IDisposable
{
    private readonly Dictionary<string, string> _paths = new(StringComparer.Ordinal);
    private string? _folder;

    /// <summary>The path of a file, which is written the first time. Names are safe: the archive's reader checked them.</summary>
    public string Path(string name, BufferSlice bytes)
    {
        if (_paths.TryGetValue(name, out string? path))
            return path;
        try
        {
            _folder ??= Directory.CreateTempSubdirectory("decant-").FullName;
            path = System.IO.Path.Combine(_folder, name);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CoreErrors.CannotWrite.At(new Location(System.IO.Path.GetTempPath()), e.Message.TrimEnd('.'), "set TMPDIR to a folder with space");
        }

        NewFile.Write(path, bytes.CopyTo, bytes.Length);
        _paths.Add(name, path);
        return path;
    }

    public void Dispose()
    {
        _paths.Clear();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }
}
