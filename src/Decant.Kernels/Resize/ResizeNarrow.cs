using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Resize;

/// <summary>
/// Widening of rows of few channels by permutations: a register of the widened row at a time, each lane made of two lanes of the input row. AVX-512
/// permutes 32 floats of the input, AVX2 eight floats for the nearer inputs and eight for the further. The last block ends at the end of the row and
/// makes some of those before again.
/// </summary>
/// <remarks>A block of the plan: a register of places of the lower inputs in their window, one of the higher inputs', one of fractions, and where the two windows start.</remarks>
internal static unsafe class ResizeNarrow
{
    private static bool IsWide => Avx512F.IsSupported && LaneWidth.Current >= 512;

    /// <summary>Floats of a block.</summary>
    private static int Width => IsWide ? Vector512<float>.Count : Vector256<float>.Count;

    /// <summary>Floats of the input row that a block may take its lower inputs from, and its higher ones.</summary>
    private static int Window => IsWide ? 2 * Vector512<float>.Count : Vector256<float>.Count;

    private static int BlockInts => (3 * Width) + 2;

    public static bool Fits(in ResizeGeometry g) =>
        Avx2.IsSupported && LaneWidth.Current >= 256 && g.Channels < Width && g.InWidth * g.Channels >= Window && g.OutWidth * g.Channels >= Width;

    /// <summary>Blocks of a row.</summary>
    public static int Count(in ResizeGeometry g) => ((g.OutWidth * g.Channels) + Width - 1) / Width;

    /// <summary>Integers of a plan.</summary>
    public static int PlanInts(in ResizeGeometry g) => Count(g) * BlockInts;

    /// <summary>False if a block needs inputs further apart than a window.</summary>
    public static bool Fill(int* plan, ResizeAxis* columns, in ResizeGeometry g)
    {
        int c = g.Channels, width = Width, last = (g.OutWidth * c) - width, lastWindow = (g.InWidth * c) - Window;
        for (int b = 0; b < Count(g); b++, plan += BlockInts)
        {
            int start = Math.Min(b * width, last);
            int* low = plan, high = plan + width, windows = plan + (3 * width);
            (windows[0], windows[1]) = (lastWindow, lastWindow);
            for (int lane = 0; lane < width; lane++)
            {
                (int pixel, int channel) = Math.DivRem(start + lane, c);
                ResizeAxis axis = columns[pixel];
                low[lane] = (axis.Low * c) + channel;
                high[lane] = (axis.High * c) + channel;
                ((float*)plan)[(2 * width) + lane] = axis.Fraction;
                windows[0] = Math.Min(windows[0], low[lane]);
                windows[1] = Math.Min(windows[1], IsWide ? low[lane] : high[lane]);
            }

            for (int lane = 0; lane < width; lane++)
            {
                low[lane] -= windows[0];
                high[lane] -= windows[1];
                if ((uint)low[lane] >= (uint)Window || (uint)high[lane] >= (uint)Window)
                    return false;
            }
        }

        return true;
    }

    /// <summary>target = the row interpolated along the width, <paramref name="length"/> floats.</summary>
    public static void Widen(int* plan, float* source, float* target, int length)
    {
        if (IsWide)
            Widen512(plan, source, target, length);
        else
            Widen256(plan, source, target, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Widen512(int* plan, float* source, float* target, int length)
    {
        int width = Vector512<float>.Count;
        for (int i = 0; i < length; i += width, plan += (3 * width) + 2)
        {
            float* window = source + plan[3 * width];
            Vector512<float> near = Vector512.Load(window), far = Vector512.Load(window + width);
            Vector512<float> from = Avx512F.PermuteVar16x32x2(near, Vector512.Load(plan), far);
            Vector512<float> to = Avx512F.PermuteVar16x32x2(near, Vector512.Load(plan + width), far);
            (from + ((to - from) * Vector512.Load((float*)plan + (2 * width)))).Store(target + Math.Min(i, length - width));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Widen256(int* plan, float* source, float* target, int length)
    {
        int width = Vector256<float>.Count;
        for (int i = 0; i < length; i += width, plan += (3 * width) + 2)
        {
            Vector256<float> from = Avx2.PermuteVar8x32(Vector256.Load(source + plan[3 * width]), Vector256.Load(plan));
            Vector256<float> to = Avx2.PermuteVar8x32(Vector256.Load(source + plan[(3 * width) + 1]), Vector256.Load(plan + width));
            (from + ((to - from) * Vector256.Load((float*)plan + (2 * width)))).Store(target + Math.Min(i, length - width));
        }
    }
}
