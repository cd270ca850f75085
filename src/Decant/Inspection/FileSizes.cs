namespace Decant.Inspection;

/// <summary>The bytes on disk of a model's files.</summary>
internal static class FileSizes
{
    /// <summary>The file with the shards of weights that it names, all files of the folder, or the files of a checkpoint's prefix and its MetaGraph; 0 for a model that was made in memory.</summary>
    public static long Of(Model model)
    {
        if (Directory.Exists(model.Path))
            return new DirectoryInfo(model.Path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
        FileInfo? file = model.Path.Length > 0 ? new FileInfo(model.Path) : null;
        long own = file is { Exists: true } ? file.Length + (model.TFJS?.ShardBytes ?? 0) : 0;
        if (model.Checkpoint is null || Path.GetDirectoryName(Path.GetFullPath(model.Checkpoint)) is not { } folder)
            return own;
        string name = Path.GetFileName(model.Checkpoint);
        return own + new DirectoryInfo(folder).EnumerateFiles(name + "*").Where(f => f.FullName != file?.FullName && IsPart(f.Name[name.Length..])).Sum(f => f.Length);
    }

    private static bool IsPart(string suffix) => suffix is "" or ".index" or ".meta" || suffix.StartsWith(".data-", StringComparison.Ordinal) || suffix.StartsWith('-');
}
