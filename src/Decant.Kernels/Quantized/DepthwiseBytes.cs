using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Kernels.Quantized;

/// <summary>
/// Depthwise sums of bytes by VPDPBUSD: of 32 channels the bytes of four taps are interleaved, so that a lane has the four of one channel.
/// Weights are [block][group of four taps][4 registers of 8 channels][4 taps]; register a has channels 4a to 4a + 3 and 16 + 4a to 16 + 4a + 3
/// of the block, as the interleaving leaves them.
/// </summary>
internal static unsafe class DepthwiseBytes
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in DepthwiseTask task)
    {
        byte** taps = task.Taps;
        int groups = task.TapCount / 4;
        int* zeros = task.Zeros;
        for (int pixel = 0; pixel < task.Pixels; pixel++)
        {
            int* sums = task.Sums + (pixel * task.SumStride);
            sbyte* weights = (sbyte*)task.Weights;
            nint offset = pixel * task.Step;
            for (int block = 0; block < task.Blocks; block++, offset += 32, sums += 32)
            {
                Vector256<int> s0 = default, s1 = default, s2 = default, s3 = default;
                for (int g = 0; g < groups; g++, weights += 128)
                {
                    Vector256<byte> t0 = Vector256.Load(taps[4 * g] + offset), t1 = Vector256.Load(taps[(4 * g) + 1] + offset);
                    Vector256<byte> t2 = Vector256.Load(taps[(4 * g) + 2] + offset), t3 = Vector256.Load(taps[(4 * g) + 3] + offset);
                    Vector256<short> low01 = Avx2.UnpackLow(t0, t1).AsInt16(), high01 = Avx2.UnpackHigh(t0, t1).AsInt16();
                    Vector256<short> low23 = Avx2.UnpackLow(t2, t3).AsInt16(), high23 = Avx2.UnpackHigh(t2, t3).AsInt16();
                    Vector256<byte> v0 = Avx2.UnpackLow(low01, low23).AsByte(), v1 = Avx2.UnpackHigh(low01, low23).AsByte();
                    Vector256<byte> v2 = Avx2.UnpackLow(high01, high23).AsByte(), v3 = Avx2.UnpackHigh(high01, high23).AsByte();
                    s0 = AvxVnni.MultiplyWideningAndAdd(s0, v0, Vector256.Load(weights));
                    s1 = AvxVnni.MultiplyWideningAndAdd(s1, v1, Vector256.Load(weights + 32));
                    s2 = AvxVnni.MultiplyWideningAndAdd(s2, v2, Vector256.Load(weights + 64));
                    s3 = AvxVnni.MultiplyWideningAndAdd(s3, v3, Vector256.Load(weights + 96));
                    if (zeros == null)
                        continue;
                    Vector256<sbyte> zero = Vector256.Create(zeros[g]).AsSByte();
                    s0 = AvxVnni.MultiplyWideningAndAdd(s0, v0, zero);
                    s1 = AvxVnni.MultiplyWideningAndAdd(s1, v1, zero);
                    s2 = AvxVnni.MultiplyWideningAndAdd(s2, v2, zero);
                    s3 = AvxVnni.MultiplyWideningAndAdd(s3, v3, zero);
                }

                s0.GetLower().Store(sums);
                s1.GetLower().Store(sums + 4);
                s2.GetLower().Store(sums + 8);
                s3.GetLower().Store(sums + 12);
                s0.GetUpper().Store(sums + 16);
                s1.GetUpper().Store(sums + 20);
                s2.GetUpper().Store(sums + 24);
                s3.GetUpper().Store(sums + 28);
            }
        }
    }
}
