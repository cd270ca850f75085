namespace Decant.Wire.Images;

/// <summary>The quantization and Huffman tables that ITU-T T.81, annex K, gives as examples and every encoder uses.</summary>
internal static class JpegTables
{
    /// <summary>For luma, in rows.</summary>
    public static byte[] Luma { get; } =
    [
        16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55,
        14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92,
        49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
    ];

    /// <summary>For the colours, in rows.</summary>
    public static byte[] Chroma { get; } =
    [
        17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99,
        24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    ];

    public static JpegCodes LumaCodes { get; } = new(
        new("00010501010101010100000000000000", "000102030405060708090A0B"),
        new(
            "0002010303020403050504040000017D",
            "01020300041105122131410613516107227114328191A1082342B1C11552D1F02433627282090A161718191A25262728292A3435363738393A434445464748494A535455565758595A"
            + "636465666768696A737475767778797A838485868788898A92939495969798999AA2A3A4A5A6A7A8A9AAB2B3B4B5B6B7B8B9BAC2C3C4C5C6C7C8C9CAD2D3D4D5D6D7D8D9DA"
            + "E1E2E3E4E5E6E7E8E9EAF1F2F3F4F5F6F7F8F9FA"));

    public static JpegCodes ChromaCodes { get; } = new(
        new("00030101010101010101010000000000", "000102030405060708090A0B"),
        new(
            "00020102040403040705040400010277",
            "000102031104052131061241510761711322328108144291A1B1C109233352F0156272D10A162434E125F11718191A262728292A35363738393A434445464748494A535455565758595A"
            + "636465666768696A737475767778797A82838485868788898A92939495969798999AA2A3A4A5A6A7A8A9AAB2B3B4B5B6B7B8B9BAC2C3C4C5C6C7C8C9CAD2D3D4D5D6D7D8D9DA"
            + "E2E3E4E5E6E7E8E9EAF2F3F4F5F6F7F8F9FA"));

    /// <summary>A table for a quality of 1 to 100.</summary>
    public static byte[] Scaled(byte[] table, int quality)
    {
        quality = Math.Clamp(quality, 1, 100);
        int percent = quality < 50 ? 5000 / quality : 200 - (2 * quality);
        return Array.ConvertAll(table, v => (byte)Math.Clamp(((v * percent) + 50) / 100, 1, 255));
    }
}

/// <summary>The codes of the first coefficients of blocks and of the others.</summary>
internal sealed record JpegCodes(JpegCodeTable Dc, JpegCodeTable Ac);

/// <summary>A Huffman table to write with.</summary>
internal sealed class JpegCodeTable
{
    private readonly (ushort Code, byte Length)[] _codes = new (ushort, byte)[256];

    /// <summary>A table by the number of codes of each length from 1 to 16, and the symbols in the order of their codes; both in hexadecimal.</summary>
    public JpegCodeTable(string counts, string symbols)
    {
        Segment = Convert.FromHexString(counts + symbols);
        for (int length = 1, code = 0, at = 16; length <= 16; length++, code <<= 1)
        {
            for (int i = 0; i < Segment[length - 1]; i++)
                _codes[Segment[at++]] = ((ushort)code++, (byte)length);
        }
    }

    /// <summary>What the file's segment says of the table: counts, then symbols.</summary>
    public byte[] Segment { get; }

    /// <summary>The code of a symbol.</summary>
    public (ushort Code, byte Length) this[int symbol] => _codes[symbol];
}
