namespace Decant.Formats.TFLite;

/// <summary>How many bits elements take in a file: 4-bit and 2-bit integers are packed, the lowest bits first.</summary>
internal static class TensorBits
{
    /// <summary>Bits per element; 0 for types without bytes of a fixed size.</summary>
    public static int Of(DType dtype) => dtype switch
    {
        DType.Int4 or DType.UInt4 => 4,
        DType.Int2 => 2,
        _ => dtype.Size() * 8,
    };

    /// <summary>The bytes that elements take.</summary>
    public static long Bytes(DType dtype, long count)
    {
        int bits = Of(dtype);
        return bits < 8 ? ((count * bits) + 7) / 8 : count * (bits / 8);
    }

    /// <summary>Gives each packed element a byte of its own.</summary>
    public static Tensor Unpack(DType dtype, Shape shape, BufferSlice packed)
    {
        if (shape.ElementCount > Array.MaxLength)
            throw CoreErrors.TensorTooLarge.At(new Location(packed.Name, packed.Offset), $"a {dtype.Name()} tensor of shape {shape} has more than {Array.MaxLength} elements");
        byte[] elements = new byte[shape.ElementCount];
        ReadOnlySpan<byte> bytes = packed.Span;
        int bits = Of(dtype), perByte = 8 / bits, unused = 8 - bits;
        for (int i = 0; i < elements.Length; i++)
        {
            int raw = (bytes[i / perByte] >> (i % perByte * bits)) & ((1 << bits) - 1);
            elements[i] = dtype == DType.UInt4 ? (byte)raw : (byte)((sbyte)(raw << unused) >> unused);
        }

        return new Tensor(dtype, shape, new BufferSlice(elements));
    }

    /// <summary>Packs elements of a byte each.</summary>
    public static BufferSlice Pack(Tensor tensor)
    {
        int bits = Of(tensor.DType), perByte = 8 / bits;
        ReadOnlySpan<byte> elements = tensor.Data.Span;
        byte[] packed = new byte[Bytes(tensor.DType, elements.Length)];
        for (int i = 0; i < elements.Length; i++)
            packed[i / perByte] |= (byte)((elements[i] & ((1 << bits) - 1)) << (i % perByte * bits));
        return new BufferSlice(packed);
    }
}
