using System.Runtime.CompilerServices;
using Decant.Kernels.Gemm;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Conv;

/// <summary>
/// The engine of dense convolutions: for blocks of grid points, the source values under the taps are gathered into a small row
/// block [points][taps · channels] and multiplied by packed weights straight into the target.
/// </summary>
internal readonly unsafe struct GatherGemm(int batch, TapGrid depth, TapGrid height, TapGrid width, int sourceChannels, int channels)
{
    private const int BlockFloats = 49152;

    private readonly int k = depth.Offsets.Length * height.Offsets.Length * width.Offsets.Length * channels;
    private readonly bool consecutive = channels == sourceChannels && IsConsecutive(width.Offsets);

    /// <summary>Taps times channels: the rows of the weight matrix.</summary>
    public int K => k;

    /// <summary>Whether the source rows themselves are the matrix: one tap that reads each pixel in place.</summary>
    public bool IsDirect => IsIdentity(depth) && IsIdentity(height) && IsIdentity(width);

    public long Points => (long)batch * depth.Count * height.Count * width.Count;

    /// <summary>
    /// target[point] = activation(gathered · weights + bias). <paramref name="source"/> points at the group's first channel; pixels of the source lie
    /// <c>sourceChannels</c> apart. Target strides are in elements.
    /// </summary>
    public void Run(float* source, float* weights, int n, float* target, TargetStrides strides, float* bias, Activation activation, WorkerPool pool)
    {
        if (Points == 0 || n == 0)
            return;
        GemmKernel kernel = GemmKernel.Current;
        if (IsDirect && strides.IsDense(depth.Count, height.Count, width.Count))
        {
            FloatGemm.Split(source, sourceChannels, checked((int)Points), weights, k, n, kernel, target, strides.Width, bias, activation, pool);
            return;
        }

        int rows = (int)Math.Clamp(BlockFloats / Math.Max(1, k) / kernel.MaxRows * kernel.MaxRows, kernel.MaxRows, 20 * kernel.MaxRows);
        bool flat = strides.IsDense(depth.Count, height.Count, width.Count);
        long run = flat ? Points : width.Count;
        rows = (int)Math.Min(rows, run);
        int perRun = (int)((run + rows - 1) / rows);
        int blocks = checked((int)(Points / run * perRun));
        long work = Math.Max(1, (long)rows * k * n);
        pool.For(blocks, (int)Math.Max(1, 262144 / work), new Job(this, kernel, source, weights, n, target, strides, bias, activation, rows, run, perRun));
    }

    private static bool IsIdentity(TapGrid grid) =>
        grid.Offsets.Length == 1 && grid.Offsets[0] == 0 && grid.Step == 1 && grid.Count == grid.Source;

    private static bool IsConsecutive(int[] offsets)
    {
        for (int i = 1; i < offsets.Length; i++)
        {
            if (offsets[i] != offsets[i - 1] + 1)
                return false;
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Gather(float* source, long point, int rows, float* block)
    {
        int w = (int)(point % width.Count);
        long rest = point / width.Count;
        int h = (int)(rest % height.Count);
        rest /= height.Count;
        int d = (int)(rest % depth.Count);
        long b = rest / depth.Count;
        for (int r = 0; r < rows; r++)
        {
            float* row = block + ((long)r * k);
            foreach (int offsetD in depth.Offsets)
            {
                int z = (d * depth.Step) + offsetD;
                foreach (int offsetH in height.Offsets)
                {
                    int y = (h * height.Step) + offsetH;
                    bool inside = (uint)z < (uint)depth.Source && (uint)y < (uint)height.Source;
                    float* line = inside ? source + (((((b * depth.Source) + z) * height.Source) + y) * width.Source * sourceChannels) : null;
                    row = GatherLine(line, w * width.Step, row);
                }
            }

            if (++w < width.Count)
                continue;
            w = 0;
            if (++h < height.Count)
                continue;
            h = 0;
            if (++d < depth.Count)
                continue;
            d = 0;
            b++;
        }
    }

    /// <summary>Copies the taps of one line; a null line is padding.</summary>
    private float* GatherLine(float* line, int x, float* row)
    {
        int taps = width.Offsets.Length;
        if (line == null)
        {
            new Span<float>(row, taps * channels).Clear();
            return row + (taps * channels);
        }

        if (consecutive && taps > 0)
        {
            int first = x + width.Offsets[0];
            int skip = Math.Clamp(-first, 0, taps);
            int end = Math.Clamp(width.Source - first, skip, taps);
            new Span<float>(row, skip * channels).Clear();
            new ReadOnlySpan<float>(line + ((long)(first + skip) * channels), (end - skip) * channels).CopyTo(new Span<float>(row + (skip * channels), (end - skip) * channels));
            new Span<float>(row + (end * channels), (taps - end) * channels).Clear();
            return row + (taps * channels);
        }

        foreach (int offset in width.Offsets)
        {
            int i = x + offset;
            Span<float> target = new(row, channels);
            if ((uint)i < (uint)width.Source)
                new ReadOnlySpan<float>(line + ((long)i * sourceChannels), channels).CopyTo(target);
            else
                target.Clear();
            row += channels;
        }

        return row;
    }

    /// <summary>Where grid points lie in the target: element strides per axis.</summary>
    public readonly record struct TargetStrides(long Batch, long Depth, long Height, int Width)
    {
        /// <summary>Whether all points lie one Width stride after another.</summary>
        public bool IsDense(int depth, int height, int width) =>
            Height == (long)width * Width && Depth == height * Height && Batch == depth * Depth;
    }

    private readonly struct Job(GatherGemm owner, GemmKernel kernel, float* source, float* weights, int n, float* target, TargetStrides strides, float* bias, Activation activation, int rows, long run, int perRun) : IRangeJob
    {
        public void Run(int start, int end)
        {
            float* block = Scratch.Get<float>((long)rows * owner.k, 3);
            int panels = (n + kernel.PanelWidth - 1) / kernel.PanelWidth;
            for (int i = start; i < end; i++)
            {
                long first = i / perRun * run;
                long point = first + ((long)(i % perRun) * rows);
                int count = (int)Math.Min(rows, first + run - point);
                owner.Gather(source, point, count, block);
                GemmBlock.Run(block, owner.k, count, weights, owner.k, n, kernel, 0, panels, target + owner.TargetOffset(point, strides), strides.Width, bias, activation, false, dense: true);
            }
        }
    }

    private long TargetOffset(long point, TargetStrides strides)
    {
        (point, long w) = Math.DivRem(point, width.Count);
        (point, long h) = Math.DivRem(point, height.Count);
        (long b, long d) = Math.DivRem(point, depth.Count);
        return (b * strides.Batch) + (d * strides.Depth) + (h * strides.Height) + (w * strides.Width);
    }
}
