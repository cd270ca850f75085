using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Decant.Kernels.Quantized;

/// <summary>Four integers in a register of AdvSimd, which has gemmlowp's product as one instruction.</summary>
internal readonly unsafe struct IntegerLanes128 : IIntegerLanes<Vector128<int>>
{
    public static bool IsSupported => AdvSimd.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Create(int value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> CreateBytes(int value) => Vector128.Create((byte)value).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> a, Vector128<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Subtract(Vector128<int> a, Vector128<int> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> And(Vector128<int> a, Vector128<int> b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Min(Vector128<int> a, Vector128<int> b) => Vector128.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Max(Vector128<int> a, Vector128<int> b) => Vector128.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Multiply(Vector128<int> a, Vector128<int> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> ShiftLeft(Vector128<int> a, Vector128<int> bits) => AdvSimd.ShiftArithmetic(a, bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> ShiftRight(Vector128<int> a, Vector128<int> bits) => AdvSimd.ShiftArithmetic(a, -bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Sign(Vector128<int> a) => a >> 31;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Odd(Vector128<int> a) => a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Addend(Vector128<int> offset, bool isOdd) => offset;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Rescale(Vector128<int> a, Vector128<int> factor, Vector128<int> oddFactor, Vector128<int> addend, Vector128<int> oddAddend) => AdvSimd.MultiplyRoundedDoublingSaturateHigh(a, factor) + addend;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> LoadBytes(byte* from, bool isSigned)
    {
        Vector128<byte> four = Vector128.CreateScalarUnsafe(*(uint*)from).AsByte();
        return isSigned ? Vector128.WidenLower(Vector128.WidenLower(four.AsSByte())) : Vector128.WidenLower(Vector128.WidenLower(four)).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> LoadShorts(short* from) => Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)from).AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(Vector128<int> a, byte* to) => *(uint*)to = Vector128.Narrow(Vector128.Narrow(a, a), Vector128<short>.Zero).AsUInt32().ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreShorts(Vector128<int> a, short* to) => *(ulong*)to = Vector128.Narrow(a, a).AsUInt64().ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRows(Vector128<int> a, Vector128<int> b, Vector128<int> c, Vector128<int> d, Vector128<int> low, Vector128<int> high, bool isSigned, byte* to, nint stride)
    {
        Vector128<short> ab = Vector128.NarrowWithSaturation(a, b), cd = Vector128.NarrowWithSaturation(c, d);
        Vector128<uint> rows = isSigned ? Vector128.Min(high.AsSByte(), Vector128.Max(low.AsSByte(), Vector128.NarrowWithSaturation(ab, cd))).AsUInt32()
            : Vector128.Min(high.AsByte(), Vector128.Max(low.AsByte(), Vector128.NarrowWithSaturation(Vector128.Max(ab, Vector128<short>.Zero).AsUInt16(), Vector128.Max(cd, Vector128<short>.Zero).AsUInt16()))).AsUInt32();
        *(uint*)to = rows.GetElement(0);
        *(uint*)(to + stride) = rows.GetElement(1);
        *(uint*)(to + (2 * stride)) = rows.GetElement(2);
        *(uint*)(to + (3 * stride)) = rows.GetElement(3);
    }
}
