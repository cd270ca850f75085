namespace Decant.Wire.Hdf5;

/// <summary>The start of a file: versions 0 and 1 name the root group by an entry of a symbol table, 2 and 3 by its address.</summary>
internal static class Hdf5Superblock
{
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    /// <summary>Where the superblock is: at 0, or behind a block of the user at 512 or a power of two times it; -1 when there is none.</summary>
    public static long Find(BufferSlice file)
    {
        for (long at = 0; at <= file.Length - Signature.Length; at = at == 0 ? 512 : at * 2)
        {
            if (file.Slice(at, Signature.Length).Span.SequenceEqual(Signature))
                return at;
        }

        return -1;
    }

    /// <summary>Reads it, and gives the bytes that addresses count from and the address of the root group's header.</summary>
    public static (Hdf5Image Image, ulong Root) Read(BufferSlice file)
    {
        long at = Find(file);
        if (at < 0)
            throw WireErrors.Hdf5Malformed.At(new Location(file.Name, 0), "an HDF5 file begins with \\x89HDF, and this does not", "fetch or write the file again");
        var plain = new Hdf5Image(file, 8, 8);
        Hdf5Fields fields = plain.Fields((ulong)at, 128, "the superblock", clip: true);
        fields.Skip(Signature.Length);
        byte version = fields.Version(0, 3);
        if (version < 2)
            fields.Skip(4);
        byte offsetSize = fields.Byte();
        byte lengthSize = fields.Byte();
        if (offsetSize is not (2 or 4 or 8) || lengthSize is not (2 or 4 or 8))
            throw fields.Malformed($"addresses have {offsetSize} bytes and lengths {lengthSize}, and 2, 4 or 8 are expected");
        fields.Skip(version < 2 ? 1 + 4 + 4 : 1);
        if (version == 1)
            fields.Skip(4);
        ulong start = fields.UInt(offsetSize);
        fields.Skip(offsetSize);
        ulong end = fields.UInt(offsetSize);
        if (version < 2)
            fields.Skip(offsetSize + offsetSize);
        ulong root = fields.UInt(offsetSize);
        if (start > (ulong)at)
            throw fields.Malformed($"addresses count from {start}, behind the superblock at {at}");
        if (end > (ulong)file.Length)
            throw WireErrors.Truncated.At(new Location(file.Name, file.Length), $"the file says that it has {end} bytes, and it has {file.Length}", "the file is cut off: fetch it again");
        return (new Hdf5Image(file.Slice((long)start), offsetSize, lengthSize), root);
    }
}
