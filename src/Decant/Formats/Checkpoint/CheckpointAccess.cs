using Decant.Ops;

namespace Decant.Formats.Checkpoint;

/// <summary>
/// The checkpoints that a session's graph restores from: those whose paths are fed, and for any other name that the graph has the
/// model's own one. A graph cannot name another file.
/// </summary>
/// <param name="model">The model's own checkpoint, or null; opened when it is asked for.</param>
/// <param name="hold">Keeps what was opened as long as tensors of it may be used.</param>
internal sealed class CheckpointAccess(string? model, Action<IDisposable> hold) : ICheckpointAccess
{
    private readonly Dictionary<string, CheckpointReader> _open = new(StringComparer.Ordinal);

    private readonly HashSet<string> _fed = new(StringComparer.Ordinal);

    /// <summary>Lets the graph read the checkpoint that a fed path leads to.</summary>
    public void Allow(string path) => _fed.Add(path);

    public Tensor Read(string prefix, string name, DType dtype, string slice)
    {
        string path = _fed.Contains(prefix) ? prefix : model ?? throw OpErrors.FileRefused.At(
            null, $"restores '{name}' from the checkpoint '{prefix}', which is not the model's", "open the checkpoint together with the graph, or feed its path");
        CheckpointReader reader = Open(path);
        if (slice.Length == 0)
            return reader.Read(name);
        TensorSlice box = TensorSlice.Parse(slice[(slice.LastIndexOf(' ') + 1)..])
            ?? throw CheckpointErrors.Slices.At(new Location(reader.Files.Prefix), $"the slice '{slice}' of '{name}' is malformed, expected the shape and the extents: 4 5 0,2:-");
        return reader.ReadSlice(name, box);
    }

    private CheckpointReader Open(string path)
    {
        if (_open.TryGetValue(path, out CheckpointReader? reader))
            return reader;
        reader = CheckpointReader.Open(path);
        hold(reader);
        return _open[path] = reader;
    }
}
