using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Kernels.Quantized;

/// <summary>Eight integers in a register of AVX2.</summary>
internal readonly unsafe struct IntegerLanes256 : IIntegerLanes<Vector256<int>>
{
    public static bool IsSupported => Avx2.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Create(int value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> CreateBytes(int value) => Vector256.Create((byte)value).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> a, Vector256<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Subtract(Vector256<int> a, Vector256<int> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> And(Vector256<int> a, Vector256<int> b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Min(Vector256<int> a, Vector256<int> b) => Vector256.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Max(Vector256<int> a, Vector256<int> b) => Vector256.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Multiply(Vector256<int> a, Vector256<int> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> ShiftLeft(Vector256<int> a, Vector256<int> bits) => Avx2.ShiftLeftLogicalVariable(a, bits.AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> ShiftRight(Vector256<int> a, Vector256<int> bits) => Avx2.ShiftRightArithmeticVariable(a, bits.AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Sign(Vector256<int> a) => a >> 31;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Odd(Vector256<int> a) => (a.AsInt64() >>> 32).AsInt32();

    // Of 64-bit sums bits 31 to 62 are kept, so what is added counts modulo 2^63.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Addend(Vector256<int> offset, bool isOdd) => ((((isOdd ? Odd(offset) : offset).AsInt64() << 32) >>> 1) + Vector256.Create(1L << 30)).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Rescale(Vector256<int> a, Vector256<int> factor, Vector256<int> oddFactor, Vector256<int> addend, Vector256<int> oddAddend)
    {
        Vector256<long> even = Avx2.Multiply(a, factor) + addend.AsInt64(), odd = Avx2.Multiply(Odd(a), oddFactor) + oddAddend.AsInt64();
        return Avx2.Blend((even >>> 31).AsInt32(), (odd << 1).AsInt32(), 0b10101010);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LoadBytes(byte* from, bool isSigned) => isSigned ? Avx2.ConvertToVector256Int32((sbyte*)from) : Avx2.ConvertToVector256Int32(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LoadShorts(short* from) => Avx2.ConvertToVector256Int32(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(Vector256<int> a, byte* to) => *(ulong*)to = Vector128.Narrow(Vector128.Narrow(a.GetLower(), a.GetUpper()), Vector128<short>.Zero).AsUInt64().ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreShorts(Vector256<int> a, short* to) => Vector128.Narrow(a.GetLower(), a.GetUpper()).Store(to);

    // Packing leaves four elements of each row side by side in every 128 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRows(Vector256<int> a, Vector256<int> b, Vector256<int> c, Vector256<int> d, Vector256<int> low, Vector256<int> high, bool isSigned, byte* to, nint stride)
    {
        Vector256<short> ab = Avx2.PackSignedSaturate(a, b), cd = Avx2.PackSignedSaturate(c, d);
        Vector256<byte> bytes = isSigned ? Vector256.Min(high.AsSByte(), Vector256.Max(low.AsSByte(), Avx2.PackSignedSaturate(ab, cd))).AsByte()
            : Vector256.Min(high.AsByte(), Vector256.Max(low.AsByte(), Avx2.PackUnsignedSaturate(ab, cd)));
        Vector256<ulong> rows = Avx2.PermuteVar8x32(bytes.AsInt32(), Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7)).AsUInt64();
        *(ulong*)to = rows.GetElement(0);
        *(ulong*)(to + stride) = rows.GetElement(1);
        *(ulong*)(to + (2 * stride)) = rows.GetElement(2);
        *(ulong*)(to + (3 * stride)) = rows.GetElement(3);
    }
}
