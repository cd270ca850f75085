using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Kernels.Copy;

/// <summary>Transposition of blocks of eight rows of 4-byte elements by AVX, rows i and i + 4 side by side in a register, so that no register has to be crossed.</summary>
internal static unsafe class Tile8
{
    public const int Size = 8;

    public static bool IsSupported => Avx.IsSupported;

    /// <summary>target[r·targetStride + c] = source[c·sourceStride + r] for r and c in [0, 8).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(float* s, long ss, float* t, long ts)
    {
        Half(s, ss, t, ts);
        Half(s + 4, ss, t + (4 * ts), ts);
    }

    /// <summary>Four columns of eight rows: lane r of the i-th is s[r·stride + i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> First, Vector256<float> Second, Vector256<float> Third, Vector256<float> Fourth) Columns(float* s, long stride) =>
        Transpose(Pair(s, 4 * stride), Pair(s + stride, 4 * stride), Pair(s + (2 * stride), 4 * stride), Pair(s + (3 * stride), 4 * stride));

    /// <summary>What <see cref="Columns"/> reads, written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreColumns(Vector256<float> first, Vector256<float> second, Vector256<float> third, Vector256<float> fourth, float* t, long stride)
    {
        (Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d) = Transpose(first, second, third, fourth);
        StorePair(a, t, 4 * stride);
        StorePair(b, t + stride, 4 * stride);
        StorePair(c, t + (2 * stride), 4 * stride);
        StorePair(d, t + (3 * stride), 4 * stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Half(float* s, long ss, float* t, long ts)
    {
        (Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d) = Columns(s, ss);
        a.Store(t);
        b.Store(t + ts);
        c.Store(t + (2 * ts));
        d.Store(t + (3 * ts));
    }

    /// <summary>The 4 x 4 blocks in each 128 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> First, Vector256<float> Second, Vector256<float> Third, Vector256<float> Fourth) Transpose(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d)
    {
        Vector256<float> lowAC = Avx.UnpackLow(a, c), highAC = Avx.UnpackHigh(a, c);
        Vector256<float> lowBD = Avx.UnpackLow(b, d), highBD = Avx.UnpackHigh(b, d);
        return (Avx.UnpackLow(lowAC, lowBD), Avx.UnpackHigh(lowAC, lowBD), Avx.UnpackLow(highAC, highBD), Avx.UnpackHigh(highAC, highBD));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Pair(float* s, long distance) => Vector256.Create(Vector128.Load(s), Vector128.Load(s + distance));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePair(Vector256<float> v, float* t, long distance)
    {
        v.GetLower().Store(t);
        v.GetUpper().Store(t + distance);
    }
}
