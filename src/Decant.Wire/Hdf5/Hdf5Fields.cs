using System.Buffers.Binary;
using System.Text;

namespace Decant.Wire.Hdf5;

/// <summary>Reads the fields of one structure in order; each read is checked against its end.</summary>
internal ref struct Hdf5Fields
{
    private readonly ReadOnlySpan<byte> _span;
    private readonly string _what;

    public Hdf5Fields(Hdf5Image image, BufferSlice bytes, string what)
    {
        if (bytes.Length > Hdf5Limits.StructureBytes)
            throw WireErrors.Hdf5TooLarge.At(new Location(bytes.Name, bytes.Offset), $"{what} has {bytes.Length} bytes, and {Hdf5Limits.StructureBytes} are allowed");
        (Image, Bytes, _what) = (image, bytes, what);
        _span = bytes.Span;
    }

    public Hdf5Image Image { get; }

    public BufferSlice Bytes { get; }

    /// <summary>Where the next field begins in the structure.</summary>
    public int At { get; private set; }

    public readonly int Left => _span.Length - At;

    /// <summary>Where the next field begins in the file.</summary>
    public readonly long FileOffset => Bytes.Offset + At;

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>A little-endian number of 0 to 8 bytes.</summary>
    public ulong UInt(int bytes)
    {
        ulong value = 0;
        ReadOnlySpan<byte> span = Take(bytes);
        for (int i = bytes - 1; i >= 0; i--)
            value = (value << 8) | span[i];
        return value;
    }

    /// <summary>An address; all bits set, in whatever width, is <see cref="Hdf5Image.Undefined"/>.</summary>
    public ulong Address()
    {
        ulong value = UInt(Image.OffsetSize);
        return Image.OffsetSize < 8 && value == (1UL << (8 * Image.OffsetSize)) - 1 ? Hdf5Image.Undefined : value;
    }

    public ulong Length() => UInt(Image.LengthSize);

    public void Skip(int bytes) => Take(bytes);

    /// <summary>Skips to a multiple of 8 from the structure's start, or to its end.</summary>
    public void Align8() => At = (int)Math.Min(_span.Length, (At + 7L) / 8 * 8);

    public ReadOnlySpan<byte> Take(long bytes)
    {
        if (bytes < 0 || bytes > Left)
            throw Malformed($"{_what} is cut off: {bytes} bytes are expected, and {Left} are left");
        ReadOnlySpan<byte> taken = _span.Slice(At, (int)bytes);
        At += (int)bytes;
        return taken;
    }

    /// <summary>The next bytes as a slice of the file.</summary>
    public BufferSlice Slice(long bytes)
    {
        int at = At;
        Take(bytes);
        return Bytes.Slice(at, bytes);
    }

    /// <summary>Text up to a zero byte, which is skipped too, or to the end.</summary>
    public string Text()
    {
        int end = _span[At..].IndexOf((byte)0);
        string text = Encoding.UTF8.GetString(Take(end < 0 ? Left : end));
        if (end >= 0)
            Skip(1);
        return text;
    }

    public void Signature(ReadOnlySpan<byte> expected)
    {
        if (!Take(expected.Length).SequenceEqual(expected))
            throw Malformed($"{_what} does not begin with {Encoding.ASCII.GetString(expected)}");
    }

    /// <summary>The next byte must be the version of the structure.</summary>
    public byte Version(byte lowest, byte highest)
    {
        byte version = Byte();
        if (version < lowest || version > highest)
            throw Image.Unsupported(FileOffset - 1, $"{_what} has version {version}, and {lowest} to {highest} are read");
        return version;
    }

    public readonly ModelException Malformed(string message) => Image.Malformed(FileOffset, message);
}
