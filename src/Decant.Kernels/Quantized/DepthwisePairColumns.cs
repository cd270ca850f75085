using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Kernels.Quantized;

/// <summary>
/// Depthwise sums of 16-bit integers under windows of 3 x 3 that move by one, interleaved as in <see cref="DepthwisePairs{TDot}"/>: the first two
/// lines of a column are a pair that is added to the sums of the three windows that it lies in. The third line's elements are paired with those before them:
/// such a pair ends the sums of one window and begins those of another.
/// </summary>
internal static unsafe class DepthwisePairColumns<TDot>
    where TDot : struct, IDot<Vector256<int>>
{
    /// <summary>Columns, and lines, of a window.</summary>
    private const int Width = 3;

    /// <summary>Taps that are stored: pairs of each column's first two lines, then a tap of 0 and the first of the third line, then its other two.</summary>
    private const int Taps = 10;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in DepthwiseTask task)
    {
        for (int block = 0; block < task.Blocks; block++)
            Block(task, block);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Block(in DepthwiseTask task, int block)
    {
        Vector256<int>* weights = (Vector256<int>*)((short*)task.Weights + (block * Taps * 16));
        nint step = task.Step, at = block * 32, end = at + ((task.Pixels + Width - 1) * step), sumStride = task.SumStride;
        byte* r0 = task.Taps[0], r1 = task.Taps[1], r2 = task.Taps[7];
        int* sums = task.Sums + (block * 16) - ((Width - 1) * sumStride);
        nint first = at + ((Width - 1) * step);
        Vector256<int> w0 = weights[0], w1 = weights[1], w2 = weights[2], w3 = weights[3];
        Vector256<int> a0 = default, a1 = default, b0 = default, b1 = default;
        Vector256<short> before = default;
        for (; at != end; at += step, sums += sumStride)
        {
            Vector256<short> x = Vector256.Load((short*)(r0 + at)), y = Vector256.Load((short*)(r1 + at)), z = Vector256.Load((short*)(r2 + at));
            Vector256<int> v = Avx2.UnpackLow(x, y).AsInt32(), p = Avx2.UnpackLow(before, z).AsInt32();
            Vector256<int> c0 = TDot.Dot(TDot.Dot(b0, v, weights[4]), p, weights[8]);
            b0 = TDot.Dot(a0, v, w2);
            a0 = TDot.Dot(TDot.Dot(default, v, w0), p, weights[6]);
            v = Avx2.UnpackHigh(x, y).AsInt32();
            p = Avx2.UnpackHigh(before, z).AsInt32();
            before = z;
            Vector256<int> c1 = TDot.Dot(TDot.Dot(b1, v, weights[5]), p, weights[9]);
            b1 = TDot.Dot(a1, v, w3);
            a1 = TDot.Dot(TDot.Dot(default, v, w1), p, weights[7]);
            if (at >= first)
            {
                Avx2.Permute2x128(c0, c1, 0x20).Store(sums);
                Avx2.Permute2x128(c0, c1, 0x31).Store(sums + 8);
            }
        }
    }
}
