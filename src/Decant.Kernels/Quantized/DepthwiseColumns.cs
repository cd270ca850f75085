using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Kernels.Quantized;

/// <summary>
/// Depthwise sums of bytes under windows of three columns that move by one: the bytes of a column are interleaved once, as in
/// <see cref="DepthwiseBytes"/>, and added to the sums of the three windows that it lies in. A group of four taps is a column.
/// </summary>
internal static unsafe class DepthwiseColumns
{
    /// <summary>Columns of a window.</summary>
    public const int Width = 3;

    private const int GroupBytes = 128;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in DepthwiseTask task)
    {
        for (int block = 0; block < task.Blocks; block++)
        {
            Half(task, block, 0);
            Half(task, block, 1);
        }
    }

    /// <summary>The sums of two registers of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Half(in DepthwiseTask task, int block, int half)
    {
        nint at = block * 32, step = task.Step, sumStride = task.SumStride;
        byte* r0 = task.Taps[0] + at, r1 = task.Taps[1] + at, r2 = task.Taps[2] + at, r3 = task.Taps[3] + at;
        sbyte* weights = (sbyte*)task.Weights + ((nint)block * Width * GroupBytes) + (half * 64);
        Vector256<sbyte> w00 = Vector256.Load(weights), w01 = Vector256.Load(weights + 32);
        Vector256<sbyte> w10 = Vector256.Load(weights + GroupBytes), w11 = Vector256.Load(weights + GroupBytes + 32);
        Vector256<sbyte> w20 = Vector256.Load(weights + (2 * GroupBytes)), w21 = Vector256.Load(weights + (2 * GroupBytes) + 32);
        int* zeros = task.Zeros, sums = task.Sums + (block * 32) + (half * 8) - ((Width - 1) * sumStride);
        Vector256<int> a0 = default, a1 = default, b0 = default, b1 = default;
        int columns = task.Pixels + Width - 1;
        for (int x = 0; x < columns; x++, r0 += step, r1 += step, r2 += step, r3 += step, sums += sumStride)
        {
            Vector256<byte> t0 = Vector256.Load(r0), t1 = Vector256.Load(r1), t2 = Vector256.Load(r2), t3 = Vector256.Load(r3);
            Vector256<short> v01 = (half == 0 ? Avx2.UnpackLow(t0, t1) : Avx2.UnpackHigh(t0, t1)).AsInt16();
            Vector256<short> v23 = (half == 0 ? Avx2.UnpackLow(t2, t3) : Avx2.UnpackHigh(t2, t3)).AsInt16();
            Vector256<byte> v0 = Avx2.UnpackLow(v01, v23).AsByte(), v1 = Avx2.UnpackHigh(v01, v23).AsByte();
            Vector256<int> c0 = AvxVnni.MultiplyWideningAndAdd(b0, v0, w20), c1 = AvxVnni.MultiplyWideningAndAdd(b1, v1, w21);
            b0 = AvxVnni.MultiplyWideningAndAdd(a0, v0, w10);
            b1 = AvxVnni.MultiplyWideningAndAdd(a1, v1, w11);
            a0 = AvxVnni.MultiplyWideningAndAdd(Vector256<int>.Zero, v0, w00);
            a1 = AvxVnni.MultiplyWideningAndAdd(Vector256<int>.Zero, v1, w01);
            if (zeros != null)
            {
                Vector256<sbyte> zero = Vector256.Create(*zeros).AsSByte();
                Vector256<int> z0 = AvxVnni.MultiplyWideningAndAdd(Vector256<int>.Zero, v0, zero), z1 = AvxVnni.MultiplyWideningAndAdd(Vector256<int>.Zero, v1, zero);
                (a0, a1, b0, b1, c0, c1) = (a0 + z0, a1 + z1, b0 + z0, b1 + z1, c0 + z0, c1 + z1);
            }

            if (x < Width - 1)
                continue;
            Avx2.Permute2x128(c0, c1, 0x20).Store(sums);
            Avx2.Permute2x128(c0, c1, 0x31).Store(sums + 16);
        }
    }
}
