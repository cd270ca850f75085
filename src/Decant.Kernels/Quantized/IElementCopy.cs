using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Kernels.Quantized;

/// <summary>How elements of activations are brought into the form that a micro-kernel takes.</summary>
internal unsafe interface IElementCopy
{
    /// <summary>Bytes of an element before.</summary>
    static abstract int FromBytes { get; }

    /// <summary>Bytes of an element after.</summary>
    static abstract int ToBytes { get; }

    /// <summary>Copies elements; what changes is flipped (bytes) or taken off (16-bit integers).</summary>
    static abstract void Copy(byte* from, byte* to, nint count, int change);

    /// <summary>The same for up to <see cref="ElementCopy.Few"/> elements: as many are read and written, those beyond the count as 0.</summary>
    static abstract void CopyFew(byte* from, byte* to, int count, int change);
}

/// <summary>What the kinds of copies share.</summary>
internal static class ElementCopy
{
    /// <summary>Elements that are copied in one step.</summary>
    public const int Few = 8;

    /// <summary>Bytes of these at most.</summary>
    public const int FewBytes = 16;

    /// <summary>-1 in the first elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> First(int count) => Vector128.LessThan(Vector128.Create(0, 1, 2, 3, 4, 5, 6, 7), Vector128.Create((short)count));
}

/// <summary>Bytes that stay bytes; with their top bits flipped where the signedness is another.</summary>
internal readonly unsafe struct FlipCopy : IElementCopy
{
    public static int FromBytes => 1;

    public static int ToBytes => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(byte* from, byte* to, nint count, int change)
    {
        if (count >= Vector256<byte>.Count)
        {
            Vector256<byte> flip = Vector256.Create((byte)change);
            nint last = count - Vector256<byte>.Count;
            for (nint i = 0; i < last; i += Vector256<byte>.Count)
                (Vector256.Load(from + i) ^ flip).Store(to + i);
            (Vector256.Load(from + last) ^ flip).Store(to + last);
        }
        else if (count >= Vector128<byte>.Count)
        {
            Vector128<byte> flip = Vector128.Create((byte)change), tail = Vector128.Load(from + count - Vector128<byte>.Count) ^ flip;
            (Vector128.Load(from) ^ flip).Store(to);
            tail.Store(to + count - Vector128<byte>.Count);
        }
        else if (count >= 8)
        {
            ulong flip = (ulong)change * 0x0101010101010101, tail = *(ulong*)(from + count - 8) ^ flip;
            *(ulong*)to = *(ulong*)from ^ flip;
            *(ulong*)(to + count - 8) = tail;
        }
        else
        {
            for (nint i = 0; i < count; i++)
                to[i] = (byte)(from[i] ^ change);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CopyFew(byte* from, byte* to, int count, int change) =>
        *(ulong*)to = (*(ulong*)from ^ ((ulong)change * 0x0101010101010101)) & (ulong.MaxValue >> (64 - (8 * count)));
}

/// <summary>Bytes, signed (sbyte) or not (byte), that become 16-bit integers without their zero point.</summary>
internal readonly unsafe struct WidenCopy<T> : IElementCopy
    where T : unmanaged, IBinaryInteger<T>
{
    public static int FromBytes => 1;

    public static int ToBytes => 2;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(byte* from, byte* to, nint count, int change)
    {
        nint i = 0;
        if (Avx2.IsSupported && count >= Vector256<short>.Count)
        {
            Vector256<short> zero = Vector256.Create((short)change);
            for (; i <= count - Vector256<short>.Count; i += Vector256<short>.Count)
            {
                Vector128<byte> bytes = Vector128.Load(from + i);
                ((typeof(T) == typeof(sbyte) ? Avx2.ConvertToVector256Int16(bytes.AsSByte()) : Avx2.ConvertToVector256Int16(bytes)) - zero).Store((short*)to + i);
            }
        }

        for (; i <= count - Vector128<short>.Count; i += Vector128<short>.Count)
            Eight(from + i, change).Store((short*)to + i);
        for (; i < count; i++)
            ((short*)to)[i] = (short)(int.CreateTruncating(((T*)from)[i]) - change);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CopyFew(byte* from, byte* to, int count, int change) => (Eight(from, change) & ElementCopy.First(count)).Store((short*)to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Eight(byte* from, int change)
    {
        Vector128<byte> bytes = Vector128.CreateScalarUnsafe(*(ulong*)from).AsByte();
        return (typeof(T) == typeof(sbyte) ? Vector128.WidenLower(bytes.AsSByte()) : Vector128.WidenLower(bytes).AsInt16()) - Vector128.Create((short)change);
    }
}

/// <summary>16-bit integers, which have no zero point.</summary>
internal readonly unsafe struct WideCopy : IElementCopy
{
    public static int FromBytes => 2;

    public static int ToBytes => 2;

    public static void Copy(byte* from, byte* to, nint count, int change) => Buffer.MemoryCopy(from, to, count * 2, count * 2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CopyFew(byte* from, byte* to, int count, int change) => (Vector128.Load((short*)from) & ElementCopy.First(count)).Store((short*)to);
}
