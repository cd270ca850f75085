namespace Decant.Cli;

/// <summary>The folders above a target that were not there, which the original converter makes; they go again when nothing is written into them.</summary>
internal sealed class NewFolders : IDisposable
{
    private readonly List<string> _made = [];
    private bool _isKept;

    /// <summary>Makes the folders above a path.</summary>
    /// <exception cref="ModelException">They cannot be made.</exception>
    public static NewFolders Above(string path)
    {
        var folders = new NewFolders();
        string? above = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        for (string? folder = above; folder is not null && !Path.Exists(folder); folder = Path.GetDirectoryName(folder))
            folders._made.Add(folder);
        if (folders._made.Count > 0)
            AtomicDirectory.Ensure(above!);
        return folders;
    }

    /// <summary>Keeps them if a command is done; gives its exit code on.</summary>
    public int KeptBy(int exitCode)
    {
        _isKept = exitCode == ExitCode.Done;
        return exitCode;
    }

    /// <summary>Removes what was made and is empty, the innermost first.</summary>
    public void Dispose()
    {
        foreach (string folder in _isKept ? [] : _made)
        {
            if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
                Directory.Delete(folder);
        }
    }
}
