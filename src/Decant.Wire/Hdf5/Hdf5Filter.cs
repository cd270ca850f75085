using System.Buffers.Binary;
using System.IO.Compression;

namespace Decant.Wire.Hdf5;

/// <summary>What chunks went through when they were written; undone in the other order.</summary>
internal sealed record Hdf5Filter(int Id, uint[] Values)
{
    private const int Deflate = 1;
    private const int Shuffle = 2;
    private const int Fletcher32 = 3;
    private const int Most = 32;

    public static Hdf5Filter[] Read(Hdf5Fields fields)
    {
        byte version = fields.Version(1, 2);
        int count = fields.Byte();
        if (count > Most)
            throw fields.Malformed($"there are {count} filters, and {Most} are the most");
        if (version == 1)
            fields.Skip(6);
        var filters = new Hdf5Filter[count];
        for (int i = 0; i < count; i++)
        {
            ushort id = fields.UInt16();
            int nameLength = version == 1 || id >= 256 ? fields.UInt16() : 0;
            fields.Skip(2);
            int values = fields.UInt16();
            fields.Skip(version == 1 ? (nameLength + 7) / 8 * 8 : nameLength);
            uint[] numbers = new uint[values];
            for (int v = 0; v < values; v++)
                numbers[v] = fields.UInt32();
            if (version == 1 && values % 2 != 0)
                fields.Skip(4);
            filters[i] = new Hdf5Filter(id, numbers);
        }

        return filters;
    }

    /// <summary>Undoes the filters of a chunk that unpacks to so many bytes.</summary>
    public static byte[] Undo(Hdf5Image image, IReadOnlyList<Hdf5Filter> filters, uint mask, BufferSlice stored, long unpacked, string what)
    {
        byte[] bytes = stored.ToArray();
        for (int i = filters.Count - 1; i >= 0; i--)
        {
            if ((mask >> i & 1) != 0)
                continue;
            bytes = filters[i].Id switch
            {
                Deflate => Inflated(image, stored, bytes, unpacked, what),
                Shuffle => Unshuffled(bytes, filters[i].Values is [var size, ..] ? size : 1),
                Fletcher32 => Checked(image, stored, bytes, what),
                _ => throw image.Unsupported(stored.Offset, $"a chunk of {what} went through filter {filters[i].Id}, and 1 (gzip), 2 (shuffle) and 3 (fletcher32) are read"),
            };
        }

        return bytes;
    }

    // Filters before gzip may add 4 bytes of checksum to the chunk.
    private static byte[] Inflated(Hdf5Image image, BufferSlice stored, byte[] bytes, long unpacked, string what)
    {
        byte[] target = new byte[unpacked + 4];
        int read;
        int more;
        try
        {
            using var stream = new ZLibStream(new MemoryStream(bytes), CompressionMode.Decompress);
            read = stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
            more = stream.ReadByte();
        }
        catch (InvalidDataException e)
        {
            throw image.Malformed(stored.Offset, $"a chunk of {what} cannot be unpacked ({e.Message.TrimEnd('.')})");
        }

        if (more >= 0)
            throw WireErrors.Hdf5TooLarge.At(new Location(image.Bytes.Name, stored.Offset), $"a chunk of {what} unpacks to more than its {unpacked} bytes");
        return target[..read];
    }

    /// <summary>First bytes of all elements, then second bytes, and so on; what does not fill an element stays.</summary>
    private static byte[] Unshuffled(byte[] bytes, uint size)
    {
        if (size <= 1 || size > bytes.Length)
            return bytes;
        byte[] target = new byte[bytes.Length];
        int width = (int)size;
        int count = bytes.Length / width;
        for (int b = 0; b < width; b++)
        {
            ReadOnlySpan<byte> plane = bytes.AsSpan(b * count, count);
            for (int i = 0, at = b; i < count; i++, at += width)
                target[at] = plane[i];
        }

        bytes.AsSpan(count * width).CopyTo(target.AsSpan(count * width));
        return target;
    }

    private static byte[] Checked(Hdf5Image image, BufferSlice stored, byte[] bytes, string what)
    {
        if (bytes.Length < 4)
            throw image.Malformed(stored.Offset, $"a chunk of {what} has {bytes.Length} bytes, too few for its checksum");
        uint expected = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(bytes.Length - 4));
        uint found = Fletcher(bytes.AsSpan(0, bytes.Length - 4));
        return found == expected
            ? bytes[..^4]
            : throw image.Malformed(stored.Offset, $"a chunk of {what} has the checksum {found:x8}, and {expected:x8} is stored with it");
    }

    /// <summary>Fletcher's checksum of 16-bit big-endian words, as HDF5 computes it.</summary>
    internal static uint Fletcher(ReadOnlySpan<byte> bytes)
    {
        (uint low, uint high) = (0, 0);
        for (int i = 0; i < bytes.Length; i += 2)
        {
            uint word = (uint)(bytes[i] << 8) | (i + 1 < bytes.Length ? bytes[i + 1] : 0u);
            low = (low + word) % 65535;
            high = (high + low) % 65535;
        }

        return (high << 16) | low;
    }
}
