using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Decant.Kernels.Gemm;

namespace Decant.Kernels.Conv;

/// <summary>
/// The windows of grid points as rows of a matrix, whose lines are read where they lie: those of a window lie as far from its first value as the lines of
/// all others do. Lines in the padding are replaced by zeros, and those that reach over an edge by copies. Grid points lie one after another in the target.
/// </summary>
internal readonly unsafe struct LineRows : ITileRows
{
    /// <summary>Values of a line up to which one by one they are copied sooner than by calls.</summary>
    private const int ShortRun = 16;

    private readonly float* source;
    private readonly TapGrid depth;
    private readonly TapGrid height;
    private readonly TapGrid width;
    private readonly int channels;
    private readonly int stride;

    // The rows of most tiles, and how many have one more.
    private readonly int least;
    private readonly int larger;

    // Bytes from a point to the next, to the one below, to that in the next slice, and to that in the next image.
    private readonly nint step;
    private readonly nint line;
    private readonly nint slice;
    private readonly nint image;

    // The points of each axis whose windows lie inside.
    private readonly (int First, int End) insideD;
    private readonly (int First, int End) insideH;
    private readonly (int First, int End) insideW;

    public LineRows(float* source, int batch, TapGrid depth, TapGrid height, TapGrid width, int channels, int stride)
    {
        this.source = source;
        (this.depth, this.height, this.width, this.channels, this.stride) = (depth, height, width, channels, stride);
        int points = checked(batch * depth.Count * height.Count * width.Count);
        Tiles = (points - 1) / GemmKernel.MostRows + 1;
        (least, larger) = Math.DivRem(points, Tiles);
        Segments = depth.Offsets.Length * height.Offsets.Length;
        Run = width.Offsets.Length * channels;
        Ahead = (int)Math.Min((long)GemmKernel.MostRows * width.Step * channels, int.MaxValue);
        nint pixel = (nint)channels * sizeof(float), row = pixel * width.Source;
        (step, line, slice, image) = (pixel * width.Step, row * height.Step, row * height.Source * depth.Step, row * height.Source * depth.Source);
        (insideD, insideH, insideW) = (Inside(depth), Inside(height), Inside(width));
    }

    public int Tiles { get; }

    public int Segments { get; }

    public int Run { get; }

    public int Ahead { get; }

    /// <summary>Where the zeros begin behind the distances of the lines, in floats.</summary>
    private int Zeros => Segments * sizeof(nint) / sizeof(float);

    /// <summary>How far the lines of a window lie from its point, in bytes; a run of zeros, and room for the copies of the tiles.</summary>
    public float* Begin(int tiles)
    {
        float* memory = Scratch.Get<float>(Zeros + Run + ((long)Segments * Run * GemmKernel.MostRows * tiles), 3);
        nint* offset = (nint*)memory;
        nint pixel = (nint)channels * sizeof(float), row = pixel * width.Source;
        foreach (int offsetD in depth.Offsets)
        {
            foreach (int offsetH in height.Offsets)
                *offset++ = (((nint)offsetD * height.Source) + offsetH) * row + (width.Offsets[0] * pixel);
        }

        new Span<float>(memory + Zeros, Run).Clear();
        return memory;
    }

    /// <summary>Pointers of 64 bits, four to a register: those to the points of the tile's rows, and for each line of the windows as much further on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Place(int tile, int tiles, float** rows, nint tileFloats, float* memory, int* sizes, nint* targets)
    {
        int lineCount = width.Count, segments = Segments;
        int point = (tile * least) + Math.Min(tile, larger);
        (int rest, int w) = Math.DivRem(point, lineCount);
        (rest, int h) = Math.DivRem(rest, height.Count);
        (int b, int d) = Math.DivRem(rest, depth.Count);
        nint start = (nint)source + (b * image) + (d * slice) + (h * line), at = start + (w * step);
        bool isLineInside = IsLineInside(d, h);
        nint* places = stackalloc nint[GemmKernel.PointerRows];
        Vector256<long> low = default, high = default, lowSteps = Vector256<long>.Indices * (long)step, highSteps = lowSteps + Vector256.Create(Vector256<long>.Count * (long)step);
        for (int i = 0; i < tiles; i++, tile++, rows += tileFloats)
        {
            int count = tile < larger ? least + 1 : least, first = point, left = count;
            sizes[i] = count;
            targets[i] = (nint)point * stride;
            point += count;
            bool isInside = true;
            while (left > 0)
            {
                // The points of one line of the grid; most tiles have no others.
                int here = Math.Min(left, lineCount - w);
                isInside &= isLineInside && w >= insideW.First && w + here <= insideW.End;
                if (here == count)
                    (low, high) = (Vector256.Create((long)at) + lowSteps, Vector256.Create((long)at) + highSteps);
                else
                {
                    for (int r = 0; r < here; r++)
                        places[count - left + r] = at + (r * step);
                }

                left -= here;
                if (left == 0 && here < count)
                    (low, high) = (Vector256.Load((long*)places), Vector256.Load((long*)places + Vector256<long>.Count));
                at += here * step;
                if ((w += here) < lineCount)
                    continue;
                w = 0;
                start += line;
                if (++h == height.Count)
                {
                    h = 0;
                    if (++d == depth.Count)
                        (d, b) = (0, b + 1);
                    start = (nint)source + (b * image) + (d * slice);
                }

                (at, isLineInside) = (start, IsLineInside(d, h));
            }

            float** to = rows;
            for (int segment = 0; segment < segments; segment++, to += GemmKernel.PointerRows)
            {
                Vector256<long> by = Vector256.Create(((long*)memory)[segment]);
                (low + by).Store((long*)to);
                (high + by).Store((long*)to + Vector256<long>.Count);
            }

            if (!isInside)
                Edges(first, count, rows, memory + Zeros, memory + Zeros + Run + ((long)i * GemmKernel.MostRows * segments * Run));
        }
    }

    /// <summary>The points from <paramref name="first"/> on whose windows reach over an edge.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Edges(int first, int count, float** rows, float* zeros, float* copies)
    {
        for (int r = 0; r < count; r++, rows++)
        {
            (int rest, int w) = Math.DivRem(first + r, width.Count);
            (rest, int h) = Math.DivRem(rest, height.Count);
            int d = rest % depth.Count, x = (w * width.Step) + width.Offsets[0];
            bool isAcross = w < insideW.First || w >= insideW.End;
            if (!isAcross && IsLineInside(d, h))
                continue;
            float** to = rows;
            foreach (int offsetD in depth.Offsets)
            {
                bool isSliceInside = (uint)((d * depth.Step) + offsetD) < (uint)depth.Source;
                foreach (int offsetH in height.Offsets)
                {
                    if (!isSliceInside || (uint)((h * height.Step) + offsetH) >= (uint)height.Source)
                    {
                        *to = zeros;
                    }
                    else if (isAcross)
                    {
                        Copy(*to, x, copies);
                        *to = copies;
                        copies += Run;
                    }

                    to += GemmKernel.PointerRows;
                }
            }
        }
    }

    /// <summary>Copies the taps at <paramref name="x"/> of a line, zeros for those outside.</summary>
    private void Copy(float* from, int x, float* copy)
    {
        int taps = width.Offsets.Length, skip = Math.Clamp(-x, 0, taps), end = Math.Clamp(width.Source - x, skip, taps) * channels;
        skip *= channels;
        if (Run <= ShortRun)
        {
            for (int i = 0; i < Run; i++)
                copy[i] = i >= skip && i < end ? from[i] : 0;
            return;
        }

        new Span<float>(copy, skip).Clear();
        new ReadOnlySpan<float>(from + skip, end - skip).CopyTo(new Span<float>(copy + skip, end - skip));
        new Span<float>(copy + end, Run - end).Clear();
    }

    private bool IsLineInside(int d, int h) => d >= insideD.First && d < insideD.End && h >= insideH.First && h < insideH.End;

    /// <summary>The points of an axis whose taps, in any order, lie inside.</summary>
    private static (int First, int End) Inside(TapGrid grid)
    {
        int first = 0, end = grid.Count;
        foreach (int offset in grid.Offsets)
        {
            while (first < end && (first * grid.Step) + offset < 0)
                first++;
            while (end > first && ((end - 1) * grid.Step) + offset >= grid.Source)
                end--;
        }

        return (first, end);
    }
}
