using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Kernels.Quantized;

/// <summary>Sums of products of 16-bit integers, exact up to 32 bits: integers of 8 bits with their zero points taken off fit with room.</summary>
public static class IntegerDot
{
    /// <summary>The sum of a[i] * b[i], in 32 bits.</summary>
    public static int Sum(ReadOnlySpan<short> a, ReadOnlySpan<short> b)
    {
        int sum = 0, i = 0;
        ref short x = ref MemoryMarshal.GetReference(a), y = ref MemoryMarshal.GetReference(b);
        if (Avx2.IsSupported && a.Length >= Vector256<short>.Count)
        {
            Vector256<int> sums = Vector256<int>.Zero;
            for (; i <= a.Length - Vector256<short>.Count; i += Vector256<short>.Count)
                sums += Avx2.MultiplyAddAdjacent(Vector256.LoadUnsafe(ref x, (nuint)i), Vector256.LoadUnsafe(ref y, (nuint)i));
            sum = Vector256.Sum(sums);
        }
        else if (Vector128.IsHardwareAccelerated && a.Length >= Vector128<short>.Count)
        {
            Vector128<int> sums = Vector128<int>.Zero;
            for (; i <= a.Length - Vector128<short>.Count; i += Vector128<short>.Count)
            {
                (Vector128<int> xl, Vector128<int> xh) = Vector128.Widen(Vector128.LoadUnsafe(ref x, (nuint)i));
                (Vector128<int> yl, Vector128<int> yh) = Vector128.Widen(Vector128.LoadUnsafe(ref y, (nuint)i));
                sums += (xl * yl) + (xh * yh);
            }

            sum = Vector128.Sum(sums);
        }

        for (; i < a.Length; i++)
            sum += Unsafe.Add(ref x, i) * Unsafe.Add(ref y, i);
        return sum;
    }

    /// <summary>The sum of a[i] * b[i], in 32 bits.</summary>
    public static int Sum(ReadOnlySpan<short> a, ReadOnlySpan<sbyte> b)
    {
        int sum = 0, i = 0;
        ref short x = ref MemoryMarshal.GetReference(a);
        ref sbyte y = ref MemoryMarshal.GetReference(b);
        if (Avx2.IsSupported && a.Length >= Vector256<short>.Count)
        {
            Vector256<int> sums = Vector256<int>.Zero;
            for (; i <= a.Length - Vector256<short>.Count; i += Vector256<short>.Count)
                sums += Avx2.MultiplyAddAdjacent(Vector256.LoadUnsafe(ref x, (nuint)i), Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref y, (nuint)i)));
            sum = Vector256.Sum(sums);
        }
        else if (Vector128.IsHardwareAccelerated && a.Length >= Vector128<short>.Count)
        {
            Vector128<int> sums = Vector128<int>.Zero;
            for (; i <= a.Length - Vector128<short>.Count; i += Vector128<short>.Count)
            {
                (Vector128<int> xl, Vector128<int> xh) = Vector128.Widen(Vector128.LoadUnsafe(ref x, (nuint)i));
                (Vector128<int> yl, Vector128<int> yh) = Vector128.Widen(Vector128.WidenLower(Vector64.LoadUnsafe(ref y, (nuint)i).ToVector128()));
                sums += (xl * yl) + (xh * yh);
            }

            sum = Vector128.Sum(sums);
        }

        for (; i < a.Length; i++)
            sum += Unsafe.Add(ref x, i) * Unsafe.Add(ref y, i);
        return sum;
    }

    /// <summary>The sum of a[i], in 32 bits.</summary>
    public static int Sum(ReadOnlySpan<short> a)
    {
        int sum = 0;
        foreach (short value in a)
            sum += value;
        return sum;
    }

    /// <summary>The sum of a[i] * b[i], in 64 bits.</summary>
    public static long LongSum(ReadOnlySpan<short> a, ReadOnlySpan<short> b)
    {
        long sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
