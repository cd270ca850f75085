using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Resize;

/// <summary>
/// Sixteen floats of a widened row of few channels: permutations of 32 floats of the input row, AVX-512. The last block ends at the end of the
/// row and makes some of those before again.
/// </summary>
internal unsafe struct ResizeNarrow
{
    private const int Width = 16;
    private const int Window = 32;

    private int first;
    private fixed int low[Width];
    private fixed int high[Width];
    private fixed float fraction[Width];

    public static bool Fits(in ResizeGeometry g) =>
        Avx512F.IsSupported && LaneWidth.Current >= 512 && g.Channels < Width && g.InWidth * g.Channels >= Window && g.OutWidth * g.Channels >= Width;

    /// <summary>Blocks of a row.</summary>
    public static int Count(in ResizeGeometry g) => ((g.OutWidth * g.Channels) + Width - 1) / Width;

    /// <summary>False if a block needs inputs further apart than a window.</summary>
    public static bool Fill(ResizeNarrow* blocks, ResizeAxis* columns, in ResizeGeometry g)
    {
        int c = g.Channels, last = (g.OutWidth * c) - Width;
        for (int b = 0; b < Count(g); b++)
        {
            ResizeNarrow* block = blocks + b;
            int start = Math.Min(b * Width, last);
            block->first = Math.Min(columns[start / c].Low * c, (g.InWidth * c) - Window);
            for (int lane = 0; lane < Width; lane++)
            {
                (int pixel, int channel) = Math.DivRem(start + lane, c);
                ResizeAxis axis = columns[pixel];
                block->low[lane] = (axis.Low * c) + channel - block->first;
                block->high[lane] = (axis.High * c) + channel - block->first;
                block->fraction[lane] = axis.Fraction;
                if ((uint)block->low[lane] >= Window || (uint)block->high[lane] >= Window)
                    return false;
            }
        }

        return true;
    }

    /// <summary>target = the row interpolated along the width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Widen(ResizeNarrow* blocks, int count, float* source, float* target, int length)
    {
        for (int b = 0; b < count; b++, blocks++)
        {
            Vector512<float> near = Vector512.Load(source + blocks->first), far = Vector512.Load(source + blocks->first + Width);
            Vector512<float> from = Avx512F.PermuteVar16x32x2(near, Vector512.Load(blocks->low), far);
            Vector512<float> to = Avx512F.PermuteVar16x32x2(near, Vector512.Load(blocks->high), far);
            (from + ((to - from) * Vector512.Load(blocks->fraction))).Store(target + Math.Min(b * Width, length - Width));
        }
    }
}
