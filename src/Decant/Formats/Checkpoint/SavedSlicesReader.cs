using Decant.Formats.GraphDef;
using Decant.IR.Protos;
using Decant.Wire.Protobuf;
using Decant.Wire.SSTable;

namespace Decant.Formats.Checkpoint;

/// <summary>
/// Checkpoint V1: tables whose empty key holds a SavedTensorSliceMeta (names, shapes, types, slices) and whose other keys hold
/// one slice each, as a TensorProto with nothing but typed values.
/// </summary>
internal sealed class SavedSlicesReader : ICheckpointContents
{
    private const int MetaField = 1, DataField = 2;
    private const int TensorField = 1;
    private const int NameField = 1, ShapeField = 2, TypeField = 3, SliceField = 4;
    private const int DataTensorField = 3;

    private readonly List<(MappedFile File, SSTableReader Table)> _shards = [];
    private readonly Dictionary<(string Name, string Slice), int> _places = [];
    private readonly List<CheckpointVariable> _variables = [];

    internal SavedSlicesReader(CheckpointFiles files)
    {
        Name = files.Prefix;
        try
        {
            var byName = new SortedDictionary<string, CheckpointVariable>(StringComparer.Ordinal);
            foreach (string path in files.Tables)
            {
                MappedFile file = MappedFile.Open(path);
                _shards.Add((file, null!));
                if (GitLfsPointer.Is(file.Bytes))
                    throw CheckpointErrors.NotCheckpoint.At(new Location(path), "this is a pointer of Git LFS, not the file itself", GitLfsPointer.Hint);
                _shards[^1] = (file, new SSTableReader(file.Bytes));
                ReadMeta(byName);
            }

            _variables.AddRange(byName.Values);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IReadOnlyList<CheckpointVariable> Variables => _variables;

    public string Name { get; }

    public long StoredBytes => _shards.Sum(s => s.File.Length);

    public Tensor ReadBlock(CheckpointVariable variable, TensorSlice? slice)
    {
        slice ??= TensorSlice.FullOf(variable.Shape.Rank);
        int shard = _places[(variable.Name, slice.ToString())];
        if (!_shards[shard].Table.TryGet(OrderedCode.SliceKey(variable.Name, slice), out BufferSlice value))
            throw CheckpointErrors.Slices.At(new Location(_shards[shard].File.Name), $"'{variable.Name}' names the slice {slice}, and the file has no entry for it");
        return SavedSlice.Decode(variable, slice, Nested(Nested(value, DataField), DataTensorField));
    }

    public void Verify(CheckpointVariable variable)
    {
        // Every block of a table is compared with its checksum when it is read.
        foreach (TensorSlice? slice in variable.Blocks)
            ReadBlock(variable, slice);
    }

    public void Dispose()
    {
        foreach ((MappedFile file, _) in _shards)
            file.Dispose();
    }

    private static BufferSlice Nested(BufferSlice message, int field)
    {
        var reader = new ProtoReader(message);
        BufferSlice found = default;
        while (reader.Next())
        {
            if (reader.Field == field && reader.WireType == WireType.Bytes)
                found = reader.Bytes();
        }

        return found;
    }

    private void ReadMeta(SortedDictionary<string, CheckpointVariable> byName)
    {
        (MappedFile file, SSTableReader table) = _shards[^1];
        if (!table.TryGet([], out BufferSlice value))
            throw CheckpointErrors.Malformed.At(new Location(file.Name), "the table has no entry with the empty key, so it is no checkpoint");
        if (Nested(value, MetaField).IsEmpty)
            throw CheckpointErrors.NotCheckpoint.At(new Location(file.Name), "the table is the index of a checkpoint of version 2, or holds no variables", "rename it to end in .index, beside its .data- files");
        var meta = new ProtoReader(Nested(value, MetaField));
        while (meta.Next())
        {
            if (meta.Field == TensorField)
                AddTensor(byName, meta.Message());
        }
    }

    private void AddTensor(SortedDictionary<string, CheckpointVariable> byName, ProtoReader reader)
    {
        var at = new Location(reader.Data.Name, reader.Data.Offset);
        string name = "";
        var dtype = DType.Invalid;
        Shape shape = Shape.Scalar;
        var slices = new List<TensorSlice>();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case NameField:
                    name = reader.String();
                    break;
                case ShapeField:
                    shape = ShapeProto.Read(reader.Message()).Value;
                    break;
                case TypeField:
                    dtype = TensorProtoReader.DTypeOf(ref reader).Deref();
                    break;
                case SliceField:
                    slices.Add(TensorSlice.Read(reader.Message()));
                    break;
            }
        }

        if (dtype == DType.Invalid || !shape.TryElementCount(out _) || slices.Count == 0 || slices.Any(s => s.Within(shape) is null))
            throw CheckpointErrors.Malformed.At(at, $"'{name}' is {dtype.Name()}{shape} in the slices {string.Join(" and ", slices.Take(3))}, which cannot be");
        foreach (TensorSlice slice in slices)
        {
            if (!_places.TryAdd((name, slice.ToString()), _shards.Count - 1))
                throw CheckpointErrors.Slices.At(at, $"the slice {slice} of '{name}' is there twice");
        }

        if (byName.TryGetValue(name, out CheckpointVariable? known))
        {
            if (known.DType != dtype || known.Shape != shape || known.Slices.Count == 0)
                throw CheckpointErrors.Slices.At(at, $"'{name}' is {known.DType.Name()}{known.Shape} in one shard and {dtype.Name()}{shape} in another");
            byName[name] = known with { Slices = [.. known.Slices, .. slices] };
        }
        else
        {
            byName.Add(name, new CheckpointVariable(name, dtype, shape, Tensor.ByteCount(dtype, shape), slices is [{ IsFull: true }] ? [] : slices, _shards.Count - 1));
        }
    }
}
