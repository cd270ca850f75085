using Decant.Ops.Sampling;

namespace Decant.Ops.Images;

/// <summary>A rectangle of pixels; right and bottom are behind it.</summary>
internal readonly record struct PixelBox(int Left, int Top, int Right, int Bottom)
{
    public int Width => Right - Left;

    public int Height => Bottom - Top;

    public float Area => (float)((long)Width * Height);

    /// <summary>What two rectangles share; empty at the origin when nothing.</summary>
    public PixelBox Intersect(PixelBox other)
    {
        PixelBox shared = new(Math.Max(Left, other.Left), Math.Max(Top, other.Top), Math.Min(Right, other.Right), Math.Min(Bottom, other.Bottom));
        return shared.Left > shared.Right || shared.Top > shared.Bottom ? default : shared;
    }
}

/// <summary>Draws crops of an image of a range of aspect ratios (width / height) and areas (as parts of the image's).</summary>
internal sealed record CropSampler((float Least, float Most) Ratios, (float Least, float Most) Areas, int Attempts)
{
    /// <summary>The first crop that covers this part of one of the boxes, or null.</summary>
    public PixelBox? Sample(PixelBox image, List<PixelBox> boxes, float covered, PhiloxWords words)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            float ratio = (Variates.Float(words.Next()) * (Ratios.Most - Ratios.Least)) + Ratios.Least;
            if (Crop(image, ratio, ref words) is { } crop && crop.Area >= 1 && boxes.Exists(b => b.Area >= 1 && crop.Intersect(b).Area / b.Area >= covered))
                return crop;
        }

        return null;
    }

    private PixelBox? Crop(PixelBox image, float ratio, ref PhiloxWords words)
    {
        if (image.Width <= 0 || image.Height <= 0 || Areas.Least > Areas.Most)
            return null;
        float leastArea = Areas.Least * image.Width * image.Height, mostArea = Areas.Most * image.Width * image.Height;
        int height = Rounded(MathF.Sqrt(leastArea / ratio)), most = Rounded(MathF.Sqrt(mostArea / ratio));
        if (Rounded(most * ratio) > image.Width)
        {
            most = (int)((image.Width + 0.5 - 0.0000001f) / ratio);
            if (Rounded(most * ratio) > image.Width)
                most--;
        }

        most = Math.Min(most, image.Height);
        height = Math.Min(height, most);
        if (height < most)
            height += (int)Below(ref words, (uint)(most - height + 1));
        int width = Rounded(height * ratio);
        if ((float)((long)width * height) < leastArea)
            width = Rounded(++height * ratio);
        if ((float)((long)width * height) > mostArea)
            width = Rounded(--height * ratio);
        float area = (float)((long)width * height);
        if (area < leastArea || area > mostArea || width > image.Width || height > image.Height || width <= 0 || height <= 0)
            return null;
        int top = height < image.Height ? (int)Below(ref words, (uint)(image.Height - height)) : 0;
        int left = width < image.Width ? (int)Below(ref words, (uint)(image.Width - width)) : 0;
        return new PixelBox(left, top, left + width, top + height);
    }

    private static int Rounded(float value) => (int)MathF.Round(value, MidpointRounding.ToEven);

    // Rejects the words that would make some remainders more likely; a power of two takes the low bits.
    private static uint Below(ref PhiloxWords words, uint count)
    {
        if ((count & (count - 1)) == 0)
            return words.Next() & (count - 1);
        uint rejected = (uint.MaxValue % count) + 1, word;
        do
            word = words.Next();
        while (word < rejected);
        return word % count;
    }
}
