using Decant.TestKit;
using Decant.Tests.Formats;

namespace Decant.Tests.Hostile;

/// <summary>A small file of a model, what it is opened by, and how it is read.</summary>
/// <param name="Path">The file that is damaged.</param>
/// <param name="Folder">The folder that is copied with it, or null when the file stands alone.</param>
/// <param name="Opened">What is opened, relative to the folder.</param>
/// <param name="Kind">Which of the readers reads it.</param>
internal sealed record SmallFile(string Path, string? Folder, string Opened, SmallFileKind Kind)
{
    public const int MostBytes = 64 * 1024;
    private const long MostFolderBytes = 1 << 20;

    /// <summary>What to call it.</summary>
    public string Name => FormatFiles.Short(Path);

    /// <summary>All small files of <c>../shared/data</c> in the formats that Decant reads.</summary>
    public static IReadOnlyList<SmallFile> Shared { get; } = [.. SharedFiles()];

    private static IEnumerable<SmallFile> SharedFiles()
    {
        string[] folders = ["data/graphdef", "data/graphdef-text", "data/metagraph", "data/savedmodel", "data/tfhub", "data/checkpoint-v1", "data/checkpoint-v2", "data/bad", "data/tfrecord", "data/tflite", "data/keras-h5", "data/keras-zip", "data/tfjs-graph", "data/tfjs-layers"];
        foreach (string path in folders.SelectMany(f => SharedData.Files(f)).Where(p => new FileInfo(p).Length is > 0 and < MostBytes))
        {
            if (Of(path) is { } file)
                yield return file;
        }
    }

    private static SmallFile? Of(string path)
    {
        string name = System.IO.Path.GetFileName(path);
        string folder = System.IO.Path.GetDirectoryName(path)!;
        string extension = System.IO.Path.GetExtension(path);
        if (name is "saved_model.pb" or "saved_model.pbtxt" or "tfhub_module.pb")
            return FitsInTest(folder) ? new SmallFile(path, folder, "", SmallFileKind.Model) : null;
        if (extension == ".index" || name.Contains(".data-", StringComparison.Ordinal))
            return FitsInTest(folder) ? new SmallFile(path, folder, extension == ".index" ? name[..^6] : name[..name.IndexOf(".data-", StringComparison.Ordinal)], SmallFileKind.Checkpoint) : null;
        if (JsonBeside(path) is { } model)
            return new SmallFile(path, folder, model, SmallFileKind.Model);
        return extension switch
        {
            ".npy" => new SmallFile(path, null, name, SmallFileKind.Npy),
            ".tfrecord" or ".tfrecords" => new SmallFile(path, null, name, SmallFileKind.Records),
            ".meta" => new SmallFile(path, FitsInTest(folder) ? folder : null, name, SmallFileKind.Model),
            ".pb" or ".pbtxt" or ".gz" or ".ckpt" or ".tflite" or ".bin" or ".h5" or ".hdf5" or ".keras" => new SmallFile(path, null, name, SmallFileKind.Model),
            _ => null,
        };
    }

    /// <summary>The model.json of TensorFlow.js that a file is or has its weights in; null when it is neither, or the folder is too large to be copied.</summary>
    private static string? JsonBeside(string path)
    {
        string folder = System.IO.Path.GetDirectoryName(path)!;
        bool isWeights = System.IO.Path.GetExtension(path) == ".bin" || path.Contains("-shard", StringComparison.Ordinal);
        if (!(isWeights || System.IO.Path.GetExtension(path) == ".json") || !FitsInTest(folder))
            return null;
        string[] models = [.. Directory.GetFiles(folder, "*.json").Where(f => File.ReadAllText(f).Contains("\"modelTopology\"", StringComparison.Ordinal))];
        return models is [var model] && (isWeights || model == path) ? System.IO.Path.GetFileName(model) : null;
    }

    private static bool FitsInTest(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length) < MostFolderBytes;

    /// <summary>Copies the file, and what belongs to it, below a folder.</summary>
    /// <returns>Where the copy of the file is, and what is to be opened.</returns>
    public (string File, string Opened) CopyTo(string target)
    {
        string root = System.IO.Path.Combine(target, "model");
        Directory.CreateDirectory(root);
        foreach (string source in Folder is null ? [Path] : Directory.GetFiles(Folder, "*", SearchOption.AllDirectories))
        {
            string copy = System.IO.Path.Combine(root, System.IO.Path.GetRelativePath(Folder ?? System.IO.Path.GetDirectoryName(Path)!, source));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.WriteAllBytes(copy, File.ReadAllBytes(source));
        }

        return (System.IO.Path.Combine(root, System.IO.Path.GetFileName(Path)), System.IO.Path.Combine(root, Opened));
    }

    /// <summary>Reads it in all the ways that there are for its kind.</summary>
    public void Read(string opened, string scratch)
    {
        switch (Kind)
        {
            case SmallFileKind.Model:
                Reading.Everything(opened, scratch);
                break;
            case SmallFileKind.Checkpoint:
                Reading.Checkpoint(opened);
                break;
            case SmallFileKind.Npy:
                Reading.Npy(opened);
                break;
            case SmallFileKind.Records:
                Reading.Records(opened);
                break;
        }
    }
}

/// <summary>Which of the readers a file is for.</summary>
internal enum SmallFileKind
{
    Model,
    Checkpoint,
    Npy,
    Records,
}
