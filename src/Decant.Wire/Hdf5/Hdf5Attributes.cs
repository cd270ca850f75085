namespace Decant.Wire.Hdf5;

/// <summary>The attributes of an object: messages of its header, or entries of a fractal heap when there are many.</summary>
internal static class Hdf5Attributes
{
    public static Dictionary<string, Tensor> Read(Hdf5Image image, Hdf5GlobalHeap heap, Hdf5Header header)
    {
        var attributes = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (Hdf5Message message in header.Messages)
        {
            if (message.Type == Hdf5MessageType.Attribute)
                Add(image, heap, header, attributes, new Hdf5Fields(image, message.Data, $"an attribute of {header.Path}"));
        }

        if (header.Find(Hdf5MessageType.AttributeInfo) is { } info)
        {
            var fields = new Hdf5Fields(image, info.Data, $"the attributes of {header.Path}");
            fields.Version(0, 0);
            fields.Skip((fields.Byte() & 1) != 0 ? 2 : 0);
            ulong heapAddress = fields.Address();
            ulong names = fields.Address();
            if (heapAddress != Hdf5Image.Undefined && names != Hdf5Image.Undefined)
            {
                var entries = new Hdf5FractalHeap(image, heapAddress);
                const int IdBytes = 8;
                foreach (BufferSlice record in Hdf5BTree2.Records(image, names))
                    Add(image, heap, header, attributes, new Hdf5Fields(image, entries.Object(record.Slice(0, Math.Min(IdBytes, record.Length))), $"an attribute of {header.Path}"));
            }
        }

        return attributes;
    }

    private static void Add(Hdf5Image image, Hdf5GlobalHeap heap, Hdf5Header header, Dictionary<string, Tensor> attributes, Hdf5Fields fields)
    {
        byte version = fields.Version(1, 3);
        byte flags = fields.Byte();
        ushort nameSize = fields.UInt16();
        ushort typeSize = fields.UInt16();
        ushort spaceSize = fields.UInt16();
        if (version == 3)
            fields.Skip(1);
        var name = new Hdf5Fields(image, Part(ref fields, nameSize, version), "the name of an attribute");
        string text = name.Text();
        string what = $"attribute '{text}' of {header.Path}";
        var typeFields = new Hdf5Fields(image, Part(ref fields, typeSize, version), what);
        Hdf5Type type = version > 1 && (flags & 1) != 0 ? Hdf5SharedType.Read(typeFields) : Hdf5Type.Read(ref typeFields);
        Shape shape = Hdf5Space.Read(new Hdf5Fields(image, Part(ref fields, spaceSize, version), what));
        if (type.DType == DType.Invalid)
            return;
        attributes[text] = Hdf5Values.Read(image, heap, type, shape, fields.Slice(fields.Left), what);
    }

    private static BufferSlice Part(ref Hdf5Fields fields, int size, byte version)
    {
        BufferSlice part = fields.Slice(size);
        if (version == 1)
            fields.Skip(Math.Min(fields.Left, (8 - (size % 8)) % 8));
        return part;
    }
}
