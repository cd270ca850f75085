using System.Text;

namespace Decant.Wire.Hdf5;

/// <summary>
/// Writes an HDF5 file as h5py does by default: superblock 0, groups with symbol tables, contiguous values. The same content
/// gives the same bytes: there are no times. Values are streamed from where they lie.
/// </summary>
public sealed class Hdf5Writer
{
    private const int SuperblockBytes = 96;
    private const int LeafEntries = 8;
    private const int NodeChildren = 32;
    private const int EntryBytes = 40;
    private const int HeapBytes = 4096;
    private const long Undefined = -1;

    private readonly List<(long Address, long Length, Func<IReadOnlyList<BufferSlice>> Pieces)> _blocks = [];
    private long _end = SuperblockBytes;

    private Hdf5Writer()
    {
    }

    /// <summary>Writes a file whose root is this group.</summary>
    /// <exception cref="ModelException">A value is of a type that HDF5 has not, or an attribute is too large.</exception>
    public static void Write(Hdf5GroupContent root, Stream stream)
    {
        var writer = new Hdf5Writer();
        (long header, long tree, long heap) = writer.Group(root, "/");
        stream.Write(new Hdf5Bytes().Raw(Hdf5Superblock.Signature).Raw(0, 0, 0, 0, 0, 8, 8, 0).UInt16(LeafEntries / 2).UInt16(NodeChildren / 2).UInt32(0)
            .UInt64(0).UInt64(Undefined).UInt64(writer._end).UInt64(Undefined).UInt64(0).UInt64(header).UInt32(1).UInt32(0).UInt64(tree).UInt64(heap).ToArray());
        long at = SuperblockBytes;
        foreach ((long address, long length, Func<IReadOnlyList<BufferSlice>> pieces) in writer._blocks)
        {
            stream.Write(new byte[address - at]);
            foreach (BufferSlice piece in pieces())
                piece.CopyTo(stream);
            at = address + length;
        }

        stream.Write(new byte[writer._end - at]);
    }

    private long Place(long length, Func<IReadOnlyList<BufferSlice>> pieces)
    {
        long address = _end;
        _blocks.Add((address, length, pieces));
        _end += (length + 7) / 8 * 8;
        return address;
    }

    private long Place(byte[] bytes) => Place(bytes.Length, () => [new BufferSlice(bytes)]);

    private (long Header, long Tree, long Heap) Group(Hdf5GroupContent group, string path)
    {
        var names = new Hdf5Bytes().Zeros(8);
        var entries = new List<(int Name, byte[] Entry)>(group.Children.Count);
        foreach ((string name, Hdf5Content child) in group.Children)
        {
            string childPath = path == "/" ? path + name : $"{path}/{name}";
            (long header, long childTree, long childHeap) = child is Hdf5GroupContent inner ? Group(inner, childPath) : (Dataset((Hdf5DatasetContent)child, childPath), 0, 0);
            int at = names.Length;
            names.Raw(Encoding.UTF8.GetBytes(name + "\0")).Pad8();
            entries.Add((at, new Hdf5Bytes().UInt64(at).UInt64(header).UInt32(childTree == 0 ? 0 : 1).UInt32(0).UInt64(childTree).UInt64(childHeap).ToArray()));
        }

        int free = names.Length;
        const int FreeBytes = 16;
        names.UInt64(1).UInt64(FreeBytes);
        long data = Place(names.ToArray());
        long heap = Place(new Hdf5Bytes().Raw("HEAP"u8).UInt32(0).UInt64(names.Length).UInt64(free).UInt64(data).ToArray());
        long tree = Tree(entries);
        List<(Hdf5MessageType, byte, byte[])> messages = [(Hdf5MessageType.SymbolTable, 0, new Hdf5Bytes().UInt64(tree).UInt64(heap).ToArray())];
        AddAttributes(messages, group, path);
        return (Place(Hdf5Encoding.Header(messages)), tree, heap);
    }

    /// <summary>A B-tree over nodes of up to 8 symbols. A key is the greatest name left of it.</summary>
    private long Tree(List<(int Name, byte[] Entry)> entries)
    {
        List<(long Address, int LastName)> level = [];
        foreach ((int Name, byte[] Entry)[] part in entries.Chunk(LeafEntries))
        {
            var node = new Hdf5Bytes().Raw("SNOD"u8).Raw(1, 0).UInt16(part.Length);
            foreach ((_, byte[] entry) in part)
                node.Raw(entry);
            level.Add((Place(node.Zeros((LeafEntries - part.Length) * EntryBytes).ToArray()), part[^1].Name));
        }

        for (byte height = 0; ; height++)
        {
            List<(long, int)> above = [];
            int before = 0;
            (long Address, int LastName)[][] parts = level.Count == 0 ? [[]] : [.. level.Chunk(NodeChildren)];
            const int NodeBytes = 24 + (((2 * NodeChildren) + 1) * 8);
            for (int i = 0; i < parts.Length; i++)
            {
                // Neighbours of a level lie one behind the other, and are as long.
                var node = new Hdf5Bytes().Raw("TREE"u8).Raw(0, height).UInt16(parts[i].Length)
                    .UInt64(i == 0 ? Undefined : _end - NodeBytes).UInt64(i == parts.Length - 1 ? Undefined : _end + NodeBytes).UInt64(before);
                foreach ((long address, int lastName) in parts[i])
                {
                    node.UInt64(address).UInt64(lastName);
                    before = lastName;
                }

                above.Add((Place(node.Zeros(NodeBytes - node.Length).ToArray()), before));
            }

            if (above.Count == 1)
                return above[0].Item1;
            level = above;
        }
    }

    private long Dataset(Hdf5DatasetContent dataset, string path)
    {
        (byte[]? texts, int each) = dataset.DType == DType.String ? Hdf5Encoding.Texts(dataset.Texts!) : (null, 0);
        long length = texts?.Length ?? Tensor.ByteCount(dataset.DType, dataset.Shape);
        long address = length == 0 ? 0 : texts is null ? Place(length, dataset.Pieces) : Place(texts);
        List<(Hdf5MessageType, byte, byte[])> messages =
        [
            (Hdf5MessageType.Dataspace, 0, Hdf5Encoding.Space(dataset.Shape)),
            (Hdf5MessageType.Datatype, 1, Hdf5Encoding.Type(dataset.DType, each, path)),
            (Hdf5MessageType.FillValue, 1, [2, 2, 2, 1, 0, 0, 0, 0]),
            (Hdf5MessageType.Layout, 0, Hdf5Encoding.Layout(address, length)),
        ];
        AddAttributes(messages, dataset, path);
        return Place(Hdf5Encoding.Header(messages));
    }

    private void AddAttributes(List<(Hdf5MessageType Type, byte Flags, byte[] Data)> messages, Hdf5Content content, string path)
    {
        foreach ((string name, object value) in content.Attributes)
        {
            byte[] message;
            if (value is string text)
            {
                message = Hdf5Encoding.Attribute(name, Hdf5Encoding.HeapText, Hdf5Encoding.Space(Shape.Scalar), TextReference(text), path);
            }
            else
            {
                var tensor = (Tensor)value;
                (byte[] bytes, int each) = tensor.DType == DType.String ? Hdf5Encoding.Texts(tensor) : (tensor.Data.ToArray(), 0);
                message = Hdf5Encoding.Attribute(name, Hdf5Encoding.Type(tensor.DType, each, $"attribute '{name}' of {path}"), Hdf5Encoding.Space(tensor.Shape), bytes, path);
            }

            messages.Add((Hdf5MessageType.Attribute, 0, message));
        }
    }

    /// <summary>Puts a text into a global heap of its own, and gives the reference to it.</summary>
    private byte[] TextReference(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length == 0)
            return new byte[16];
        const int ObjectHead = 16;
        int used = 16 + ObjectHead + ((bytes.Length + 7) / 8 * 8);
        int size = Math.Max(HeapBytes, used + ObjectHead);
        var heap = new Hdf5Bytes().Raw("GCOL"u8).Raw(1, 0, 0, 0).UInt64(size).UInt16(1).UInt16(0).UInt32(0).UInt64(bytes.Length).Raw(bytes).Pad8()
            .UInt16(0).UInt16(0).UInt32(0).UInt64(size - used);
        long address = Place(heap.Zeros(size - heap.Length).ToArray());
        return new Hdf5Bytes().UInt32(bytes.Length).UInt64(address).UInt32(1).ToArray();
    }
}
