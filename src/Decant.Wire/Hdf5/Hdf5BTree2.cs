namespace Decant.Wire.Hdf5;

/// <summary>The records of a version 2 B-tree, in their order.</summary>
internal static class Hdf5BTree2
{
    public static List<BufferSlice> Records(Hdf5Image image, ulong address)
    {
        Hdf5Fields fields = image.Fields(address, 64, "a B-tree", clip: true);
        fields.Signature("BTHD"u8);
        fields.Version(0, 0);
        fields.Skip(1);
        uint nodeSize = fields.UInt32();
        ushort recordSize = fields.UInt16();
        ushort depth = fields.UInt16();
        fields.Skip(2);
        ulong root = fields.Address();
        ushort count = fields.UInt16();
        if (recordSize == 0 || nodeSize < 16 || nodeSize > Hdf5Limits.StructureBytes || depth > 16)
            throw fields.Malformed($"a B-tree has nodes of {nodeSize} bytes, records of {recordSize} and {depth} levels");
        var records = new List<BufferSlice>();
        if (root != Hdf5Image.Undefined)
            new Walk(image, nodeSize, recordSize, depth, records).Node(root, count, depth);
        return records;
    }

    private sealed class Walk
    {
        private const int HeadBytes = 10;

        private readonly Hdf5Image _image;
        private readonly uint _nodeSize;
        private readonly int _recordSize;
        private readonly List<BufferSlice> _records;
        private readonly int _countBytes;
        private readonly int[] _totalBytes;

        public Walk(Hdf5Image image, uint nodeSize, int recordSize, int depth, List<BufferSlice> records)
        {
            (_image, _nodeSize, _recordSize, _records) = (image, nodeSize, recordSize, records);
            ulong leaf = (nodeSize - HeadBytes) / (ulong)recordSize;
            _countBytes = Bytes(leaf);
            _totalBytes = new int[depth + 1];
            ulong total = leaf;
            for (int level = 1; level <= depth; level++)
            {
                int pointer = image.OffsetSize + _countBytes + _totalBytes[level - 1];
                ulong most = (ulong)(Math.Max(0L, nodeSize - HeadBytes - pointer) / (recordSize + pointer));
                total = Math.Min(uint.MaxValue, ((most + 1) * total) + most);
                _totalBytes[level] = Bytes(total);
            }
        }

        public void Node(ulong address, ulong count, int level)
        {
            Hdf5Fields node = _image.Fields(address, _nodeSize, "a node of a B-tree", clip: true);
            node.Signature(level == 0 ? "BTLF"u8 : "BTIN"u8);
            node.Version(0, 0);
            node.Skip(1);
            if (count > (ulong)(node.Left / _recordSize))
                throw node.Malformed($"a node of a B-tree has {count} records of {_recordSize} bytes, and {node.Left} bytes");
            if (_records.Count + (long)count > Hdf5Limits.Structures)
                throw WireErrors.Hdf5TooLarge.At(new Location(_image.Bytes.Name, node.FileOffset), $"a B-tree has more than the {Hdf5Limits.Structures} records that are allowed");
            var own = new BufferSlice[count];
            for (int i = 0; i < own.Length; i++)
                own[i] = node.Slice(_recordSize);
            if (level == 0)
            {
                _records.AddRange(own);
                return;
            }

            for (int i = 0; i <= own.Length; i++)
            {
                ulong child = node.Address();
                ulong records = node.UInt(_countBytes);
                node.Skip(level > 1 ? _totalBytes[level - 1] : 0);
                Node(child, records, level - 1);
                if (i < own.Length)
                    _records.Add(own[i]);
            }
        }

        private static int Bytes(ulong most) => ((int)ulong.Log2(Math.Max(1, most)) / 8) + 1;
    }
}
