namespace Decant.Wire.Hdf5;

/// <summary>
/// A fractal heap: objects lie in blocks, whose offsets count over all blocks of the doubling table, their headers included. Row r of the
/// table has <c>width</c> blocks of <c>start * 2^max(r-1, 0)</c> bytes; rows beyond the largest direct block are indirect blocks.
/// </summary>
internal sealed class Hdf5FractalHeap
{
    // No block is larger than 2^48 bytes, and with at most 2^10 of them in a row no sum passes 64 bits.
    private const ulong LargestBits = 48;

    private readonly Hdf5Image _image;
    private readonly int _width;
    private readonly ulong _start;
    private readonly int _directRows;
    private readonly int _offsetBytes;
    private readonly int _lengthBytes;
    private readonly ulong _root;
    private readonly int _rootRows;

    public Hdf5FractalHeap(Hdf5Image image, ulong address)
    {
        _image = image;
        Hdf5Fields fields = image.Fields(address, 160, "a fractal heap", clip: true);
        fields.Signature("FRHP"u8);
        fields.Version(0, 0);
        fields.Skip(2);
        if (fields.UInt16() != 0)
            throw image.Unsupported(fields.FileOffset, "a fractal heap is packed by filters, which is not read");
        fields.Skip(1);
        uint maxManaged = fields.UInt32();
        // Counts and sizes of free space, of managed, huge and tiny objects, and two addresses.
        fields.Skip((10 * image.LengthSize) + (2 * image.OffsetSize));
        _width = fields.UInt16();
        _start = fields.Length();
        ulong maxDirect = fields.Length();
        int heapBits = fields.UInt16();
        fields.Skip(2);
        _root = fields.Address();
        _rootRows = fields.UInt16();
        if (_width is 0 or > 1024 || _start == 0 || !ulong.IsPow2(_start) || maxDirect < _start || !ulong.IsPow2(maxDirect) || maxDirect > Hdf5Limits.StructureBytes || heapBits is 0 or > 64 || _rootRows > 64)
            throw fields.Malformed("a fractal heap has a doubling table that cannot be");
        _directRows = (int)(ulong.Log2(maxDirect) - ulong.Log2(_start)) + 2;
        _offsetBytes = (heapBits + 7) / 8;
        _lengthBytes = Math.Min(((int)ulong.Log2(maxDirect) + 7) / 8, ((int)uint.Log2(Math.Max(1, maxManaged)) / 8) + 1);
    }

    /// <summary>The object of a heap id.</summary>
    public BufferSlice Object(BufferSlice id)
    {
        var fields = new Hdf5Fields(_image, id, "an id of a fractal heap");
        byte first = fields.Byte();
        switch ((first >> 4) & 3)
        {
            case 0:
                ulong offset = fields.UInt(_offsetBytes);
                ulong length = fields.UInt(_lengthBytes);
                return Find(offset, length, id);
            case 2:
                return fields.Slice((first & 15) + 1);
            default:
                throw _image.Unsupported(id.Offset, "a link or attribute is a huge object of its heap, which is not read");
        }
    }

    private BufferSlice Find(ulong offset, ulong length, BufferSlice id)
    {
        if (_rootRows == 0)
            return InBlock(_root, _start, offset, length, id);
        (ulong block, int rows) = (_root, _rootRows);
        ulong within = offset;
        for (int depth = 0; depth < Hdf5Limits.Depth; depth++)
        {
            int row = 0;
            ulong rowStart = 0;
            while (row < rows && within - rowStart >= (ulong)_width * BlockSize(row))
                rowStart += (ulong)_width * BlockSize(row++);
            if (row >= rows)
                break;
            ulong column = (within - rowStart) / BlockSize(row);
            ulong child = Child(block, row, (int)column);
            within = (within - rowStart) % BlockSize(row);
            if (child == Hdf5Image.Undefined)
                break;
            if (row < _directRows)
                return InBlock(child, BlockSize(row), within, length, id);
            // An indirect block has the rows whose blocks together are as large as the block itself.
            rows = (int)ulong.Log2(BlockSize(row)) - (int)ulong.Log2(_start * (ulong)_width) + 1;
            block = child;
        }

        throw _image.Malformed(id.Offset, $"an object lies at {offset} of a fractal heap, which has no block there");
    }

    private ulong BlockSize(int row) => row <= 1 ? _start : _start << (int)Math.Min((ulong)row - 1, LargestBits - ulong.Log2(_start));

    private ulong Child(ulong block, int row, int column)
    {
        int head = 5 + _image.OffsetSize + _offsetBytes;
        ulong entry = ((ulong)row * (ulong)_width) + (ulong)column;
        Hdf5Fields signature = _image.Fields(block, 4, "an indirect block of a fractal heap");
        signature.Signature("FHIB"u8);
        Hdf5Fields fields = _image.Fields(block + (ulong)head + (entry * (ulong)_image.OffsetSize), (ulong)_image.OffsetSize, "an indirect block of a fractal heap");
        return fields.Address();
    }

    private BufferSlice InBlock(ulong block, ulong size, ulong offset, ulong length, BufferSlice id)
    {
        Hdf5Fields signature = _image.Fields(block, 4, "a direct block of a fractal heap");
        signature.Signature("FHDB"u8);
        if (offset > size || length > size - offset)
            throw _image.Malformed(id.Offset, $"an object of {length} bytes lies at {offset} of a block of {size}");
        return _image.Slice(block + offset, length, "an object of a fractal heap");
    }
}
