using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Elementwise;

/// <summary>
/// Comparisons to bool by AVX2, 32 results a store: masks of as many registers as an element has bytes are packed, lanes of all bits or none to
/// lanes of half the size, until they are bytes. Packing works in each 128 bits, so the parts are put in order at the end.
/// </summary>
internal static unsafe class ComparePack
{
    /// <summary>Elements that are compared at once.</summary>
    public const int Step = 32;

    /// <summary>
    /// All of n elements, 32 or more; n. The last step overlaps the one before and is read first, so that the output may be an input of bytes.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static int Run<TA, TB, TOut, TOp>(TA* a, long strideA, TA* b, long strideB, byte* y, int n, TOp op)
        where TA : unmanaged
        where TB : unmanaged
        where TOut : unmanaged
        where TOp : struct, ICombineOperator<TA, TB, TOut>
    {
        TA* left = stackalloc TA[Step], right = stackalloc TA[Step];
        if (strideA == 0)
            a = CompareLoop.Repeat<Lanes256<TA>, TA>(*a, left, Step);
        if (strideB == 0)
            b = CompareLoop.Repeat<Lanes256<TA>, TA>(*b, right, Step);
        int end = n - Step;
        Vector256<byte> last = Bytes<TA, TB, TOut, TOp>(a + (end * strideA), b + (end * strideB), op);
        for (int i = 0; i < end; i += Step, a += Step * strideA, b += Step * strideB)
            Bytes<TA, TB, TOut, TOp>(a, b, op).Store(y + i);
        last.Store(y + end);
        return n;
    }

    /// <summary>1 where a step's comparison is true, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Bytes<TA, TB, TOut, TOp>(TA* a, TA* b, TOp op)
        where TA : unmanaged
        where TB : unmanaged
        where TOut : unmanaged
        where TOp : struct, ICombineOperator<TA, TB, TOut>
    {
        Vector256<byte> one = Vector256.Create((byte)1);
        if (sizeof(TA) == 1)
            return Mask<TA, TB, TOut, TOp>(a, b, 0, op).AsByte() & one;
        if (sizeof(TA) == 2)
        {
            Vector256<sbyte> two = Avx2.PackSignedSaturate(Mask<TA, TB, TOut, TOp>(a, b, 0, op).AsInt16(), Mask<TA, TB, TOut, TOp>(a, b, 1, op).AsInt16());
            return Avx2.Permute4x64(two.AsUInt64(), 0b11_01_10_00).AsByte() & one;
        }

        Vector256<sbyte> four = Four<TA, TB, TOut, TOp>(a, b, 0, op);
        if (sizeof(TA) == 4)
            return Avx2.PermuteVar8x32(four.AsInt32(), Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7)).AsByte() & one;
        // Pairs of results: the lower two of each of eight registers, then the upper two.
        Vector256<sbyte> eight = Avx2.PackSignedSaturate(four.AsInt16(), Four<TA, TB, TOut, TOp>(a, b, 4, op).AsInt16());
        Vector128<byte> interleave = Vector128.Create((byte)0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15);
        return Avx2.Shuffle(Avx2.Permute4x64(eight.AsUInt64(), 0b11_01_10_00).AsByte(), Vector256.Create(interleave, interleave)) & one;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<sbyte> Four<TA, TB, TOut, TOp>(TA* a, TA* b, int register, TOp op)
        where TA : unmanaged
        where TB : unmanaged
        where TOut : unmanaged
        where TOp : struct, ICombineOperator<TA, TB, TOut> => Avx2.PackSignedSaturate(
            Avx2.PackSignedSaturate(Mask<TA, TB, TOut, TOp>(a, b, register, op).AsInt32(), Mask<TA, TB, TOut, TOp>(a, b, register + 1, op).AsInt32()),
            Avx2.PackSignedSaturate(Mask<TA, TB, TOut, TOp>(a, b, register + 2, op).AsInt32(), Mask<TA, TB, TOut, TOp>(a, b, register + 3, op).AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<TA> Mask<TA, TB, TOut, TOp>(TA* a, TA* b, int register, TOp op)
        where TA : unmanaged
        where TB : unmanaged
        where TOut : unmanaged
        where TOp : struct, ICombineOperator<TA, TB, TOut>
    {
        int first = register * Vector256<TA>.Count;
        return op.Mask(Lanes256<TA>.Load(a + first), Lanes256<TA>.Load(b + first)).Register;
    }
}
