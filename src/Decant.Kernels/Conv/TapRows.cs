using System.Runtime.CompilerServices;
using Decant.Kernels.Gemm;

namespace Decant.Kernels.Conv;

/// <summary>
/// The windows of grid points as rows of a matrix, of which each tap is read where it lies: for taps that do not lie one after another, and for points that
/// do not in the target. Taps in the padding are zeros.
/// </summary>
internal readonly unsafe struct TapRows : ITileRows
{
    private readonly float* source;
    private readonly TapGrid depth;
    private readonly TapGrid height;
    private readonly TapGrid width;
    private readonly int sourceChannels;
    private readonly WindowGemm.TargetStrides strides;

    // Points that lie one stride after another in the target, the tiles they make, the rows of most of them, and how many have one more.
    private readonly int line;
    private readonly int lineTiles;
    private readonly int least;
    private readonly int larger;

    public TapRows(float* source, int batch, TapGrid depth, TapGrid height, TapGrid width, int sourceChannels, int channels, WindowGemm.TargetStrides strides, bool isDense)
    {
        this.source = source;
        (this.depth, this.height, this.width, this.sourceChannels, this.strides) = (depth, height, width, sourceChannels, strides);
        long points = (long)batch * depth.Count * height.Count * width.Count;
        line = isDense ? checked((int)points) : width.Count;
        lineTiles = (line - 1) / GemmKernel.MostRows + 1;
        (least, larger) = Math.DivRem(line, lineTiles);
        Tiles = checked((int)(points / line * lineTiles));
        Segments = depth.Offsets.Length * height.Offsets.Length * width.Offsets.Length;
        Run = channels;
        Ahead = (int)Math.Min((long)GemmKernel.MostRows * width.Step * sourceChannels, int.MaxValue);
    }

    public int Tiles { get; }

    public int Segments { get; }

    public int Run { get; }

    public int Ahead { get; }

    /// <summary>A run of zeros.</summary>
    public float* Begin(int tiles)
    {
        float* memory = Scratch.Get<float>(Run, 3);
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
        (rest, uint h) = Math.DivRem(rest, (uint)height.Count);
        (uint b, uint d) = Math.DivRem(rest, (uint)depth.Count);
        for (int i = 0; i < tiles; i++, rows += tileFloats)
        {
            int count = at < (uint)larger ? least + 1 : least;
            if (++at == (uint)lineTiles)
                at = 0;
            sizes[i] = count;
            targets[i] = (nint)((b * strides.Batch) + (d * strides.Depth) + (h * strides.Height) + ((long)w * strides.Width));
            for (int r = 0; r < count;)
            {
                // The points of one line of the grid.
                int points = (int)Math.Min(count - r, width.Count - w);
                Line((int)b, (int)d, (int)h, (int)w, points, rows + r, memory);
                r += points;
                w += (uint)points;
                if (w < (uint)width.Count)
                    continue;
                w = 0;
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Line(int b, int d, int h, int w, int points, float** rows, float* zeros)
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
