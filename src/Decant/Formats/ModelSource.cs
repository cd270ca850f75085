using Decant.Formats.Files;
using Decant.Formats.Recognition;

namespace Decant.Formats;

/// <summary>What lies at a path that is to be opened: a file, a folder (or archive), or files that begin with that name.</summary>
public sealed class ModelSource : IDisposable
{
    private readonly MappedFile? _file;
    private readonly List<IDisposable> _held = [];
    private FolderTree? _surroundings;

    private ModelSource(string path, MappedFile? file, FileTree? tree)
    {
        (Path, _file, Tree) = (path, file, tree);
        if (file is not null)
            Kind = TensorFlowFile.Recognize(file.Bytes, path);
    }

    /// <summary>The path as it was given.</summary>
    public string Path { get; }

    /// <summary>The folder, for a folder or an archive; null for a file.</summary>
    public FileTree? Tree { get; }

    /// <summary>Whether the path is a file that is no archive.</summary>
    public bool IsFile => _file is not null;

    /// <summary>The bytes of the file; empty for a folder.</summary>
    public BufferSlice Bytes => _file?.Bytes ?? default;

    /// <summary>What a file holds, by its content.</summary>
    public TensorFlowFileKind Kind { get; }

    /// <summary>The folder that holds a file, or the folder itself. What it opens is disposed with this.</summary>
    public FileTree Surroundings => Tree ?? (_surroundings ??= new FolderTree(Directory.GetParent(System.IO.Path.GetFullPath(Path))?.FullName ?? "."));

    /// <summary>Opens a path. One that does not exist may be the prefix of a checkpoint's files.</summary>
    /// <param name="path">The path.</param>
    /// <param name="formats">Those that may read it: an archive is opened when one of them is kept in archives.</param>
    /// <exception cref="ModelException">There is nothing, or it cannot be read.</exception>
    public static ModelSource Open(string path, IReadOnlyList<ModelFormat> formats)
    {
        if (Directory.Exists(path))
            return new ModelSource(path, null, new FolderTree(path));
        if (!File.Exists(path) && CheckpointNames.IsPrefix(path))
            return new ModelSource(path, null, null);
        MappedFile file = MappedFile.Open(path);
        if (!Archives.Recognize(file.Bytes) || formats.Select(f => f.OpenArchive(path)).FirstOrDefault(t => t is not null) is not { } tree)
            return new ModelSource(path, file, null);
        file.Dispose();
        return new ModelSource(path, null, tree);
    }

    /// <summary>Keeps something open until this is disposed.</summary>
    public void Hold(IDisposable resource) => _held.Add(resource);

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (IDisposable resource in _held)
            resource.Dispose();
        _file?.Dispose();
        Tree?.Dispose();
        _surroundings?.Dispose();
    }
}
