using System.Numerics;

namespace Decant.Wire.Images;

/// <summary>Writes the Huffman codes of a scan.</summary>
internal sealed class JpegBitWriter(Stream file)
{
    private const int ZeroRun = 0xF0;

    private uint _bits;
    private int _count;

    /// <summary>Writes a block of coefficients in rows; the first is written as the difference to that of the block before.</summary>
    public void Block(ReadOnlySpan<int> block, ref int last, JpegCodes codes)
    {
        Value(codes.Dc, 0, block[0] - last);
        last = block[0];
        int zeros = 0;
        for (int k = 1; k < 64; k++)
        {
            int value = block[JpegScan.Zigzag[k]];
            if (value == 0)
            {
                zeros++;
                continue;
            }

            for (; zeros > 15; zeros -= 16)
                Put(codes.Ac[ZeroRun]);
            Value(codes.Ac, zeros, value);
            zeros = 0;
        }

        if (zeros > 0)
            Put(codes.Ac[0]);
    }

    /// <summary>Fills the last byte with ones.</summary>
    public void Flush() => Put((0x7F, 7));

    private void Value(JpegCodeTable codes, int zeros, int value)
    {
        int bits = 32 - BitOperations.LeadingZeroCount((uint)Math.Abs(value));
        Put(codes[(zeros << 4) | bits]);
        if (bits > 0)
            Put(((ushort)((value < 0 ? value - 1 : value) & ((1 << bits) - 1)), (byte)bits));
    }

    private void Put((ushort Code, byte Length) code)
    {
        _bits = (_bits << code.Length) | code.Code;
        for (_count += code.Length; _count >= 8; _count -= 8)
        {
            byte next = (byte)(_bits >> (_count - 8));
            file.WriteByte(next);
            if (next == 0xFF)
                file.WriteByte(0);
        }
    }
}
