namespace Decant.Wire.Hdf5;

/// <summary>Puts the chunks of a dataset together.</summary>
internal sealed class Hdf5Chunks
{
    private readonly Hdf5Image _image;
    private readonly Hdf5Layout _layout;
    private readonly IReadOnlyList<Hdf5Filter> _filters;
    private readonly long[] _dims;
    private readonly long[] _chunkDims;
    private readonly int _elementBytes;
    private readonly long _chunkBytes;
    private readonly string _path;
    private readonly byte[] _target;

    private Hdf5Chunks(Hdf5Image image, Hdf5Layout layout, IReadOnlyList<Hdf5Filter> filters, Shape shape, int elementBytes, byte[] target, string path)
    {
        (_image, _layout, _filters, _elementBytes, _path, _target) = (image, layout, filters, elementBytes, path, target);
        (_dims, _chunkDims) = (shape.Dims.ToArray(), layout.ChunkDims!);
        if (_dims.Length != _chunkDims.Length)
            throw WireErrors.Hdf5Malformed.At(new Location(image.Bytes.Name), $"{path} has {_dims.Length} dimensions, and its chunks {_chunkDims.Length}");
        Int128 bytes = elementBytes;
        foreach (long dim in _chunkDims)
            bytes *= bytes > Hdf5Limits.StructureBytes ? 1 : dim;
        if (bytes > Hdf5Limits.StructureBytes)
            throw WireErrors.Hdf5TooLarge.At(new Location(image.Bytes.Name), $"a chunk of {path} has more than the {Hdf5Limits.StructureBytes} bytes that are allowed");
        _chunkBytes = (long)bytes;
    }

    /// <summary>Fills the target, which holds the fill value.</summary>
    public static void Read(Hdf5Image image, Hdf5Layout layout, IReadOnlyList<Hdf5Filter> filters, Shape shape, int elementBytes, byte[] target, string path)
    {
        if (layout.Index == Hdf5Image.Undefined)
            return;
        var chunks = new Hdf5Chunks(image, layout, filters, shape, elementBytes, target, path);
        switch (layout.IndexKind)
        {
            case Hdf5Layout.SingleChunk:
                chunks.Place(layout.Index, layout.SingleBytes == 0 ? (ulong)chunks._chunkBytes : layout.SingleBytes, layout.SingleMask, new long[chunks._dims.Length]);
                break;
            case Hdf5Layout.Implicit:
                chunks.PlaceAll(layout.Index);
                break;
            default:
                chunks.Node(layout.Index, null);
                break;
        }
    }

    // All chunks in row-major order, one behind the other, without filters.
    private void PlaceAll(ulong address)
    {
        long[] offsets = new long[_dims.Length];
        if (_dims.Contains(0))
            return;
        while (true)
        {
            Place(address, (ulong)_chunkBytes, 0, offsets);
            address += (ulong)_chunkBytes;
            int d = _dims.Length - 1;
            for (; d >= 0; d--)
            {
                offsets[d] += _chunkDims[d];
                if (offsets[d] < _dims[d])
                    break;
                offsets[d] = 0;
            }

            if (d < 0)
                return;
        }
    }

    private void Node(ulong address, int? expectedLevel)
    {
        Hdf5Fields head = _image.Fields(address, 8, $"the B-tree of {_path}");
        head.Signature("TREE"u8);
        byte kind = head.Byte();
        byte level = head.Byte();
        ushort count = head.UInt16();
        if (kind != 1 || (expectedLevel is { } expected && level != expected))
            throw head.Malformed($"a node of the B-tree of {_path} has kind {kind} and level {level}, and 1 and {expectedLevel ?? level} are expected");
        int keyBytes = 8 + ((_dims.Length + 1) * 8);
        Hdf5Fields fields = _image.Fields(address + 8, (ulong)((2 * _image.OffsetSize) + (count * (keyBytes + _image.OffsetSize))), $"the B-tree of {_path}");
        fields.Skip(2 * _image.OffsetSize);
        long[] offsets = new long[_dims.Length];
        for (int i = 0; i < count; i++)
        {
            uint stored = fields.UInt32();
            uint mask = fields.UInt32();
            for (int d = 0; d < offsets.Length; d++)
            {
                ulong offset = fields.UInt64();
                if (offset % (ulong)_chunkDims[d] != 0 || offset > long.MaxValue)
                    throw fields.Malformed($"a chunk of {_path} begins at {offset} of dimension {d}, whose chunks have {_chunkDims[d]}");
                offsets[d] = (long)offset;
            }

            fields.Skip(8);
            ulong child = fields.Address();
            if (level > 0)
                Node(child, level - 1);
            else
                Place(child, stored, mask, offsets);
        }
    }

    private void Place(ulong address, ulong stored, uint mask, long[] offsets)
    {
        for (int d = 0; d < offsets.Length; d++)
        {
            if (offsets[d] >= _dims[d])
                return;
        }

        _image.Unpack(_chunkBytes, _path);
        BufferSlice slice = _image.Fields(address, stored, $"a chunk of {_path}").Bytes;
        byte[] chunk = Hdf5Filter.Undo(_image, _filters, mask, slice, _chunkBytes, _path);
        if (chunk.Length < _chunkBytes)
            throw _image.Malformed(slice.Offset, $"a chunk of {_path} has {chunk.Length} bytes, and {_chunkBytes} are expected");
        Copy(chunk, 0, 0, 0, offsets);
    }

    // Chunks at an edge are stored whole; what is beyond the edge is left out.
    private void Copy(ReadOnlySpan<byte> chunk, int d, long from, long to, long[] offsets)
    {
        if (d == _dims.Length)
        {
            chunk.Slice((int)from * _elementBytes, _elementBytes).CopyTo(_target.AsSpan((int)to * _elementBytes));
            return;
        }

        long count = Math.Min(_chunkDims[d], _dims[d] - offsets[d]);
        if (d == _dims.Length - 1)
        {
            long bytes = count * _elementBytes;
            long start = ((to * _dims[d]) + offsets[d]) * _elementBytes;
            chunk.Slice((int)(from * _chunkDims[d] * _elementBytes), (int)bytes).CopyTo(_target.AsSpan((int)start));
            return;
        }

        for (long i = 0; i < count; i++)
            Copy(chunk, d + 1, (from * _chunkDims[d]) + i, (to * _dims[d]) + offsets[d] + i, offsets);
    }
}
