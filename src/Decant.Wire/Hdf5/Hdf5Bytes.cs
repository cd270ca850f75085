using System.Buffers.Binary;

namespace Decant.Wire.Hdf5;

/// <summary>Collects the fields of a structure that is written.</summary>
internal sealed class Hdf5Bytes
{
    private readonly List<byte> _bytes = [];

    public int Length => _bytes.Count;

    public Hdf5Bytes Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public Hdf5Bytes UInt16(int value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, checked((ushort)value));
        return Raw(bytes);
    }

    public Hdf5Bytes UInt32(long value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, checked((uint)value));
        return Raw(bytes);
    }

    public Hdf5Bytes UInt64(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Raw(bytes);
    }

    public Hdf5Bytes Zeros(int count)
    {
        for (int i = 0; i < count; i++)
            _bytes.Add(0);
        return this;
    }

    /// <summary>Zeros up to a multiple of 8.</summary>
    public Hdf5Bytes Pad8() => Zeros((8 - (Length % 8)) % 8);

    public byte[] ToArray() => [.. _bytes];
}
