namespace Decant.Wire.Hdf5;

/// <summary>The messages of an object, of both versions of object headers, their continuations followed in the order in which they are found.</summary>
internal sealed class Hdf5Header
{
    private readonly Hdf5Image _image;
    private readonly List<Hdf5Message> _messages = [];
    private readonly Queue<(ulong Address, ulong Length)> _more = [];

    private Hdf5Header(Hdf5Image image, ulong address, string path) => (_image, Address, Path) = (image, address, path);

    public ulong Address { get; }

    public string Path { get; }

    public IReadOnlyList<Hdf5Message> Messages => _messages;

    public static Hdf5Header Read(Hdf5Image image, ulong address, string path)
    {
        var header = new Hdf5Header(image, address, path);
        Hdf5Fields start = image.Fields(address, 64, $"the header of {path}", clip: true);
        if (start.Left >= 4 && start.Bytes.Slice(0, 4).Span.SequenceEqual("OHDR"u8))
            header.ReadVersion2(start);
        else
            header.ReadVersion1(start);
        return header;
    }

    public Hdf5Message? Find(Hdf5MessageType type)
    {
        foreach (Hdf5Message message in _messages)
        {
            if (message.Type == type)
                return message;
        }

        return null;
    }

    private void ReadVersion1(Hdf5Fields start)
    {
        start.Version(1, 1);
        start.Skip(1);
        start.Skip(2 + 4);
        uint size = start.UInt32();
        Block1(_image.Fields(Address + 16, size, $"the header of {Path}"));
        for (int blocks = 0; _more.TryDequeue(out var next); blocks++)
        {
            Check(blocks, next.Address);
            Block1(_image.Fields(next.Address, next.Length, $"the header of {Path}"));
        }
    }

    private void Block1(Hdf5Fields block)
    {
        while (block.Left >= 8)
        {
            var type = (Hdf5MessageType)block.UInt16();
            ushort size = block.UInt16();
            byte flags = block.Byte();
            block.Skip(3);
            Add(type, flags, block.Slice(size));
        }
    }

    private void ReadVersion2(Hdf5Fields start)
    {
        start.Skip(4);
        start.Version(2, 2);
        byte flags = start.Byte();
        start.Skip(((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0));
        ulong size = start.UInt(1 << (flags & 3));
        bool ordered = (flags & 4) != 0;
        Block2(_image.Fields(Address + (ulong)start.At, size, $"the header of {Path}"), ordered);
        for (int blocks = 0; _more.TryDequeue(out var next); blocks++)
        {
            Check(blocks, next.Address);
            Hdf5Fields block = _image.Fields(next.Address, next.Length, $"the header of {Path}");
            block.Signature("OCHK"u8);
            const int ChecksumBytes = 4;
            Block2(new Hdf5Fields(_image, block.Slice(Math.Max(0, block.Left - ChecksumBytes)), $"the header of {Path}"), ordered);
        }
    }

    private void Block2(Hdf5Fields block, bool ordered)
    {
        int head = ordered ? 6 : 4;
        while (block.Left >= head)
        {
            var type = (Hdf5MessageType)block.Byte();
            ushort size = block.UInt16();
            byte flags = block.Byte();
            block.Skip(ordered ? 2 : 0);
            Add(type, flags, block.Slice(size));
        }
    }

    private void Add(Hdf5MessageType type, byte flags, BufferSlice data)
    {
        if (type == Hdf5MessageType.Continuation)
        {
            var fields = new Hdf5Fields(_image, data, $"a continuation of {Path}");
            _more.Enqueue((fields.Address(), fields.Length()));
            return;
        }

        if (_messages.Count == Hdf5Limits.Messages)
            throw WireErrors.Hdf5TooLarge.At(new Location(_image.Bytes.Name, data.Offset), $"{Path} has more than the {Hdf5Limits.Messages} messages that are allowed");
        _messages.Add(new Hdf5Message(type, flags, data));
    }

    // Blocks that continue each other in a circle never end.
    private void Check(int blocks, ulong address)
    {
        if (blocks >= Hdf5Limits.Messages / 64)
            throw _image.Malformed((long)Math.Min(address, long.MaxValue), $"the header of {Path} continues in more than {Hdf5Limits.Messages / 64} blocks");
    }
}
