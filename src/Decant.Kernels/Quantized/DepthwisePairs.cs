using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Kernels.Quantized;

/// <summary>
/// Depthwise sums of 16-bit integers, two taps at once: of 16 channels the integers of both are interleaved, so that a lane has the two of one
/// channel. Weights are [block][pair of taps][2 registers of 8 channels][2 taps]; register a has channels 4a to 4a + 3 and 8 + 4a to 8 + 4a + 3
/// of the block, as the interleaving leaves them.
/// </summary>
internal static unsafe class DepthwisePairs<TDot>
    where TDot : struct, IDot<Vector256<int>>
{
    /// <summary>Taps of a window of 3 x 3, with one that fills a pair.</summary>
    private const int Ten = 10;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in DepthwiseTask task)
    {
        if (task.TapCount == Ten)
        {
            for (int block = 0; block < task.Blocks; block++)
                Block(task, block);
            return;
        }

        byte** taps = task.Taps;
        int count = task.TapCount;
        for (int pixel = 0; pixel < task.Pixels; pixel++)
        {
            int* sums = task.Sums + (pixel * task.SumStride);
            short* weights = (short*)task.Weights;
            nint offset = pixel * task.Step;
            for (int block = 0; block < task.Blocks; block++, offset += 32, sums += 16)
            {
                Vector256<int> s0 = default, s1 = default;
                for (int t = 0; t < count; t += 2, weights += 32)
                {
                    Vector256<short> first = Vector256.Load((short*)(taps[t] + offset)), second = Vector256.Load((short*)(taps[t + 1] + offset));
                    s0 = TDot.Dot(s0, Avx2.UnpackLow(first, second).AsInt32(), Vector256.Load(weights).AsInt32());
                    s1 = TDot.Dot(s1, Avx2.UnpackHigh(first, second).AsInt32(), Vector256.Load(weights + 16).AsInt32());
                }

                Avx2.Permute2x128(s0, s1, 0x20).Store(sums);
                Avx2.Permute2x128(s0, s1, 0x31).Store(sums + 8);
            }
        }
    }

    /// <summary>The sums of a block of ten taps, whose weights stay in registers for all pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Block(in DepthwiseTask task, int block)
    {
        short* weights = (short*)task.Weights + (block * Ten * 16);
        Vector256<int> w0 = Vector256.Load(weights).AsInt32(), w1 = Vector256.Load(weights + 16).AsInt32();
        Vector256<int> w2 = Vector256.Load(weights + 32).AsInt32(), w3 = Vector256.Load(weights + 48).AsInt32();
        Vector256<int> w4 = Vector256.Load(weights + 64).AsInt32(), w5 = Vector256.Load(weights + 80).AsInt32();
        Vector256<int> w6 = Vector256.Load(weights + 96).AsInt32(), w7 = Vector256.Load(weights + 112).AsInt32();
        Vector256<int> w8 = Vector256.Load(weights + 128).AsInt32(), w9 = Vector256.Load(weights + 144).AsInt32();
        byte** taps = task.Taps;
        byte* t0 = taps[0], t1 = taps[1], t2 = taps[2], t3 = taps[3], t4 = taps[4], t5 = taps[5], t6 = taps[6], t7 = taps[7], t8 = taps[8], t9 = taps[9];
        nint step = task.Step, offset = block * 32, end = offset + (task.Pixels * step), sumStride = task.SumStride;
        int* sums = task.Sums + (block * 16);
        for (; offset != end; offset += step, sums += sumStride)
        {
            Vector256<short> first = Vector256.Load((short*)(t0 + offset)), second = Vector256.Load((short*)(t1 + offset));
            Vector256<int> s0 = TDot.Dot(Vector256<int>.Zero, Avx2.UnpackLow(first, second).AsInt32(), w0);
            Vector256<int> s1 = TDot.Dot(Vector256<int>.Zero, Avx2.UnpackHigh(first, second).AsInt32(), w1);
            first = Vector256.Load((short*)(t2 + offset));
            second = Vector256.Load((short*)(t3 + offset));
            s0 = TDot.Dot(s0, Avx2.UnpackLow(first, second).AsInt32(), w2);
            s1 = TDot.Dot(s1, Avx2.UnpackHigh(first, second).AsInt32(), w3);
            first = Vector256.Load((short*)(t4 + offset));
            second = Vector256.Load((short*)(t5 + offset));
            s0 = TDot.Dot(s0, Avx2.UnpackLow(first, second).AsInt32(), w4);
            s1 = TDot.Dot(s1, Avx2.UnpackHigh(first, second).AsInt32(), w5);
            first = Vector256.Load((short*)(t6 + offset));
            second = Vector256.Load((short*)(t7 + offset));
            s0 = TDot.Dot(s0, Avx2.UnpackLow(first, second).AsInt32(), w6);
            s1 = TDot.Dot(s1, Avx2.UnpackHigh(first, second).AsInt32(), w7);
            first = Vector256.Load((short*)(t8 + offset));
            second = Vector256.Load((short*)(t9 + offset));
            s0 = TDot.Dot(s0, Avx2.UnpackLow(first, second).AsInt32(), w8);
            s1 = TDot.Dot(s1, Avx2.UnpackHigh(first, second).AsInt32(), w9);
            Avx2.Permute2x128(s0, s1, 0x20).Store(sums);
            Avx2.Permute2x128(s0, s1, 0x31).Store(sums + 8);
        }
    }
}
