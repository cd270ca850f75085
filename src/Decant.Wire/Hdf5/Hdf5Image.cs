namespace Decant.Wire.Hdf5;

/// <summary>The bytes that addresses of a file count from, the widths of its addresses and lengths, and what was read of it so far.</summary>
internal sealed class Hdf5Image(BufferSlice bytes, int offsetSize, int lengthSize)
{
    /// <summary>The address of what does not exist.</summary>
    public const ulong Undefined = ulong.MaxValue;

    private int _structures;
    private long _unpacked;

    public BufferSlice Bytes { get; } = bytes;

    public int OffsetSize { get; } = offsetSize;

    public int LengthSize { get; } = lengthSize;

    /// <summary>A range of the file.</summary>
    public BufferSlice Slice(ulong address, ulong length, string what)
    {
        if (address > (ulong)Bytes.Length || length > (ulong)Bytes.Length - address)
        {
            throw WireErrors.Truncated.At(
                new Location(Bytes.Name, address < long.MaxValue ? (long)address : null),
                $"{what} has {length} bytes at {address}, and the file ends at {Bytes.Length}",
                "the file is cut off or damaged: fetch it again");
        }

        return Bytes.Slice((long)address, (long)length);
    }

    /// <summary>The fields of a structure of at most so many bytes, fewer at the end of the file. Counts the structure.</summary>
    public Hdf5Fields Fields(ulong address, ulong length, string what, bool clip = false)
    {
        if (++_structures > Hdf5Limits.Structures)
            throw WireErrors.Hdf5TooLarge.At(new Location(Bytes.Name), $"the file has more than the {Hdf5Limits.Structures} headers, nodes and blocks that are allowed");
        if (clip && address <= (ulong)Bytes.Length)
            length = Math.Min(length, (ulong)Bytes.Length - address);
        if (length > Hdf5Limits.StructureBytes)
            throw WireErrors.Hdf5TooLarge.At(new Location(Bytes.Name, (long)Math.Min(address, long.MaxValue)), $"{what} says that it has {length} bytes, and {Hdf5Limits.StructureBytes} are allowed");
        return new Hdf5Fields(this, Slice(address, length, what), what);
    }

    /// <summary>Counts bytes that are to be unpacked or made, before they are.</summary>
    public void Unpack(long bytes, string what)
    {
        long allowed = Hdf5Limits.RatioFreeBytes + (Bytes.Length > long.MaxValue / Hdf5Limits.Ratio / 2 ? long.MaxValue / 2 : Bytes.Length * Hdf5Limits.Ratio);
        if (bytes > allowed - _unpacked)
            throw WireErrors.Hdf5TooLarge.At(new Location(Bytes.Name), $"{what} has {bytes} bytes that are packed in a file of {Bytes.Length}, and {allowed} may be unpacked in all");
        _unpacked += bytes;
    }

    /// <summary>Zeroed memory for values that do not lie together in the file.</summary>
    public byte[] Allocate(long bytes, string what)
    {
        if (bytes > Array.MaxLength)
            throw WireErrors.Hdf5TooLarge.At(new Location(Bytes.Name), $"{what} has {bytes} bytes that do not lie together, and {Array.MaxLength} can be put together", "write it again without chunks, which are then not copied");
        Unpack(bytes, what);
        return new byte[bytes];
    }

    public ModelException Malformed(long offset, string message) => WireErrors.Hdf5Malformed.At(new Location(Bytes.Name, offset), message, "the file is damaged: fetch it again");

    public ModelException Unsupported(long offset, string message) => WireErrors.Hdf5Unsupported.At(new Location(Bytes.Name, offset), message, "write the file again with h5py's defaults");
}
