namespace Decant.Wire.Images;

/// <summary>A plane of an image that is written as a JPEG, in its own resolution.</summary>
internal sealed class JpegSamples(int width, int height, byte[] samples)
{
    /// <summary>The gray plane, or luma and the two colours, these averaged over <paramref name="factor"/> x <paramref name="factor"/> pixels.</summary>
    public static JpegSamples[] Of(Raster image, int factor)
    {
        int pixels = image.Width * image.Height;
        var planes = new byte[image.Channels][];
        for (int p = 0; p < planes.Length; p++)
            planes[p] = new byte[pixels];
        for (int i = 0; i < pixels; i++)
        {
            if (image.Channels == 1)
            {
                planes[0][i] = (byte)image.Samples[i];
                continue;
            }

            int r = image.Samples[3 * i], g = image.Samples[(3 * i) + 1], b = image.Samples[(3 * i) + 2];
            planes[0][i] = (byte)JpegColors.Luma(r, g, b);
            planes[1][i] = (byte)(((-11059 * r) - (21709 * g) + (32768 * b) + (128 << 16) + 32767) >> 16);
            planes[2][i] = (byte)(((32768 * r) - (27439 * g) - (5329 * b) + (128 << 16) + 32767) >> 16);
        }

        return [.. planes.Select((samples, p) => p == 0 || factor == 1 ? new JpegSamples(image.Width, image.Height, samples) : Halved(image.Width, image.Height, samples))];
    }

    /// <summary>The 64 samples from a position on, less 128; beyond the border, those at the border.</summary>
    public void Block(int x, int y, Span<int> block)
    {
        for (int i = 0; i < 64; i++)
            block[i] = samples[(Math.Min(y + (i / 8), height - 1) * width) + Math.Min(x + (i % 8), width - 1)] - 128;
    }

    // Halves are rounded down and up in turn, so that they balance.
    private static JpegSamples Halved(int width, int height, byte[] samples)
    {
        (int across, int down) = ((width + 1) / 2, (height + 1) / 2);
        byte[] halved = new byte[across * down];
        for (int y = 0; y < down; y++)
        {
            int upper = 2 * y * width, lower = Math.Min((2 * y) + 1, height - 1) * width;
            for (int x = 0; x < across; x++)
            {
                int left = 2 * x, right = Math.Min(left + 1, width - 1);
                halved[(y * across) + x] = (byte)((samples[upper + left] + samples[upper + right] + samples[lower + left] + samples[lower + right] + 1 + (x % 2)) >> 2);
            }
        }

        return new JpegSamples(across, down, halved);
    }
}
