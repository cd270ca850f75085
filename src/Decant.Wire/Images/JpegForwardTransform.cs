namespace Decant.Wire.Images;

/// <summary>
/// The cosine transform of an 8x8 block in integers of 13 fraction bits, rows (kept with 2 more bits), then columns, and its quantization: the
/// inverse of <see cref="JpegTransform"/>, rounded as libjpeg's accurate integer method does. The transform alone is 8 times too large.
/// </summary>
internal static class JpegForwardTransform
{
    private const int FractionBits = 13;
    private const int RowBits = 2;

    /// <summary>Replaces samples by quantized coefficients, both in rows.</summary>
    public static void Run(Span<int> block, ReadOnlySpan<byte> quantization)
    {
        for (int row = 0; row < 8; row++)
            Line(block, row * 8, 1, RowBits, FractionBits - RowBits);
        for (int column = 0; column < 8; column++)
            Line(block, column, 8, -RowBits, FractionBits + RowBits);
        for (int i = 0; i < 64; i++)
        {
            int divisor = quantization[i] << 3, magnitude = (Math.Abs(block[i]) + (divisor >> 1)) / divisor;
            block[i] = block[i] < 0 ? -magnitude : magnitude;
        }
    }

    private static void Line(Span<int> x, int at, int step, int evenShift, int shift)
    {
        int s07 = x[at] + x[at + (7 * step)], d07 = x[at] - x[at + (7 * step)];
        int s16 = x[at + step] + x[at + (6 * step)], d16 = x[at + step] - x[at + (6 * step)];
        int s25 = x[at + (2 * step)] + x[at + (5 * step)], d25 = x[at + (2 * step)] - x[at + (5 * step)];
        int s34 = x[at + (3 * step)] + x[at + (4 * step)], d34 = x[at + (3 * step)] - x[at + (4 * step)];
        int e0 = s07 + s34, e3 = s07 - s34, e1 = s16 + s25, e2 = s16 - s25;
        x[at] = evenShift > 0 ? (e0 + e1) << evenShift : Rounded(e0 + e1, -evenShift);
        x[at + (4 * step)] = evenShift > 0 ? (e0 - e1) << evenShift : Rounded(e0 - e1, -evenShift);
        int z = (e2 + e3) * 4433;
        x[at + (2 * step)] = Rounded(z + (e3 * 6270), shift);
        x[at + (6 * step)] = Rounded(z - (e2 * 15137), shift);
        int z5 = (d34 + d16 + d25 + d07) * 9633;
        int z1 = (d34 + d07) * -7373, z2 = (d25 + d16) * -20995, z3 = ((d34 + d16) * -16069) + z5, z4 = ((d25 + d07) * -3196) + z5;
        x[at + (7 * step)] = Rounded((d34 * 2446) + z1 + z3, shift);
        x[at + (5 * step)] = Rounded((d25 * 16819) + z2 + z4, shift);
        x[at + (3 * step)] = Rounded((d16 * 25172) + z2 + z3, shift);
        x[at + step] = Rounded((d07 * 12299) + z1 + z4, shift);
    }

    private static int Rounded(int value, int shift) => (value + (1 << (shift - 1))) >> shift;
}
