using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Kernels.Quantized;

/// <summary>Sixteen integers in a register of AVX-512.</summary>
internal readonly unsafe struct IntegerLanes512 : IIntegerLanes<Vector512<int>>
{
    public static bool IsSupported => Vector512.IsHardwareAccelerated && Avx512BW.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Create(int value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> CreateBytes(int value) => Vector512.Create((byte)value).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Add(Vector512<int> a, Vector512<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Subtract(Vector512<int> a, Vector512<int> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> And(Vector512<int> a, Vector512<int> b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Min(Vector512<int> a, Vector512<int> b) => Vector512.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Max(Vector512<int> a, Vector512<int> b) => Vector512.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Multiply(Vector512<int> a, Vector512<int> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> ShiftLeft(Vector512<int> a, Vector512<int> bits) => Avx512F.ShiftLeftLogicalVariable(a, bits.AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> ShiftRight(Vector512<int> a, Vector512<int> bits) => Avx512F.ShiftRightArithmeticVariable(a, bits.AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Sign(Vector512<int> a) => a >> 31;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Odd(Vector512<int> a) => (a.AsInt64() >>> 32).AsInt32();

    // Of 64-bit sums bits 31 to 62 are kept, so what is added counts modulo 2^63.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Addend(Vector512<int> offset, bool isOdd) => ((((isOdd ? Odd(offset) : offset).AsInt64() << 32) >>> 1) + Vector512.Create(1L << 30)).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Rescale(Vector512<int> a, Vector512<int> factor, Vector512<int> oddFactor, Vector512<int> addend, Vector512<int> oddAddend)
    {
        Vector512<long> even = Avx512F.Multiply(a, factor) + addend.AsInt64(), odd = Avx512F.Multiply(Odd(a), oddFactor) + oddAddend.AsInt64();
        return Vector512.ConditionalSelect(Vector512.Create(0xFFFFFFFFL), even >>> 31, odd << 1).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> LoadBytes(byte* from, bool isSigned) =>
        isSigned ? Avx512F.ConvertToVector512Int32(Vector128.Load((sbyte*)from)) : Avx512F.ConvertToVector512Int32(Vector128.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> LoadShorts(short* from) => Avx512F.ConvertToVector512Int32(Vector256.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(Vector512<int> a, byte* to) => Avx512F.ConvertToVector128Byte(a).Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreShorts(Vector512<int> a, short* to) => Avx512F.ConvertToVector256Int16(a).Store(to);

    // Packing leaves four elements of each row side by side in every 128 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRows(Vector512<int> a, Vector512<int> b, Vector512<int> c, Vector512<int> d, Vector512<int> low, Vector512<int> high, bool isSigned, byte* to, nint stride)
    {
        Vector512<short> ab = Avx512BW.PackSignedSaturate(a, b), cd = Avx512BW.PackSignedSaturate(c, d);
        Vector512<byte> bytes = isSigned ? Vector512.Min(high.AsSByte(), Vector512.Max(low.AsSByte(), Avx512BW.PackSignedSaturate(ab, cd))).AsByte()
            : Vector512.Min(high.AsByte(), Vector512.Max(low.AsByte(), Avx512BW.PackUnsignedSaturate(ab, cd)));
        Vector512<byte> rows = Avx512F.PermuteVar16x32(bytes.AsInt32(), Vector512.Create(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15)).AsByte();
        rows.GetLower().GetLower().Store(to);
        rows.GetLower().GetUpper().Store(to + stride);
        rows.GetUpper().GetLower().Store(to + (2 * stride));
        rows.GetUpper().GetUpper().Store(to + (3 * stride));
    }
}
