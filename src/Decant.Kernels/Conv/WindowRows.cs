using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Decant.Kernels.Gemm;

namespace Decant.Kernels.Conv;

/// <summary>
/// The windows of grid points as rows of a matrix, read where they lie: a pointer for each line of the window, whose taps and channels are
/// consecutive, or for each tap when they are not. Lines in the padding point at zeros; those that reach over an edge are copied.
/// </summary>
internal readonly unsafe struct WindowRows : ITileRows
{
    /// <summary>Values of a line up to which one by one they are copied sooner than by calls.</summary>
    private const int ShortRun = 16;

    private readonly float* source;
    private readonly TapGrid depth;
    private readonly TapGrid height;
    private readonly TapGrid width;
    private readonly int sourceChannels;
    private readonly int channels;
    private readonly WindowGemm.TargetStrides strides;

    // Points that lie one stride after another in the target, the tiles they make, the rows of most of them, and how many have one more.
    private readonly int line;
    private readonly int lineTiles;
    private readonly int least;
    private readonly int larger;
    private readonly bool isByLine;
    private readonly Vector512<long> steps;

    public WindowRows(float* source, int batch, TapGrid depth, TapGrid height, TapGrid width, int sourceChannels, int channels, WindowGemm.TargetStrides strides, bool isDense)
    {
        this.source = source;
        (this.depth, this.height, this.width) = (depth, height, width);
        (this.sourceChannels, this.channels, this.strides) = (sourceChannels, channels, strides);
        long points = (long)batch * depth.Count * height.Count * width.Count;
        line = isDense ? checked((int)points) : width.Count;
        lineTiles = (line - 1) / GemmKernel.MostRows + 1;
        (least, larger) = Math.DivRem(line, lineTiles);
        steps = Vector512<long>.Indices * (sizeof(float) * (long)width.Step * channels);
        Tiles = checked((int)(points / line * lineTiles));
        isByLine = channels == sourceChannels && width.IsConsecutive;
        int lines = depth.Offsets.Length * height.Offsets.Length;
        Segments = isByLine ? lines : lines * width.Offsets.Length;
        Run = isByLine ? channels * width.Offsets.Length : channels;
        Ahead = (int)Math.Min((long)GemmKernel.MostRows * width.Step * sourceChannels, int.MaxValue);
    }

    public int Tiles { get; }

    public int Segments { get; }

    public int Run { get; }

    public int Ahead { get; }

    /// <summary>A run of zeros, and room for the copies of the tiles.</summary>
    public float* Begin(int tiles)
    {
        float* memory = Scratch.Get<float>(Run + (isByLine ? (long)Segments * Run * GemmKernel.MostRows * tiles : 0), 3);
        new Span<float>(memory, Run).Clear();
        return memory;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Place(int tile, int tiles, float** rows, nint tileFloats, float* memory, int* sizes, nint* targets)
    {
        uint run = 0, at = (uint)tile;
        if (lineTiles != Tiles)
            (run, at) = Math.DivRem((uint)tile, (uint)lineTiles);
        (uint rest, uint w) = Math.DivRem((run * (uint)line) + (at * (uint)least) + Math.Min(at, (uint)larger), (uint)width.Count);
        uint h = rest, d = 0, b = 0;
        if (rest >= (uint)height.Count)
        {
            (rest, h) = Math.DivRem(rest, (uint)height.Count);
            (b, d) = Math.DivRem(rest, (uint)depth.Count);
        }

        // The rows of the tile before that lie on the same line as this one, which then lies that much further on; 0 when they do not.
        int before = 0;
        for (int i = 0; i < tiles; i++, rows += tileFloats)
        {
            int count = at < (uint)larger ? least + 1 : least;
            if (++at == (uint)lineTiles)
                at = 0;
            sizes[i] = count;
            targets[i] = (nint)((b * strides.Batch) + (d * strides.Depth) + (h * strides.Height) + ((long)w * strides.Width));
            bool isWhole = isByLine && w + (uint)count <= (uint)width.Count && IsInside((int)w, count);
            if (isWhole && before > 0)
                Advance(rows - tileFloats, rows, memory, before);
            else if (isWhole)
                WholeLines((int)b, (int)d, (int)h, (int)w, rows, memory);
            before = isWhole ? count : 0;
            for (int r = 0; r < count;)
            {
                // The points of one line of the grid.
                int points = (int)Math.Min(count - r, width.Count - w);
                if (!isWhole && isByLine)
                    Lines((int)b, (int)d, (int)h, (int)w, points, rows + r, memory, memory + Run + ((((long)i * GemmKernel.MostRows) + r) * Segments * Run));
                else if (!isWhole)
                    Taps((int)b, (int)d, (int)h, (int)w, points, rows + r, memory);
                r += points;
                w += (uint)points;
                if (w < (uint)width.Count)
                    continue;
                (w, before) = (0, 0);
                if (++h < (uint)height.Count)
                    continue;
                h = 0;
                if (++d < (uint)depth.Count)
                    continue;
                d = 0;
                b++;
            }
        }
    }

    /// <summary>Pointers to whole lines, from those to windows that lie <paramref name="points"/> before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Advance(float** from, float** to, float* zeros, int points)
    {
        Vector256<long> by = Vector256.Create((long)points * width.Step * channels * sizeof(float));
        for (int segment = 0; segment < Segments; segment++, from += GemmKernel.PointerRows, to += GemmKernel.PointerRows)
        {
            Vector256<long> step = *from == zeros ? Vector256<long>.Zero : by;
            (Vector256.Load((long*)from) + step).Store((long*)to);
            (Vector256.Load((long*)from + Vector256<long>.Count) + step).Store((long*)to + Vector256<long>.Count);
        }
    }

    private bool IsInside(int w, int points)
    {
        int first = (w * width.Step) + width.Offsets[0];
        return first >= 0 && first + ((points - 1) * width.Step) <= width.Source - width.Offsets.Length;
    }

    /// <summary>Points of one line whose windows do not reach over its ends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void WholeLines(int b, int d, int h, int w, float** rows, float* zeros)
    {
        long first = (long)((w * width.Step) + width.Offsets[0]) * channels, lineFloats = (long)width.Source * channels;
        foreach (int offsetD in depth.Offsets)
        {
            int z = (d * depth.Step) + offsetD;
            long slice = (((long)b * depth.Source) + z) * height.Source;
            foreach (int offsetH in height.Offsets)
            {
                int y = (h * height.Step) + offsetH;
                bool isInside = (uint)z < (uint)depth.Source && (uint)y < (uint)height.Source;
                Vector512<long> places = isInside ? Vector512.Create((long)(source + ((slice + y) * lineFloats) + first)) + steps : Vector512.Create((long)zeros);
                places.Store((long*)rows);
                rows += GemmKernel.PointerRows;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
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

                rows += GemmKernel.PointerRows;
            }
        }
    }

    /// <summary>Copies the taps at <paramref name="x"/> of a line, zeros for those outside.</summary>
    private void Copy(float* start, int x, float* copy)
    {
        int taps = width.Offsets.Length, skip = Math.Clamp(-x, 0, taps), end = Math.Clamp(width.Source - x, skip, taps);
        if (Run <= ShortRun)
        {
            float* from = start + ((long)x * channels);
            int first = skip * channels, last = end * channels;
            for (int j = 0; j < Run; j++)
                copy[j] = j >= first && j < last ? from[j] : 0;
            return;
        }

        new Span<float>(copy, skip * channels).Clear();
        new ReadOnlySpan<float>(start + ((long)(x + skip) * channels), (end - skip) * channels).CopyTo(new Span<float>(copy + (skip * channels), (end - skip) * channels));
        new Span<float>(copy + (end * channels), (taps - end) * channels).Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
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

                    rows += GemmKernel.PointerRows;
                }
            }
        }
    }
}
