using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Kernels.Copy;

/// <summary>Transposition of 16 x 16 blocks of 4-byte elements by AVX-512: whole cache lines in, whole cache lines out.</summary>
internal static unsafe class Tile16
{
    public const int Size = 16;

    public static bool IsSupported => Avx512F.IsSupported;

    /// <summary>target[r·targetStride + c] = source[c·sourceStride + r] for c in [0, 16) and r in [0, rows), rows a multiple of 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Columns(float* source, long sourceStride, float* target, long targetStride, int rows)
    {
        for (int r = 0; r < rows; r += Size)
        {
            // The lines that the next sixteen columns write: no prefetcher of the processor sees them coming.
            float* to = target + (r * targetStride);
            for (int i = 0; i < Size; i++)
                Sse.Prefetch0(to + (i * targetStride) + Size);
            Block(source + r, sourceStride, to, targetStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block(float* s, long ss, float* t, long ts)
    {
        // Four rows become four registers of columns within each 128 bits; then the 128-bit parts are transposed.
        (Vector512<float> a0, Vector512<float> a1, Vector512<float> a2, Vector512<float> a3) = Four(s, ss);
        (Vector512<float> b0, Vector512<float> b1, Vector512<float> b2, Vector512<float> b3) = Four(s + (4 * ss), ss);
        (Vector512<float> c0, Vector512<float> c1, Vector512<float> c2, Vector512<float> c3) = Four(s + (8 * ss), ss);
        (Vector512<float> d0, Vector512<float> d1, Vector512<float> d2, Vector512<float> d3) = Four(s + (12 * ss), ss);
        Parts(a0, b0, c0, d0, t, 4 * ts);
        Parts(a1, b1, c1, d1, t + ts, 4 * ts);
        Parts(a2, b2, c2, d2, t + (2 * ts), 4 * ts);
        Parts(a3, b3, c3, d3, t + (3 * ts), 4 * ts);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> First, Vector512<float> Second, Vector512<float> Third, Vector512<float> Fourth) Four(float* s, long ss)
    {
        Vector512<float> a = Vector512.Load(s), b = Vector512.Load(s + ss), c = Vector512.Load(s + (2 * ss)), d = Vector512.Load(s + (3 * ss));
        Vector512<float> lowAC = Avx512F.UnpackLow(a, c), highAC = Avx512F.UnpackHigh(a, c);
        Vector512<float> lowBD = Avx512F.UnpackLow(b, d), highBD = Avx512F.UnpackHigh(b, d);
        return (Avx512F.UnpackLow(lowAC, lowBD), Avx512F.UnpackHigh(lowAC, lowBD), Avx512F.UnpackLow(highAC, highBD), Avx512F.UnpackHigh(highAC, highBD));
    }

    /// <summary>Row i of the target is part i of each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Parts(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, float* t, long step)
    {
        Vector512<float> lowAB = Avx512F.Shuffle4x128(a, b, 0b01_00_01_00), highAB = Avx512F.Shuffle4x128(a, b, 0b11_10_11_10);
        Vector512<float> lowCD = Avx512F.Shuffle4x128(c, d, 0b01_00_01_00), highCD = Avx512F.Shuffle4x128(c, d, 0b11_10_11_10);
        Avx512F.Shuffle4x128(lowAB, lowCD, 0b10_00_10_00).Store(t);
        Avx512F.Shuffle4x128(lowAB, lowCD, 0b11_01_11_01).Store(t + step);
        Avx512F.Shuffle4x128(highAB, highCD, 0b10_00_10_00).Store(t + (2 * step));
        Avx512F.Shuffle4x128(highAB, highCD, 0b11_01_11_01).Store(t + (3 * step));
    }
}
