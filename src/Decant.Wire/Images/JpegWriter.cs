using System.Buffers.Binary;

namespace Decant.Wire.Images;

/// <summary>What a JPEG file is written with.</summary>
/// <param name="Quality">1 to 100: scales the quantization tables of the standard as libjpeg does.</param>
/// <param name="Subsamples">Whether the colours of four pixels share one value.</param>
/// <param name="DensityUnit">1: the densities are per inch, 2: per centimetre.</param>
/// <param name="DensityX">Pixels per unit across.</param>
/// <param name="DensityY">Pixels per unit down.</param>
/// <param name="Xmp">Metadata to embed, or empty.</param>
public readonly record struct JpegSettings(int Quality, bool Subsamples, byte DensityUnit = 1, ushort DensityX = 300, ushort DensityY = 300, ReadOnlyMemory<byte> Xmp = default);

/// <summary>
/// Writes baseline JPEG files, gray or YCbCr, with the standard's Huffman tables; colours, transform and quantization are rounded as
/// libjpeg's accurate integer method does.
/// </summary>
public static class JpegWriter
{
    private const int BlockSize = 8;

    /// <summary>An image of one frame and 1 or 3 channels of 8 bits as a file.</summary>
    public static byte[] Write(Raster image, in JpegSettings settings)
    {
        if (image.Width > ushort.MaxValue || image.Height > ushort.MaxValue)
            throw ImageFault.At(0, $"is an image of {image.Width} x {image.Height} pixels, expected at most {ushort.MaxValue} across and down");
        using var file = new MemoryStream();
        bool isGray = image.Channels == 1;
        int quality = settings.Quality;
        byte[][] quantization = [.. (isGray ? [JpegTables.Luma] : new[] { JpegTables.Luma, JpegTables.Chroma }).Select(t => JpegTables.Scaled(t, quality))];
        Header(file, image, settings, quantization);
        int factor = isGray || !settings.Subsamples ? 1 : 2;
        JpegSamples[] planes = JpegSamples.Of(image, factor);
        var bits = new JpegBitWriter(file);
        Span<int> block = stackalloc int[BlockSize * BlockSize];
        int unit = BlockSize * factor;
        int[] last = new int[planes.Length];
        for (int y = 0; y < image.Height; y += unit)
        {
            for (int x = 0; x < image.Width; x += unit)
            {
                for (int p = 0; p < planes.Length; p++)
                {
                    int blocks = p == 0 ? factor : 1, scale = p == 0 ? 1 : factor;
                    for (int b = 0; b < blocks * blocks; b++)
                    {
                        planes[p].Block((x / scale) + (b % blocks * BlockSize), (y / scale) + (b / blocks * BlockSize), block);
                        JpegForwardTransform.Run(block, quantization[Math.Min(p, 1)]);
                        bits.Block(block, ref last[p], p == 0 ? JpegTables.LumaCodes : JpegTables.ChromaCodes);
                    }
                }
            }
        }

        bits.Flush();
        file.Write([0xFF, 0xD9]);
        return file.ToArray();
    }

    private static void Header(Stream file, Raster image, in JpegSettings settings, byte[][] quantization)
    {
        file.Write([0xFF, 0xD8]);
        Span<byte> jfif = [(byte)'J', (byte)'F', (byte)'I', (byte)'F', 0, 1, 1, settings.DensityUnit, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(jfif[8..], settings.DensityX);
        BinaryPrimitives.WriteUInt16BigEndian(jfif[10..], settings.DensityY);
        Segment(file, 0xE0, jfif);
        if (!settings.Xmp.IsEmpty)
            Segment(file, 0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. settings.Xmp.Span]);
        for (int i = 0; i < quantization.Length; i++)
        {
            byte[] table = new byte[65];
            table[0] = (byte)i;
            for (int k = 0; k < 64; k++)
                table[1 + k] = quantization[i][JpegScan.Zigzag[k]];
            Segment(file, 0xDB, table);
        }

        byte[] frame = [8, (byte)(image.Height >> 8), (byte)image.Height, (byte)(image.Width >> 8), (byte)image.Width, (byte)image.Channels];
        byte luma = (byte)(image.Channels == 3 && settings.Subsamples ? 0x22 : 0x11);
        Segment(file, 0xC0, image.Channels == 1 ? [.. frame, 1, luma, 0] : [.. frame, 1, luma, 0, 2, 0x11, 1, 3, 0x11, 1]);
        for (int i = 0; i < quantization.Length; i++)
        {
            JpegCodes codes = i == 0 ? JpegTables.LumaCodes : JpegTables.ChromaCodes;
            Segment(file, 0xC4, [(byte)i, .. codes.Dc.Segment]);
            Segment(file, 0xC4, [(byte)(0x10 | i), .. codes.Ac.Segment]);
        }

        Segment(file, 0xDA, image.Channels == 1 ? [1, 1, 0, 0, 63, 0] : [3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0]);
    }

    private static void Segment(Stream file, byte marker, ReadOnlySpan<byte> content)
    {
        if (content.Length > ushort.MaxValue - 2)
            throw ImageFault.At(file.Position, $"has a segment of {content.Length} bytes, expected at most {ushort.MaxValue - 2}");
        file.Write([0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2)]);
        file.Write(content);
    }
}
