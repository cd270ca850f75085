using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
}

/// <summary>Unsigned bytes that become 16-bit integers without their zero point.</summary>
internal readonly unsafe struct WidenUnsignedCopy : IElementCopy
{
    public static int FromBytes => 1;

    public static int ToBytes => 2;

    public static void Copy(byte* from, byte* to, nint count, int change)
    {
        short* shorts = (short*)to;
        nint i = 0;
        for (; i <= count - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(Vector128.Load(from + i));
            (low.AsInt16() - Vector128.Create((short)change)).Store(shorts + i);
            (high.AsInt16() - Vector128.Create((short)change)).Store(shorts + i + Vector128<short>.Count);
        }

        for (; i < count; i++)
            shorts[i] = (short)(from[i] - change);
    }
}

/// <summary>Signed bytes that become 16-bit integers without their zero point.</summary>
internal readonly unsafe struct WidenSignedCopy : IElementCopy
{
    public static int FromBytes => 1;

    public static int ToBytes => 2;

    public static void Copy(byte* from, byte* to, nint count, int change)
    {
        short* shorts = (short*)to;
        nint i = 0;
        for (; i <= count - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            (Vector128<short> low, Vector128<short> high) = Vector128.Widen(Vector128.Load((sbyte*)from + i));
            (low - Vector128.Create((short)change)).Store(shorts + i);
            (high - Vector128.Create((short)change)).Store(shorts + i + Vector128<short>.Count);
        }

        for (; i < count; i++)
            shorts[i] = (short)(((sbyte*)from)[i] - change);
    }
}

/// <summary>16-bit integers, which have no zero point.</summary>
internal readonly unsafe struct WideCopy : IElementCopy
{
    public static int FromBytes => 2;

    public static int ToBytes => 2;

    public static void Copy(byte* from, byte* to, nint count, int change) => Buffer.MemoryCopy(from, to, count * 2, count * 2);
}
