using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Kernels.Quantized;

/// <summary>
/// The loop of <see cref="Requantizer"/> for AVX2 where sums are neither shifted to the left nor cut, and nothing is taken off them by rows: ((sum · mantissa +
/// addend) >> 31) >> shift, where the addend is all that is added before: the bias, the halves of both roundings and the zero point. Without
/// what <see cref="Requantization{V, TLanes, TAway}"/> asks for each register, everything fits the 16 registers.
/// </summary>
internal static unsafe class Requantization256<TAway>
    where TAway : struct, Requantizer.IIsAway
{
    /// <summary>Rows whose results are packed together.</summary>
    private const int Together = 4;

    private const int Lanes = 8;

    /// <summary>Stores results of at least a register of channels; the last ones are computed twice where they do not fill one.</summary>
    /// <param name="sums">The sums, without terms; one more may be read.</param>
    /// <param name="parameters">Of 32 bits, as <see cref="Requantizer"/> has them: biases, mantissas, ..., shifts to the right, ..., and -1 where halves are rounded away from zero.</param>
    /// <param name="length">Channels of such a parameter.</param>
    /// <param name="addends">What is added to the product of each channel.</param>
    /// <param name="output">What results are cut to.</param>
    /// <param name="to">The results of the first row.</param>
    /// <param name="stride">Bytes between rows of results.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(in DotSums sums, int* parameters, nint length, long* addends, in QuantizedOutput output, byte* to, nint stride)
    {
        if (output.Kind == IntegerKind.Int16)
            Shorts(sums, parameters, length, addends, output, to, stride);
        else if (output.Kind == IntegerKind.Int8)
            Bytes<Signed>(sums, parameters, length, addends, output, to, stride);
        else
            Bytes<Unsigned>(sums, parameters, length, addends, output, to, stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Bytes<TSign>(in DotSums sums, int* parameters, nint length, long* addends, in QuantizedOutput output, byte* to, nint stride)
        where TSign : struct, ISign
    {
        int last = sums.Count - Lanes, rowCount = sums.RowCount;
        nint valueStride = sums.Stride;
        int* first = sums.Values;
        Vector256<int> low = IntegerLanes256.CreateBytes(output.Min), high = IntegerLanes256.CreateBytes(output.Max);
        for (int i = 0; ; i = Math.Min(i + Lanes, last))
        {
            int* p = parameters + i;
            Vector256<int> factor = Vector256.Load(p + length), odd = IntegerLanes256.Odd(factor), right = Vector256.Load(p + (3 * length)), least = Least(p, length);
            (Vector256<long> addend, Vector256<long> oddAddend) = Halves(addends + i);
            int* values = first + i;
            byte* place = to + i;
            int rows = rowCount;
            for (; rows >= Together; rows -= Together, values += Together * valueStride, place += Together * stride)
            {
                int* half = values + (2 * valueStride);
                Vector256<int> a = Scaled(values, factor, odd, addend, oddAddend, right, least);
                Vector256<int> b = Scaled(values + valueStride, factor, odd, addend, oddAddend, right, least);
                Vector256<int> c = Scaled(half, factor, odd, addend, oddAddend, right, least);
                Vector256<int> d = Scaled(half + valueStride, factor, odd, addend, oddAddend, right, least);
                IntegerLanes256.StoreRows(a, b, c, d, low, high, TSign.IsSigned, place, stride);
            }

            for (; rows > 0; rows--, values += valueStride, place += stride)
            {
                Vector256<int> a = Scaled(values, factor, odd, addend, oddAddend, right, least);
                Vector128<short> shorts = Sse2.PackSignedSaturate(a.GetLower(), a.GetUpper());
                Vector128<byte> bytes = TSign.IsSigned ? Vector128.Min(high.GetLower().AsSByte(), Vector128.Max(low.GetLower().AsSByte(), Sse2.PackSignedSaturate(shorts, shorts))).AsByte()
                    : Vector128.Min(high.GetLower().AsByte(), Vector128.Max(low.GetLower().AsByte(), Sse2.PackUnsignedSaturate(shorts, shorts)));
                *(ulong*)place = bytes.AsUInt64().ToScalar();
            }

            if (i == last)
                return;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Shorts(in DotSums sums, int* parameters, nint length, long* addends, in QuantizedOutput output, byte* to, nint stride)
    {
        int last = sums.Count - Lanes, rowCount = sums.RowCount;
        nint valueStride = sums.Stride;
        Vector128<short> low = Vector128.Create((short)output.Min), high = Vector128.Create((short)output.Max);
        for (int i = 0; ; i = Math.Min(i + Lanes, last))
        {
            int* p = parameters + i;
            Vector256<int> factor = Vector256.Load(p + length), odd = IntegerLanes256.Odd(factor), right = Vector256.Load(p + (3 * length)), least = Least(p, length);
            (Vector256<long> addend, Vector256<long> oddAddend) = Halves(addends + i);
            int* values = sums.Values + i;
            byte* place = to + (i * sizeof(short));
            for (int rows = rowCount; rows > 0; rows--, values += valueStride, place += stride)
            {
                Vector256<int> a = Scaled(values, factor, odd, addend, oddAddend, right, least);
                Vector128.Min(high, Vector128.Max(low, Sse2.PackSignedSaturate(a.GetLower(), a.GetUpper()))).Store((short*)place);
            }

            if (i == last)
                return;
        }
    }

    /// <summary>Sums below these are negative with their bias, where that counts; the least integer where it does not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Least(int* p, nint length) =>
        TAway.Value ? Vector256.ConditionalSelect(Vector256.Load(p + (5 * length)), -Vector256.Load(p), Vector256.Create(int.MinValue)) : default;

    /// <summary>What lies in even places, and what in odd ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<long> Even, Vector256<long> Odd) Halves(long* from)
    {
        Vector256<long> first = Vector256.Load(from), second = Vector256.Load(from + 4);
        return (Avx2.Permute4x64(Avx2.UnpackLow(first, second), 0b11011000), Avx2.Permute4x64(Avx2.UnpackHigh(first, second), 0b11011000));
    }

    /// <summary>Half away from zero: 1 less before the shift where negative. What the product rounded to 0 stays 0 by it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Scaled(int* values, Vector256<int> factor, Vector256<int> odd, Vector256<long> addend, Vector256<long> oddAddend, Vector256<int> right, Vector256<int> least)
    {
        Vector256<long> e = Avx2.Multiply(factor, Vector256.Load(values)) + addend, o = Avx2.Multiply(odd, Vector256.Load(values + 1)) + oddAddend;
        Vector256<int> scaled = Avx2.Blend((e >>> 31).AsInt32(), (o + o).AsInt32(), 0b10101010);
        if (TAway.Value)
            scaled += Vector256.GreaterThan(least, Vector256.Load(values));
        return Avx2.ShiftRightArithmeticVariable(scaled, right.AsUInt32());
    }

    private readonly struct Signed : ISign { public static bool IsSigned => true; }

    private readonly struct Unsigned : ISign { public static bool IsSigned => false; }

    private interface ISign
    {
        static abstract bool IsSigned { get; }
    }
}
