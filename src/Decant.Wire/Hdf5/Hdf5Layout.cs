namespace Decant.Wire.Hdf5;

/// <summary>Where the values of a dataset are.</summary>
/// <param name="Stored">The values, when they lie together; null when they are in chunks or nowhere.</param>
/// <param name="IsChunked">Whether they are in chunks.</param>
/// <param name="Index">The address of the index of the chunks, or of the only chunk.</param>
/// <param name="IndexKind">0: a version 1 B-tree; otherwise the kind of index of a version 4 layout.</param>
/// <param name="ChunkDims">The dimensions of a chunk, without the bytes of an element.</param>
/// <param name="SingleBytes">The bytes of a single chunk that went through filters.</param>
/// <param name="SingleMask">The filters that it did not go through.</param>
internal sealed record Hdf5Layout(BufferSlice? Stored, bool IsChunked = false, ulong Index = Hdf5Image.Undefined, int IndexKind = 0, long[]? ChunkDims = null, ulong SingleBytes = 0, uint SingleMask = 0)
{
    public const int SingleChunk = 1;
    public const int Implicit = 2;

    private static readonly string[] IndexNames = ["B-tree", "single chunk", "implicit index", "fixed array", "extensible array", "version 2 B-tree"];

    private static readonly Hdf5Layout Nowhere = new((BufferSlice?)null);

    public static Hdf5Layout Read(Hdf5Fields fields, string path)
    {
        byte version = fields.Version(1, 4);
        if (version < 3)
            return ReadOld(fields, path);
        switch (fields.Byte())
        {
            case 0:
                return new Hdf5Layout(fields.Slice(fields.UInt16()));
            case 1:
                return Contiguous(fields.Image, fields.Address(), fields.Length(), path);
            case 2 when version == 3:
                int rank = fields.Byte() - 1;
                ulong index = fields.Address();
                return new Hdf5Layout(null, true, index, 0, Dims(ref fields, rank, 4));
            case 2:
                return ReadVersion4Chunks(fields);
            case var kind:
                throw fields.Image.Unsupported(fields.FileOffset, $"{path} has the layout {kind}, and 0 (compact), 1 (contiguous) and 2 (chunked) are read");
        }
    }

    private static Hdf5Layout ReadOld(Hdf5Fields fields, string path)
    {
        int rank = fields.Byte();
        byte kind = fields.Byte();
        fields.Skip(5);
        ulong address = kind == 0 ? Hdf5Image.Undefined : fields.Address();
        long[] dims = Dims(ref fields, kind == 2 ? rank - 1 : rank, 4);
        return kind switch
        {
            0 => new Hdf5Layout(fields.Slice(fields.UInt32())),
            // The message holds dimensions, not bytes: what the values take is known from the dataspace and the type.
            1 => address == Hdf5Image.Undefined ? Nowhere : new Hdf5Layout(fields.Image.Slice(address, (ulong)fields.Image.Bytes.Length - Math.Min(address, (ulong)fields.Image.Bytes.Length), path)),
            2 => new Hdf5Layout(null, true, address, 0, dims),
            _ => throw fields.Image.Unsupported(fields.FileOffset, $"{path} has the layout {kind}, and 0 (compact), 1 (contiguous) and 2 (chunked) are read"),
        };
    }

    private static Hdf5Layout Contiguous(Hdf5Image image, ulong address, ulong length, string path) =>
        address == Hdf5Image.Undefined ? Nowhere : new Hdf5Layout(image.Slice(address, length, $"the values of {path}"));

    private static Hdf5Layout ReadVersion4Chunks(Hdf5Fields fields)
    {
        byte flags = fields.Byte();
        int rank = fields.Byte() - 1;
        int width = fields.Byte();
        if (width is 0 or > 8)
            throw fields.Malformed($"dimensions of chunks have {width} bytes");
        long[] dims = Dims(ref fields, rank, width);
        fields.Skip(width);
        int kind = fields.Byte();
        (ulong bytes, uint mask) = (0, 0);
        switch (kind)
        {
            case SingleChunk:
                if ((flags & 2) != 0)
                    (bytes, mask) = (fields.Length(), fields.UInt32());
                break;
            case Implicit:
                break;
            default:
                throw fields.Image.Unsupported(fields.FileOffset, $"chunks are found by a {(kind < IndexNames.Length ? IndexNames[kind] : $"kind {kind} of index")}, which is not read");
        }

        return new Hdf5Layout(null, true, fields.Address(), kind, dims, bytes, mask);
    }

    // The last dimension is the bytes of an element.
    private static long[] Dims(ref Hdf5Fields fields, int rank, int width)
    {
        if (rank is < 0 or > Hdf5Limits.Rank)
            throw fields.Malformed($"chunks have {rank} dimensions, and 0 to {Hdf5Limits.Rank} are expected");
        long[] dims = new long[rank];
        for (int i = 0; i < rank; i++)
        {
            ulong dim = fields.UInt(width);
            if (dim is 0 or > int.MaxValue)
                throw fields.Malformed($"dimension {i} of chunks is {dim}");
            dims[i] = (long)dim;
        }

        return dims;
    }
}
