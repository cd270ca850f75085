using System.Text;

namespace Decant.Wire.Hdf5;

/// <summary>Where a name of a group leads: to the header of an object, or by a path.</summary>
internal readonly record struct Hdf5Link(ulong Address, string? SoftPath);

/// <summary>The links of a group, by name in bytewise order.</summary>
internal static class Hdf5Links
{
    private const int EntryTail = 16;

    public static SortedDictionary<string, Hdf5Link> Read(Hdf5Image image, Hdf5Header header)
    {
        var links = new SortedDictionary<string, Hdf5Link>(StringComparer.Ordinal);
        if (header.Find(Hdf5MessageType.SymbolTable) is { } table)
        {
            var fields = new Hdf5Fields(image, table.Data, $"the symbol table of {header.Path}");
            ulong tree = fields.Address();
            new SymbolTable(image, header.Path, Names(image, fields.Address(), header.Path), links).Node(tree, null);
        }

        foreach (Hdf5Message message in header.Messages)
        {
            if (message.Type == Hdf5MessageType.Link)
                Add(links, new Hdf5Fields(image, message.Data, $"a link of {header.Path}"));
        }

        if (header.Find(Hdf5MessageType.LinkInfo) is { } info)
        {
            var fields = new Hdf5Fields(image, info.Data, $"the links of {header.Path}");
            fields.Version(0, 0);
            fields.Skip((fields.Byte() & 1) != 0 ? 8 : 0);
            ulong heapAddress = fields.Address();
            ulong names = fields.Address();
            if (heapAddress != Hdf5Image.Undefined && names != Hdf5Image.Undefined)
            {
                var heap = new Hdf5FractalHeap(image, heapAddress);
                const int HashBytes = 4;
                foreach (BufferSlice record in Hdf5BTree2.Records(image, names))
                {
                    if (record.Length <= HashBytes)
                        throw image.Malformed(record.Offset, $"a record of the links of {header.Path} has {record.Length} bytes");
                    Add(links, new Hdf5Fields(image, heap.Object(record.Slice(HashBytes)), $"a link of {header.Path}"));
                }
            }
        }

        return links;
    }

    public static bool IsGroup(Hdf5Header header) => header.Find(Hdf5MessageType.SymbolTable) is not null || header.Find(Hdf5MessageType.LinkInfo) is not null;

    private static void Add(SortedDictionary<string, Hdf5Link> links, Hdf5Fields fields)
    {
        fields.Version(1, 1);
        byte flags = fields.Byte();
        int kind = (flags & 8) != 0 ? fields.Byte() : 0;
        fields.Skip(((flags & 4) != 0 ? 8 : 0) + ((flags & 16) != 0 ? 1 : 0));
        ulong length = fields.UInt(1 << (flags & 3));
        string name = Encoding.UTF8.GetString(fields.Take((long)Math.Min(length, int.MaxValue)));
        links[name] = kind switch
        {
            0 => new Hdf5Link(fields.Address(), null),
            1 => new Hdf5Link(0, Encoding.UTF8.GetString(fields.Take(fields.UInt16()))),
            _ => throw fields.Image.Unsupported(fields.FileOffset, $"'{name}' is a link of kind {kind} (64: to another file), which is not followed"),
        };
    }

    private static BufferSlice Names(Hdf5Image image, ulong address, string path)
    {
        Hdf5Fields fields = image.Fields(address, 8 + (ulong)(2 * image.LengthSize) + (ulong)image.OffsetSize, $"the names of {path}");
        fields.Signature("HEAP"u8);
        fields.Version(0, 0);
        fields.Skip(3);
        ulong size = fields.Length();
        fields.Length();
        return image.Fields(fields.Address(), size, $"the names of {path}").Bytes;
    }

    private sealed class SymbolTable(Hdf5Image image, string path, BufferSlice names, SortedDictionary<string, Hdf5Link> links)
    {
        /// <summary>Reads a node; levels of its children must be one lower, so that no circle is followed.</summary>
        public void Node(ulong address, int? expectedLevel)
        {
            if (expectedLevel < 0)
            {
                Entries(address);
                return;
            }

            Hdf5Fields head = image.Fields(address, 8, $"the B-tree of {path}");
            head.Signature("TREE"u8);
            byte kind = head.Byte();
            byte level = head.Byte();
            ushort count = head.UInt16();
            if (kind != 0 || (expectedLevel is { } expected && level != expected))
                throw head.Malformed($"a node of the B-tree of {path} has kind {kind} and level {level}, and 0 and {expectedLevel ?? level} are expected");
            ulong size = (ulong)((2 * image.OffsetSize) + (count * (image.LengthSize + image.OffsetSize)));
            Hdf5Fields fields = image.Fields(address + 8, size, $"the B-tree of {path}");
            fields.Skip(2 * image.OffsetSize);
            for (int i = 0; i < count; i++)
            {
                fields.Length();
                Node(fields.Address(), level - 1);
            }
        }

        private void Entries(ulong address)
        {
            Hdf5Fields head = image.Fields(address, 8, $"the symbols of {path}");
            head.Signature("SNOD"u8);
            head.Version(1, 1);
            head.Skip(1);
            ushort count = head.UInt16();
            Hdf5Fields fields = image.Fields(address + 8, (ulong)(count * ((2 * image.OffsetSize) + 8 + EntryTail)), $"the symbols of {path}");
            for (int i = 0; i < count; i++)
            {
                ulong name = fields.UInt(image.OffsetSize);
                ulong target = fields.Address();
                uint cache = fields.UInt32();
                fields.Skip(4);
                uint soft = fields.UInt32();
                fields.Skip(EntryTail - 4);
                if (links.Count >= Hdf5Limits.Structures)
                    throw WireErrors.Hdf5TooLarge.At(new Location(image.Bytes.Name, fields.FileOffset), $"{path} has more than the {Hdf5Limits.Structures} links that are allowed");
                links[Name(name)] = cache == 2 ? new Hdf5Link(0, Name(soft)) : new Hdf5Link(target, null);
            }
        }

        private string Name(ulong offset)
        {
            if (offset >= (ulong)names.Length)
                throw image.Malformed(names.Offset, $"a name of {path} lies at {offset} of its heap, which has {names.Length} bytes");
            return new Hdf5Fields(image, names.Slice((long)offset), $"a name of {path}").Text();
        }
    }
}
