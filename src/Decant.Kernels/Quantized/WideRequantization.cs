using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Kernels.Quantized;

/// <summary>
/// The loop of <see cref="Requantizer"/> for AVX-512, which shifts integers of 64 bits with their sign: (sum · mantissa + addend) >> (31 + shift),
/// where the addend is all that is added before: the bias, the halves of both roundings and the zero point. Sums that lie in odd places are
/// loaded again from the place behind.
/// </summary>
internal static unsafe class WideRequantization<TAway>
    where TAway : struct, Requantizer.IIsAway
{
    /// <summary>Rows whose results are packed together.</summary>
    private const int Together = 4;

    private const int Lanes = 16;

    /// <summary>Stores results of at least a register of channels; the last ones are computed twice where they do not fill one.</summary>
    /// <param name="sums">The sums; one more may be read.</param>
    /// <param name="mantissas">Of each channel.</param>
    /// <param name="parameters">One after another: shifts to the right, 31 and more; what is added to each product; the same for negative sums; and the least product whose sum with its bias is not negative.</param>
    /// <param name="length">Channels of a parameter.</param>
    /// <param name="output">What results are cut to.</param>
    /// <param name="to">The results of the first row.</param>
    /// <param name="stride">Bytes between rows of results.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(in DotSums sums, int* mantissas, long* parameters, nint length, in QuantizedOutput output, byte* to, nint stride)
    {
        int size = output.Size, last = sums.Count - Lanes;
        bool isSigned = output.Kind == IntegerKind.Int8;
        Vector512<int> low = Vector512.Create(output.Min), high = Vector512.Create(output.Max), lowBytes = IntegerLanes512.CreateBytes(output.Min), highBytes = IntegerLanes512.CreateBytes(output.Max);
        for (int i = 0; ; i = Math.Min(i + Lanes, last))
        {
            Vector512<int> factor = Vector512.Load(mantissas + i), oddFactor = IntegerLanes512.Odd(factor);
            (Vector512<long> shift, Vector512<long> oddShift) = Halves(parameters + i);
            (Vector512<long> addend, Vector512<long> oddAddend) = Halves(parameters + length + i);
            (Vector512<long> negative, Vector512<long> oddNegative) = Halves(parameters + (2 * length) + i);
            (Vector512<long> least, Vector512<long> oddLeast) = Halves(parameters + (3 * length) + i);
            int* values = sums.Values + i, terms = sums.Terms;
            nint valueStride = sums.Stride;
            byte* place = to + (i * size);
            int rows = sums.RowCount;
            for (; size == 1 && rows >= Together; rows -= Together, values += Together * valueStride, place += Together * stride)
            {
                Vector512<int> a = Scaled(values, terms, factor, oddFactor, shift, oddShift, addend, oddAddend, negative, oddNegative, least, oddLeast);
                Vector512<int> b = Scaled(values + valueStride, terms == null ? null : terms + 1, factor, oddFactor, shift, oddShift, addend, oddAddend, negative, oddNegative, least, oddLeast);
                Vector512<int> c = Scaled(values + (2 * valueStride), terms == null ? null : terms + 2, factor, oddFactor, shift, oddShift, addend, oddAddend, negative, oddNegative, least, oddLeast);
                Vector512<int> d = Scaled(values + (3 * valueStride), terms == null ? null : terms + 3, factor, oddFactor, shift, oddShift, addend, oddAddend, negative, oddNegative, least, oddLeast);
                IntegerLanes512.StoreRows(a, b, c, d, lowBytes, highBytes, isSigned, place, stride);
                if (terms != null)
                    terms += Together;
            }

            for (; rows > 0; rows--, values += valueStride, place += stride)
            {
                Vector512<int> y = Vector512.Min(high, Vector512.Max(low, Scaled(values, terms, factor, oddFactor, shift, oddShift, addend, oddAddend, negative, oddNegative, least, oddLeast)));
                if (terms != null)
                    terms++;
                if (size == 2)
                    IntegerLanes512.StoreShorts(y, (short*)place);
                else
                    IntegerLanes512.StoreBytes(y, place);
            }

            if (i == last)
                return;
        }
    }

    /// <summary>What lies in even places, and what in odd ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<long> Even, Vector512<long> Odd) Halves(long* from)
    {
        Vector512<long> first = Vector512.Load(from), second = Vector512.Load(from + 8);
        return (Avx512F.PermuteVar8x64x2(first, Vector512.Create(0L, 2, 4, 6, 8, 10, 12, 14), second), Avx512F.PermuteVar8x64x2(first, Vector512.Create(1L, 3, 5, 7, 9, 11, 13, 15), second));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Scaled(int* values, int* term, Vector512<int> factor, Vector512<int> oddFactor, Vector512<long> shift, Vector512<long> oddShift, Vector512<long> addend, Vector512<long> oddAddend, Vector512<long> negative, Vector512<long> oddNegative, Vector512<long> least, Vector512<long> oddLeast)
    {
        Vector512<int> x = Vector512.Load(values), z;
        if (term == null)
            z = Vector512.Load(values + 1);
        else
        {
            x -= Vector512.Create(*term);
            z = IntegerLanes512.Odd(x);
        }

        Vector512<long> even = Avx512F.Multiply(x, factor), odd = Avx512F.Multiply(z, oddFactor);
        if (TAway.Value)
        {
            even += Vector512.ConditionalSelect(Vector512.LessThan(even, least), negative, addend);
            odd += Vector512.ConditionalSelect(Vector512.LessThan(odd, oddLeast), oddNegative, oddAddend);
        }
        else
        {
            even += addend;
            odd += oddAddend;
        }

        even = Avx512F.ShiftRightArithmeticVariable(even, shift.AsUInt64());
        odd = Avx512F.ShiftRightArithmeticVariable(odd, oddShift.AsUInt64());
        return Avx512F.PermuteVar16x32x2(even.AsInt32(), Vector512.Create(0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30), odd.AsInt32());
    }
}
