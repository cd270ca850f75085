namespace Decant.Kernels.Conv;

/// <summary>
/// Small images are copied into their padding before a convolution: then no window reaches over an edge, where it costs more to put one together than to
/// multiply it.
/// </summary>
internal static unsafe class PaddedImage
{
    /// <summary>Values, with padding, that stay in the L2 cache: 256 KB.</summary>
    private const int MostValues = 65536;

    /// <summary>The same for several threads, which wait for the copy: 64 KB.</summary>
    private const int MostShared = 16384;

    public static bool Fits(in ConvGeometry geometry, int threads) =>
        geometry.OutputPixels > 0 && geometry.Depth == WindowAxis.One && (IsPadded(geometry.Height) || IsPadded(geometry.Width))
        && (long)geometry.Batch * Size(geometry.Height) * Size(geometry.Width) * geometry.InChannels <= (threads > 1 ? MostShared : MostValues);

    /// <summary>The images within zeros, in this thread's scratch memory, and the geometry that reads them.</summary>
    public static float* Make(float* x, ref ConvGeometry geometry)
    {
        WindowAxis height = geometry.Height, width = geometry.Width;
        int rows = Size(height), line = Size(width) * geometry.InChannels, before = Math.Min(line, width.PadBefore * geometry.InChannels);
        int copied = Math.Min(width.Input * geometry.InChannels, line - before);
        float* padded = Scratch.Get<float>((long)geometry.Batch * rows * line, 1);
        float* to = padded;
        for (int image = 0; image < geometry.Batch; image++)
        {
            for (int row = 0; row < rows; row++, to += line)
            {
                int from = row - height.PadBefore;
                Span<float> target = new(to, line);
                if ((uint)from >= (uint)height.Input)
                {
                    target.Clear();
                    continue;
                }

                target[..before].Clear();
                new ReadOnlySpan<float>(x + ((((long)image * height.Input) + from) * width.Input * geometry.InChannels), copied).CopyTo(target[before..]);
                target[(before + copied)..].Clear();
            }
        }

        geometry = geometry with { Height = height with { Input = rows, PadBefore = 0 }, Width = width with { Input = Size(width), PadBefore = 0 } };
        return padded;
    }

    /// <summary>The inputs that the windows reach over, those in the padding among them.</summary>
    private static int Size(in WindowAxis axis) => ((axis.Output - 1) * axis.Stride) + axis.Extent;

    private static bool IsPadded(in WindowAxis axis) => axis.PadBefore > 0 || Size(axis) > axis.Input;
}
