using System.Text;

namespace Decant.Wire.Hdf5;

/// <summary>The encodings of types, dataspaces and messages that are written: those of h5py's defaults.</summary>
internal static class Hdf5Encoding
{
    /// <summary>A message's size is a multiple of 8 in 16 bits.</summary>
    public const int MessageLimit = 65528;

    private const long Undefined = -1;

    /// <summary>The datatype message of an element type; text has the fixed length given.</summary>
    public static byte[] Type(DType dtype, int textBytes, string what) => dtype switch
    {
        DType.Float16 => Float(2, 0x0F, 16, 10, 5, 10, 15),
        DType.Float32 => Float(4, 0x1F, 32, 23, 8, 23, 127),
        DType.Float64 => Float(8, 0x3F, 64, 52, 11, 52, 1023),
        DType.Int8 => Integer(1, true),
        DType.UInt8 => Integer(1, false),
        DType.Int16 => Integer(2, true),
        DType.UInt16 => Integer(2, false),
        DType.Int32 => Integer(4, true),
        DType.UInt32 => Integer(4, false),
        DType.Int64 => Integer(8, true),
        DType.UInt64 => Integer(8, false),
        DType.Bool => new Hdf5Bytes().Raw(0x18, 2, 0, 0).UInt32(1).Raw(Integer(1, true)).Raw("FALSE\0\0\0"u8).Raw("TRUE\0\0\0\0"u8).Raw(0, 1).ToArray(),
        DType.String => new Hdf5Bytes().Raw(0x13, 0x11, 0, 0).UInt32(textBytes).ToArray(),
        _ => throw WireErrors.Hdf5Unsupported.At(null, $"{what} is of type {dtype.Name()}, which HDF5 files do not hold", "convert it to float32 first"),
    };

    /// <summary>Text of any length, in UTF-8, in a global heap.</summary>
    public static byte[] HeapText => new Hdf5Bytes().Raw(0x19, 1, 1, 0).UInt32(16).Raw(0x10, 0, 0, 0).UInt32(1).Raw(0, 0, 8, 0).ToArray();

    public static byte[] Space(Shape shape)
    {
        var bytes = new Hdf5Bytes().Raw(1, (byte)shape.Rank, (byte)(shape.Rank > 0 ? 1 : 0), 0).UInt32(0);
        for (int twice = 0; twice < 2; twice++)
        {
            foreach (long dim in shape.Dims)
                bytes.UInt64(dim);
        }

        return bytes.ToArray();
    }

    /// <summary>The values of a string tensor, each padded with zeros to the length of the longest; and that length.</summary>
    public static (byte[] Bytes, int Each) Texts(Tensor value)
    {
        int each = 1;
        foreach (ReadOnlyMemory<byte> text in value.Strings)
            each = Math.Max(each, text.Length);
        byte[] bytes = new byte[checked(each * value.Strings.Length)];
        for (int i = 0; i < value.Strings.Length; i++)
            value.Strings[i].Span.CopyTo(bytes.AsSpan(i * each));
        return (bytes, each);
    }

    /// <summary>A version 1 attribute: name, type and dataspace each padded to 8 bytes.</summary>
    public static byte[] Attribute(string name, byte[] type, byte[] space, ReadOnlySpan<byte> data, string path)
    {
        byte[] text = Encoding.UTF8.GetBytes(name + "\0");
        byte[] message = new Hdf5Bytes().Raw(1, 0).UInt16(text.Length).UInt16(type.Length).UInt16(space.Length)
            .Raw(text).Pad8().Raw(type).Pad8().Raw(space).Pad8().Raw(data).Pad8().ToArray();
        return message.Length <= MessageLimit
            ? message
            : throw WireErrors.Hdf5TooLarge.At(null, $"attribute '{name}' of {path} takes {message.Length} bytes, and {MessageLimit} are the most", "store it as a dataset");
    }

    public static byte[] Layout(long address, long length) => new Hdf5Bytes().Raw(3, 1).UInt64(length == 0 ? Undefined : address).UInt64(length).Pad8().ToArray();

    /// <summary>A version 1 header of one block.</summary>
    public static byte[] Header(IReadOnlyList<(Hdf5MessageType Type, byte Flags, byte[] Data)> messages)
    {
        var block = new Hdf5Bytes();
        foreach ((Hdf5MessageType type, byte flags, byte[] data) in messages)
            block.UInt16((int)type).UInt16((data.Length + 7) / 8 * 8).Raw(flags, 0, 0, 0).Raw(data).Pad8();
        return new Hdf5Bytes().Raw(1, 0).UInt16(messages.Count).UInt32(1).UInt32(block.Length).UInt32(0).Raw(block.ToArray()).ToArray();
    }

    private static byte[] Float(int size, byte sign, int bits, byte exponentAt, byte exponent, byte mantissa, int bias) =>
        new Hdf5Bytes().Raw(0x11, 0x20, sign, 0).UInt32(size).UInt16(0).UInt16(bits).Raw(exponentAt, exponent, 0, mantissa).UInt32(bias).ToArray();

    private static byte[] Integer(int size, bool signed) => new Hdf5Bytes().Raw(0x10, (byte)(signed ? 8 : 0), 0, 0).UInt32(size).UInt16(0).UInt16(size * 8).ToArray();
}
