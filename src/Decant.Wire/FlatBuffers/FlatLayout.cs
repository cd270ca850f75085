using System.Buffers.Binary;

namespace Decant.Wire.FlatBuffers;

/// <summary>What is written at a position: a part, or the layout of tables.</summary>
internal readonly record struct FlatPart(int Position, int Length, FlatNode? Node, byte[]? VTable);

/// <summary>Gives the parts of a buffer their places, breadth first, so that all offsets lead forward.</summary>
internal sealed class FlatLayout(long start)
{
    private readonly Dictionary<string, int> _vtables = new(StringComparer.Ordinal);
    private long _next = start;

    public List<FlatPart> Parts { get; } = [];

    public void Place(FlatObject root)
    {
        var waiting = new Queue<FlatNode>();
        waiting.Enqueue(root);
        while (waiting.TryDequeue(out FlatNode? node))
        {
            Place(node);
            foreach (FlatNode child in node.Children)
                waiting.Enqueue(child);
        }
    }

    private void Place(FlatNode node)
    {
        switch (node)
        {
            case FlatObject table:
                PlaceTable(table);
                break;
            case FlatTables tables:
                Add(node, Align(_next, 4), 4 + (4L * tables.Tables.Count));
                break;
            case FlatVector vector:
                Add(node, Align(_next + 4, vector.Alignment) - 4, 4 + vector.Bytes.Length + (vector.IsString ? 1 : 0));
                break;
        }
    }

    // The largest fields come first, so that none needs padding; a table with 8-byte fields begins 4 before a multiple of 8.
    private void PlaceTable(FlatObject table)
    {
        int offset = 4;
        bool isWide = false;
        foreach ((int id, FlatField field) in table.Fields.OrderByDescending(f => f.Value.Bytes.Length))
        {
            isWide |= field.Bytes.Length == 8;
            table.Offsets[id] = offset;
            offset += field.Bytes.Length;
        }

        byte[] vtable = new byte[4 + (2 * (table.Fields.Count == 0 ? 0 : table.Fields.Keys.Max() + 1))];
        BinaryPrimitives.WriteUInt16LittleEndian(vtable, (ushort)vtable.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(vtable.AsSpan(2), (ushort)offset);
        foreach ((int id, int at) in table.Offsets)
            BinaryPrimitives.WriteUInt16LittleEndian(vtable.AsSpan(4 + (2 * id)), (ushort)at);
        string key = Convert.ToHexString(vtable);
        if (!_vtables.TryGetValue(key, out int position))
        {
            position = (int)Align(_next, 2);
            _vtables[key] = position;
            Parts.Add(new FlatPart(position, vtable.Length, null, vtable));
            _next = position + vtable.Length;
        }

        table.VTable = position;
        Add(table, isWide ? Align(_next + 4, 8) - 4 : Align(_next, 4), offset);
    }

    private void Add(FlatNode node, long position, long length)
    {
        if (position + length > FlatWriter.MaxLength)
            throw WireErrors.FlatBufferTooLarge.At(null, $"the FlatBuffer would have more than {FlatWriter.MaxLength} bytes");
        node.Position = (int)position;
        Parts.Add(new FlatPart((int)position, (int)length, node, null));
        _next = position + length;
    }

    private static long Align(long position, int alignment) => (position + alignment - 1) / alignment * alignment;
}
