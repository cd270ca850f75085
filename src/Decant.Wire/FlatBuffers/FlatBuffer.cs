using System.Buffers.Binary;
using System.Text;

namespace Decant.Wire.FlatBuffers;

/// <summary>
/// A FlatBuffer: tables that refer to one another by 32-bit offsets. Every offset, length and terminator is checked when it is
/// followed, and all that a file can make a reader do is counted.
/// </summary>
public sealed class FlatBuffer
{
    /// <summary>As many tables as the format's own verifier allows.</summary>
    public const int MaxTables = 1_000_000;

    private const int IdentifierAt = 4;
    private const int SizeOfOffset = 4;

    // Vectors may overlap, so that a small file could ask for any number of elements: as many in all as this many files hold.
    private const long MaxReadings = 4;

    private readonly BufferSlice _bytes;
    private long _elementBytesLeft;
    private int _tablesLeft = MaxTables;

    /// <summary>The bytes of a buffer; what lies behind the first 2 GB cannot be reached by its offsets.</summary>
    public FlatBuffer(BufferSlice bytes)
    {
        _bytes = bytes.Slice(0, Math.Min(bytes.Length, int.MaxValue));
        _elementBytesLeft = Math.Max(bytes.Length, 1 << 16) * MaxReadings;
    }

    /// <summary>Whether bytes begin as a buffer with this identifier of four characters.</summary>
    public static bool HasIdentifier(ReadOnlySpan<byte> bytes, string identifier) =>
        bytes.Length >= IdentifierAt + SizeOfOffset && Encoding.ASCII.GetString(bytes.Slice(IdentifierAt, 4)) == identifier;

    /// <summary>The root table.</summary>
    /// <exception cref="ModelException">There is none inside the buffer.</exception>
    public FlatTable Root() => Table(Follow(0, "the root table"), "the root table");

    internal ReadOnlySpan<byte> Span => _bytes.Span;

    internal BufferSlice Slice(int offset, int length) => _bytes.Slice(offset, length);

    internal FlatTable Table(int at, string what)
    {
        if (--_tablesLeft < 0)
            throw Bad(at, $"there are more than {MaxTables} tables");
        Need(at, 4, what);
        long vtable = (long)at - BinaryPrimitives.ReadInt32LittleEndian(Span[at..]);
        if (vtable < 0 || vtable > Span.Length - 4)
            throw Bad(at, $"the layout of {what} is said to be at offset {vtable}, expected 0 to {Span.Length - 4}");
        int vtableAt = (int)vtable;
        int vtableSize = BinaryPrimitives.ReadUInt16LittleEndian(Span[vtableAt..]);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(Span[(vtableAt + 2)..]);
        if (vtableSize < 4 || vtableSize % 2 != 0 || vtableSize > Span.Length - vtableAt)
            throw Bad(vtableAt, $"the layout of {what} has {vtableSize} bytes, expected an even number of 4 to {Span.Length - vtableAt}");
        if (size < 4 || size > Span.Length - at)
            throw Bad(at, $"{what} has {size} bytes, expected 4 to {Span.Length - at}");
        return new FlatTable(this, at, vtableAt, vtableSize, size);
    }

    /// <summary>Where the offset that lies at a place leads.</summary>
    internal int Follow(int at, string what)
    {
        Need(at, SizeOfOffset, what);
        uint offset = BinaryPrimitives.ReadUInt32LittleEndian(Span[at..]);
        if (offset == 0 || offset > Span.Length - at - SizeOfOffset)
            throw Bad(at, $"the offset to {what} is {offset}, expected 1 to {Span.Length - at - SizeOfOffset}");
        return at + (int)offset;
    }

    /// <summary>The first element and the number of elements of a vector.</summary>
    internal (int First, int Count) Vector(int at, int elementSize, string what)
    {
        Need(at, SizeOfOffset, what);
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(Span[at..]);
        if (count > (Span.Length - at - SizeOfOffset) / elementSize)
            throw Bad(at, $"{what} has {count} elements of {elementSize} bytes, but {Span.Length - at - SizeOfOffset} bytes are left");
        return (at + SizeOfOffset, (int)count);
    }

    /// <summary>Counts elements that are copied out of the buffer.</summary>
    internal void Charge(int at, long bytes, string what)
    {
        if ((_elementBytesLeft -= bytes) < 0)
            throw Bad(at, $"{what} is one of vectors that overlap: together they have more than {MaxReadings} times the bytes of the file");
    }

    internal ModelException Bad(long at, string message) => WireErrors.BadFlatBuffer.At(new Location(_bytes.Name, _bytes.Offset + at), message);

    private void Need(int at, int bytes, string what)
    {
        if (at > Span.Length - bytes)
            throw Bad(at, $"{what} needs {bytes} bytes, but {Math.Max(0, Span.Length - at)} are left");
    }
}
