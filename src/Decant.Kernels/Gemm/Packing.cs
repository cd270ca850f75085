using Decant.Kernels.Threading;

namespace Decant.Kernels.Gemm;

/// <summary>Copies into the layouts of the micro-kernels.</summary>
internal static unsafe class Packing
{
    /// <summary>Writes B (element (p, j) at b[p·rowStride + j·columnStride], of k rows) as zero-padded panels.</summary>
    public static void Panels(float* b, long rowStride, long columnStride, int k, Panels panels, float* packed, WorkerPool pool)
    {
        long work = Math.Max(1, (long)k * panels.Lanes * panels.Most);
        pool.For(panels.Count, (int)Math.Max(1, 32768 / work), new PanelJob(b, rowStride, columnStride, k, panels, packed));
    }

    /// <summary>dst[r, c] = src[c, r] for a src of <paramref name="rows"/> x <paramref name="columns"/>; both row-major with the given strides.</summary>
    public static void Transpose(float* source, long sourceStride, int rows, int columns, float* target, long targetStride)
    {
        const int Block = 16;
        for (int r0 = 0; r0 < rows; r0 += Block)
        {
            int r1 = Math.Min(rows, r0 + Block);
            for (int c = 0; c < columns; c++)
            {
                float* t = target + (c * targetStride);
                float* s = source + c;
                for (int r = r0; r < r1; r++)
                    t[r] = s[r * sourceStride];
            }
        }
    }

    private readonly struct PanelJob(float* b, long rowStride, long columnStride, int k, Panels panels, float* packed) : IRangeJob
    {
        public void Run(int start, int end)
        {
            for (int panel = start; panel < end; panel++)
            {
                int first = panels.First(panel), width = panels.Width(panel);
                int columns = Math.Min(width, panels.Columns - first);
                float* source = b + (first * columnStride);
                float* target = packed + ((long)first * k);
                if (columnStride == 1)
                {
                    for (int p = 0; p < k; p++, source += rowStride, target += width)
                    {
                        new ReadOnlySpan<float>(source, columns).CopyTo(new Span<float>(target, width));
                        if (columns < width)
                            new Span<float>(target + columns, width - columns).Clear();
                    }
                }
                else
                {
                    if (columns < width)
                        new Span<float>(target, checked(width * k)).Clear();
                    for (int p0 = 0; p0 < k; p0 += 16)
                    {
                        int p1 = Math.Min(k, p0 + 16);
                        for (int j = 0; j < columns; j++)
                        {
                            float* s = source + (j * columnStride);
                            for (int p = p0; p < p1; p++)
                                target[((long)p * width) + j] = s[p * rowStride];
                        }
                    }
                }
            }
        }
    }
}
