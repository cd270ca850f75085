using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Decant.Wire.Hdf5;

/// <summary>Makes tensors of stored elements.</summary>
internal static class Hdf5Values
{
    /// <summary>The tensor of bytes that hold all elements; not copied where they are numbers of this machine's byte order.</summary>
    public static Tensor Read(Hdf5Image image, Hdf5GlobalHeap heap, Hdf5Type type, Shape shape, BufferSlice bytes, string what)
    {
        long expected = ByteCount(image, type, shape, what);
        if (bytes.Length < expected)
            throw image.Malformed(bytes.Offset, $"{what} of shape {shape} has {expected} bytes, and {bytes.Length} are stored");
        bytes = bytes.Slice(0, expected);
        if (type.Kind == Hdf5Kind.Number)
            return new Tensor(type.DType, shape, type.IsBigEndian && type.Size > 1 ? Swapped(image, bytes, type.Size, what) : bytes);
        if (bytes.Length > Hdf5Limits.StructureBytes)
            throw WireErrors.Hdf5TooLarge.At(new Location(image.Bytes.Name, bytes.Offset), $"{what} has {bytes.Length} bytes of text, and {Hdf5Limits.StructureBytes} are allowed");
        var strings = new ReadOnlyMemory<byte>[expected / type.Size];
        var fields = new Hdf5Fields(image, bytes, what);
        if (type.Kind == Hdf5Kind.HeapText && type.Size != 8 + image.OffsetSize)
            throw fields.Malformed($"{what} refers to its texts by {type.Size} bytes, and {8 + image.OffsetSize} are expected");
        for (int i = 0; i < strings.Length; i++)
            strings[i] = type.Kind == Hdf5Kind.FixedText ? type.Trim(fields.Take(type.Size)) : heap.Text(ref fields);
        return new Tensor(shape, strings);
    }

    /// <summary>The bytes that all elements take.</summary>
    public static long ByteCount(Hdf5Image image, Hdf5Type type, Shape shape, string what)
    {
        if (type.DType == DType.Invalid)
            throw WireErrors.Hdf5Unsupported.At(new Location(image.Bytes.Name), $"{what} holds {type}, which no tensor has");
        return shape.TryElementCount(out long count) && count <= long.MaxValue / type.Size
            ? count * type.Size
            : throw WireErrors.Hdf5Malformed.At(new Location(image.Bytes.Name), $"{what} has the shape {shape}, whose elements no file can hold");
    }

    private static BufferSlice Swapped(Hdf5Image image, BufferSlice bytes, int size, string what)
    {
        byte[] target = image.Allocate(bytes.Length, what);
        switch (size)
        {
            case 2:
                BinaryPrimitives.ReverseEndianness(bytes.As<ushort>(), MemoryMarshal.Cast<byte, ushort>(target.AsSpan()));
                break;
            case 4:
                BinaryPrimitives.ReverseEndianness(bytes.As<uint>(), MemoryMarshal.Cast<byte, uint>(target.AsSpan()));
                break;
            default:
                BinaryPrimitives.ReverseEndianness(bytes.As<ulong>(), MemoryMarshal.Cast<byte, ulong>(target.AsSpan()));
                break;
        }

        return new BufferSlice(target);
    }
}
