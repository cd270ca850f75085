using System.Runtime.CompilerServices;
using Decant.Kernels.Gemm;

namespace Decant.Kernels.Conv;

/// <summary>
/// The windows of grid points as rows of a matrix, read where they lie: a pointer for each line of the window, whose taps and channels are
/// consecutive, or for each tap when they are not. Lines in the padding point at zeros; those that reach over an edge are copied.
/// </summary>
internal readonly unsafe struct WindowRows : ITileRows
{
    private readonly float* source;
    private readonly TapGrid depth;
    private readonly TapGrid height;
    private readonly TapGrid width;
    private readonly int sourceChannels;
    private readonly int channels;
    private readonly WindowGemm.TargetStrides strides;

    // Points that lie one stride after another in the target, and the tiles they make.
    private readonly long line;
    private readonly int lineTiles;
    private readonly bool isByLine;

    public WindowRows(float* source, int batch, TapGrid depth, TapGrid height, TapGrid width, int sourceChannels, int channels, WindowGemm.TargetStrides strides, bool isDense)
    {
        this.source = source;
        (this.depth, this.height, this.width) = (depth, height, width);
        (this.sourceChannels, this.channels, this.strides) = (sourceChannels, channels, strides);
        long points = (long)batch * depth.Count * height.Count * width.Count;
        line = isDense ? points : width.Count;
        lineTiles = checked((int)((line + GemmKernel.MostRows - 1) / GemmKernel.MostRows));
        Tiles = checked((int)(points / line * lineTiles));
        isByLine = channels == sourceChannels && width.IsConsecutive;
        int lines = depth.Offsets.Length * height.Offsets.Length;
        Segments = isByLine ? lines : lines * width.Offsets.Length;
        Run = isByLine ? channels * width.Offsets.Length : channels;
    }

    public int Tiles { get; }

    public int Segments { get; }

    public int Run { get; }

    /// <summary>A run of zeros, and room for the copies of a tile.</summary>
    public float* Begin()
    {
        float* memory = Scratch.Get<float>(Run + (isByLine ? (long)Segments * Run * GemmKernel.MostRows : 0), 3);
        new Span<float>(memory, Run).Clear();
        return memory;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public int Place(int tile, float** rows, float* memory, out nint target)
    {
        (int run, int at) = Math.DivRem(tile, lineTiles);
        long from = line * at / lineTiles;
        int count = (int)((line * (at + 1) / lineTiles) - from);
        (long rest, long w) = Math.DivRem((run * line) + from, width.Count);
        (rest, long h) = Math.DivRem(rest, height.Count);
        (long b, long d) = Math.DivRem(rest, depth.Count);
        target = (nint)((b * strides.Batch) + (d * strides.Depth) + (h * strides.Height) + (w * strides.Width));
        for (int r = 0; r < count;)
        {
            // The points of one line of the grid.
            int points = (int)Math.Min(count - r, width.Count - w);
            float* copies = memory + Run + ((long)r * Segments * Run);
            if (isByLine)
                Lines((int)b, (int)d, (int)h, (int)w, points, rows + r, memory, copies);
            else
                Taps((int)b, (int)d, (int)h, (int)w, points, rows + r, memory);
            r += points;
            w = 0;
            if (++h < height.Count)
                continue;
            h = 0;
            if (++d < depth.Count)
                continue;
            d = 0;
            b++;
        }

        return count;
    }

    private void Lines(int b, int d, int h, int w, int points, float** rows, float* zeros, float* copies)
    {
        int step = width.Step, first = (w * step) + width.Offsets[0], end = width.Source - width.Offsets.Length, last = first + ((points - 1) * step);
        foreach (int offsetD in depth.Offsets)
        {
            int z = (d * depth.Step) + offsetD;
            foreach (int offsetH in height.Offsets)
            {
                int y = (h * height.Step) + offsetH;
                if ((uint)z >= (uint)depth.Source || (uint)y >= (uint)height.Source)
                {
                    for (int i = 0; i < points; i++)
                        rows[i] = zeros;
                }
                else
                {
                    float* start = source + (((((long)b * depth.Source) + z) * height.Source) + y) * width.Source * channels;
                    bool isInside = first >= 0 && last <= end;
                    for (int i = 0, x = first; i < points; i++, x += step)
                    {
                        if (isInside || (x >= 0 && x <= end))
                        {
                            rows[i] = start + ((long)x * channels);
                        }
                        else
                        {
                            Copy(start, x, copies);
                            rows[i] = copies;
                            copies += Run;
                        }
                    }
                }

                rows += GemmKernel.MostRows;
            }
        }
    }

    /// <summary>Copies the taps at <paramref name="x"/> of a line, zeros for those outside.</summary>
    private void Copy(float* start, int x, float* copy)
    {
        int taps = width.Offsets.Length, skip = Math.Clamp(-x, 0, taps), end = Math.Clamp(width.Source - x, skip, taps);
        new Span<float>(copy, skip * channels).Clear();
        new ReadOnlySpan<float>(start + ((long)(x + skip) * channels), (end - skip) * channels).CopyTo(new Span<float>(copy + (skip * channels), (end - skip) * channels));
        new Span<float>(copy + (end * channels), (taps - end) * channels).Clear();
    }

    private void Taps(int b, int d, int h, int w, int points, float** rows, float* zeros)
    {
        foreach (int offsetD in depth.Offsets)
        {
            int z = (d * depth.Step) + offsetD;
            foreach (int offsetH in height.Offsets)
            {
                int y = (h * height.Step) + offsetH;
                bool isInside = (uint)z < (uint)depth.Source && (uint)y < (uint)height.Source;
                float* start = source + (((((long)b * depth.Source) + z) * height.Source) + y) * width.Source * sourceChannels;
                foreach (int offset in width.Offsets)
                {
                    for (int i = 0; i < points; i++)
                    {
                        int x = ((w + i) * width.Step) + offset;
                        rows[i] = isInside && (uint)x < (uint)width.Source ? start + ((long)x * sourceChannels) : zeros;
                    }

                    rows += GemmKernel.MostRows;
                }
            }
        }
    }
}
