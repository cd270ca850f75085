using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Elementwise;

/// <summary>Comparisons to bool over a row where each input advances by 0 or 1: 32 results a store by AVX2, else eight.</summary>
internal static unsafe class CompareLoop
{
    private const ulong Ones = 0x0101_0101_0101_0101;

    /// <summary>Elements that a step reads at most: those of 512 bits of bytes.</summary>
    private const int Most = 64;

    /// <summary>TB is TA, TOut is bool.</summary>
    public static void Run<TA, TB, TOut, TOp>(TA* a, long strideA, TB* b, long strideB, TOut* y, int n, TOp op)
        where TA : unmanaged
        where TB : unmanaged
        where TOut : unmanaged
        where TOp : struct, ICombineOperator<TA, TB, TOut>
    {
        int done = 0, bits = LaneWidth.Current;
        if (bits >= 512)
            done = Lanes<TA, TB, TOut, TOp, Lanes512<TA>>(a, strideA, (TA*)b, strideB, (byte*)y, n, op);
        else if (bits >= 256 && Avx2.IsSupported && n >= ComparePack.Step)
            done = ComparePack.Run<TA, TB, TOut, TOp>(a, strideA, (TA*)b, strideB, (byte*)y, n, op);
        else if (bits >= 256)
            done = Lanes<TA, TB, TOut, TOp, Lanes256<TA>>(a, strideA, (TA*)b, strideB, (byte*)y, n, op);
        else if (bits >= 128)
            done = Lanes<TA, TB, TOut, TOp, Lanes128<TA>>(a, strideA, (TA*)b, strideB, (byte*)y, n, op);
        for (int i = done; i < n; i++)
            y[i] = op.Invoke(a[i * strideA], b[i * strideB]);
    }

    /// <summary>An input that stays, as often as a step reads: so the loops read it like any other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T* Repeat<V, T>(T value, T* block, int step)
        where V : struct, ILanes<V, T>
        where T : unmanaged
    {
        for (int i = 0; i < step; i += V.Count)
            V.Create(value).Store(block + i);
        return block;
    }

    /// <summary>The whole groups of a register's or of eight elements; how many elements they are.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Lanes<TA, TB, TOut, TOp, V>(TA* a, long strideA, TA* b, long strideB, byte* y, int n, TOp op)
        where TA : unmanaged
        where TB : unmanaged
        where TOut : unmanaged
        where TOp : struct, ICombineOperator<TA, TB, TOut>
        where V : struct, ILanes<V, TA>
    {
        TA* left = stackalloc TA[Most], right = stackalloc TA[Most];
        int step = Math.Max(8, V.Count), i = 0;
        if (strideA == 0)
            a = Repeat<V, TA>(*a, left, step);
        if (strideB == 0)
            b = Repeat<V, TA>(*b, right, step);
        for (; i <= n - step; i += step, a += step * strideA, b += step * strideB)
        {
            ulong bits = 0;
            for (int k = 0; k < step; k += V.Count)
                bits |= V.Bits(op.Mask(V.Load(a + k), V.Load(b + k))) << k;
            for (int k = 0; k < step; k += 8)
                *(ulong*)(y + i + k) = Spread(bits >> k);
        }

        return i;
    }

    /// <summary>Byte i is bit i of the low eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Spread(ulong bits) => Bmi2.X64.IsSupported
        ? Bmi2.X64.ParallelBitDeposit(bits, Ones)
        : (((((bits & 0xFF) * Ones) & 0x8040_2010_0804_0201) + 0x7F7F_7F7F_7F7F_7F7F) >> 7) & Ones;
}
