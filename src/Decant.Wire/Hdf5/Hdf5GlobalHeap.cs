namespace Decant.Wire.Hdf5;

/// <summary>Collections of texts that are too long, or of unknown length, for where they are referred to.</summary>
internal sealed class Hdf5GlobalHeap(Hdf5Image image)
{
    private readonly Dictionary<ulong, Dictionary<ushort, BufferSlice>> _collections = [];

    /// <summary>The text of an element: u32 length, address of a collection, u32 index.</summary>
    public ReadOnlyMemory<byte> Text(ref Hdf5Fields element)
    {
        uint length = element.UInt32();
        ulong address = element.Address();
        uint index = element.UInt32();
        if (length == 0 || address is 0 or Hdf5Image.Undefined)
            return default;
        if (!_collections.TryGetValue(address, out Dictionary<ushort, BufferSlice>? collection))
            _collections.Add(address, collection = Read(address));
        if (index > ushort.MaxValue || !collection.TryGetValue((ushort)index, out BufferSlice text))
            throw element.Malformed($"a text is object {index} of the global heap at {address}, which has {collection.Count}");
        if (length > text.Length)
            throw element.Malformed($"a text has {length} bytes, and its place in the global heap {text.Length}");
        image.Unpack(length, "a text");
        return text.Slice(0, length).ToArray();
    }

    private Dictionary<ushort, BufferSlice> Read(ulong address)
    {
        Hdf5Fields head = image.Fields(address, 8 + (ulong)image.LengthSize, "a global heap");
        head.Signature("GCOL"u8);
        head.Version(1, 1);
        head.Skip(3);
        Hdf5Fields fields = image.Fields(address, head.Length(), "a global heap");
        fields.Skip(head.At);
        var objects = new Dictionary<ushort, BufferSlice>();
        while (fields.Left >= 8 + image.LengthSize)
        {
            ushort index = fields.UInt16();
            fields.Skip(6);
            ulong size = fields.Length();
            if (index == 0)
                break;
            if (size > (ulong)fields.Left)
                throw fields.Malformed($"object {index} of a global heap has {size} bytes, and {fields.Left} are left");
            objects[index] = fields.Slice((long)size);
            fields.Align8();
        }

        return objects;
    }
}
