using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Kernels.Copy;

/// <summary>Transposition of four rows of 4-byte elements by SSE, as <see cref="Tile8"/> has it for eight.</summary>
internal static unsafe class Tile4
{
    /// <summary>Four columns of four rows: lane r of the i-th is s[r·stride + i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector128<float> First, Vector128<float> Second, Vector128<float> Third, Vector128<float> Fourth) Columns(float* s, long stride) =>
        Transpose(Vector128.Load(s), Vector128.Load(s + stride), Vector128.Load(s + (2 * stride)), Vector128.Load(s + (3 * stride)));

    /// <summary>What <see cref="Columns"/> reads, written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreColumns(Vector128<float> first, Vector128<float> second, Vector128<float> third, Vector128<float> fourth, float* t, long stride)
    {
        (Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d) = Transpose(first, second, third, fourth);
        a.Store(t);
        b.Store(t + stride);
        c.Store(t + (2 * stride));
        d.Store(t + (3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<float> First, Vector128<float> Second, Vector128<float> Third, Vector128<float> Fourth) Transpose(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d)
    {
        Vector128<float> lowAC = Sse.UnpackLow(a, c), highAC = Sse.UnpackHigh(a, c);
        Vector128<float> lowBD = Sse.UnpackLow(b, d), highBD = Sse.UnpackHigh(b, d);
        return (Sse.UnpackLow(lowAC, lowBD), Sse.UnpackHigh(lowAC, lowBD), Sse.UnpackLow(highAC, highBD), Sse.UnpackHigh(highAC, highBD));
    }
}
