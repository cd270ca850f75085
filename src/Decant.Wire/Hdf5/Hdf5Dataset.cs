namespace Decant.Wire.Hdf5;

/// <summary>An array of a file. Its values are read when they are asked for.</summary>
public sealed class Hdf5Dataset : Hdf5Object
{
    private readonly Hdf5Type _type;

    internal Hdf5Dataset(Hdf5File file, Hdf5Header header)
        : base(file, header)
    {
        Hdf5Message type = Required(Hdf5MessageType.Datatype, "datatype");
        var fields = new Hdf5Fields(file.Image, type.Data, $"the type of {Path}");
        _type = type.IsShared ? Hdf5SharedType.Read(fields) : Hdf5Type.Read(ref fields);
        Hdf5Message space = Required(Hdf5MessageType.Dataspace, "dataspace");
        if (space.IsShared)
            throw file.Image.Unsupported(space.Data.Offset, $"the dataspace of {Path} is stored in another object, which is not read");
        Shape = Hdf5Space.Read(new Hdf5Fields(file.Image, space.Data, $"the dimensions of {Path}"));
    }

    /// <summary>The type of the elements; <see cref="DType.Invalid"/> for what no tensor has.</summary>
    public DType DType => _type.DType;

    /// <summary>The dimensions.</summary>
    public Shape Shape { get; }

    /// <summary>The values: a view of the file where they lie together and begin with their lowest byte, else a copy.</summary>
    /// <exception cref="ModelException">They are malformed, of a type that no tensor has, or unpack to more than is allowed.</exception>
    public Tensor Read() => Hdf5Values.Read(File.Image, File.Heap, _type, Shape, Bytes(), Path);

    private BufferSlice Bytes()
    {
        if (Header.Find(Hdf5MessageType.ExternalFiles) is { } external)
            throw File.Image.Unsupported(external.Data.Offset, $"the values of {Path} are in another file, which is not opened");
        var layout = Hdf5Layout.Read(new Hdf5Fields(File.Image, Required(Hdf5MessageType.Layout, "layout").Data, $"the layout of {Path}"), Path);
        long length = Hdf5Values.ByteCount(File.Image, _type, Shape, Path);
        if (layout.Stored is { } stored)
            return stored;
        byte[] values = File.Image.Allocate(length, Path);
        Fill(values);
        if (layout.IsChunked && length > 0)
        {
            Hdf5Filter[] filters = Header.Find(Hdf5MessageType.Filters) is { } message ? Hdf5Filter.Read(new Hdf5Fields(File.Image, message.Data, $"the filters of {Path}")) : [];
            Hdf5Chunks.Read(File.Image, layout, filters, Shape, _type.Size, values, Path);
        }

        return new BufferSlice(values);
    }

    private void Fill(byte[] values)
    {
        if (Header.Find(Hdf5MessageType.FillValue) is not { } message)
            return;
        var fields = new Hdf5Fields(File.Image, message.Data, $"the fill value of {Path}");
        byte version = fields.Version(1, 3);
        bool isDefined;
        if (version == 3)
        {
            isDefined = (fields.Byte() & 0x20) != 0;
        }
        else
        {
            fields.Skip(2);
            isDefined = fields.Byte() != 0;
        }

        if (!isDefined || fields.Left < 4 || fields.UInt32() is var size && size != _type.Size)
            return;
        ReadOnlySpan<byte> value = fields.Take(_type.Size);
        if (value.IndexOfAnyExcept((byte)0) < 0)
            return;
        for (int at = 0; at <= values.Length - value.Length; at += value.Length)
            value.CopyTo(values.AsSpan(at));
    }

    private Hdf5Message Required(Hdf5MessageType type, string what) =>
        Header.Find(type) ?? throw File.Image.Malformed((long)Math.Min(Header.Address, long.MaxValue), $"{Path} has no {what}");
}
