using System.Buffers.Binary;
using System.Text;

namespace Decant.Wire.FlatBuffers;

/// <summary>Reads FlexBuffers, FlatBuffers' relative without a schema: the options of custom operators.</summary>
/// <remarks>
/// The last byte is the width of the root, the one before it the root's type. A vector is preceded by its length; the types of
/// its elements follow it. A map is preceded by the offset and the width of its vector of keys. Offsets lead backward.
/// </remarks>
public static class FlexBuffer
{
    private const int MaxDepth = 64;
    private const int MaxValues = 1_000_000;

    /// <summary>
    /// The root as <see cref="long"/>, <see cref="double"/>, <see cref="bool"/>, <see cref="string"/>, <c>byte[]</c>,
    /// <c>List&lt;object?&gt;</c> or <c>Dictionary&lt;string, object?&gt;</c>, or null.
    /// </summary>
    /// <exception cref="ModelException">The bytes are no FlexBuffer.</exception>
    public static object? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 3)
            throw Bad(0, $"a FlexBuffer has at least 3 bytes, found {bytes.Length}");
        int left = MaxValues;
        int width = bytes[^1];
        return Value(bytes, bytes.Length - 2 - Width(width, bytes.Length), width, bytes[^2], 0, ref left);
    }

    /// <summary>The strings of a root that is a vector of strings, as bytes: they may be no text. Null for any other root.</summary>
    /// <exception cref="ModelException">The bytes are no FlexBuffer.</exception>
    public static byte[][]? Strings(ReadOnlySpan<byte> bytes)
    {
        if (Read(bytes) is not List<object?> values || !values.TrueForAll(v => v is string))
            return null;
        int rootWidth = bytes[^1], width = 1 << (bytes[^2] & 3);
        int vector = Indirect(bytes, bytes.Length - 2 - rootWidth, rootWidth);
        var strings = new byte[values.Count][];
        for (int i = 0; i < strings.Length; i++)
        {
            int at = vector + (i * width), type = vector + (strings.Length * width) + i;
            if ((bytes[^2] >> 2) != 10 || bytes[type] >> 2 != 5)
                return null;
            strings[i] = Blob(bytes, Indirect(bytes, at, width), 1 << (bytes[type] & 3)).ToArray();
        }

        return strings;
    }

    private static object? Value(ReadOnlySpan<byte> bytes, int at, int parentWidth, byte packed, int depth, ref int left)
    {
        if (depth > MaxDepth || --left < 0)
            throw Bad(at, $"a FlexBuffer is nested deeper than {MaxDepth} or has more than {MaxValues} values");
        int type = packed >> 2, width = 1 << (packed & 3);
        switch (type)
        {
            case 0:
                return null;
            case 1:
                return Int(bytes, at, parentWidth);
            case 2:
                return (long)UInt(bytes, at, parentWidth);
            case 3:
                return Float(bytes, at, parentWidth);
            case 26:
                return UInt(bytes, at, parentWidth) != 0;
        }

        int target = Indirect(bytes, at, parentWidth);
        switch (type)
        {
            case 4:
                return Key(bytes, target);
            case 5:
                return Encoding.UTF8.GetString(Blob(bytes, target, width));
            case 6:
                return Int(bytes, target, width);
            case 7:
                return (long)UInt(bytes, target, width);
            case 8:
                return Float(bytes, target, width);
            case 9:
                return Map(bytes, target, width, depth, ref left);
            case 10:
                return Vector(bytes, target, width, depth, null, ref left);
            case >= 11 and <= 15:
                return Vector(bytes, target, width, depth, (byte)(((type - 10) << 2) | (packed & 3)), ref left);
            case 36:
                return Vector(bytes, target, width, depth, 26 << 2, ref left);
            case >= 16 and <= 24:
                return Elements(bytes, target, width, 2 + ((type - 16) / 3), depth, (byte)((1 + ((type - 16) % 3)) << 2), ref left);
            case 25:
                return Blob(bytes, target, width).ToArray();
            default:
                throw Bad(at, $"a value is of type {type}, which FlexBuffers do not have");
        }
    }

    private static Dictionary<string, object?> Map(ReadOnlySpan<byte> bytes, int target, int width, int depth, ref int left)
    {
        int keysAt = Indirect(bytes, target - (3 * width), width);
        int keysWidth = (int)UInt(bytes, target - (2 * width), width);
        List<object?> keys = Vector(bytes, keysAt, Width(keysWidth, bytes.Length), depth, 4 << 2, ref left);
        List<object?> values = Vector(bytes, target, width, depth, null, ref left);
        if (keys.Count != values.Count)
            throw Bad(target, $"a map has {keys.Count} keys and {values.Count} values");
        var map = new Dictionary<string, object?>(StringComparer.Ordinal);
        for (int i = 0; i < keys.Count; i++)
            map[(string)keys[i]!] = values[i];
        return map;
    }

    private static List<object?> Vector(ReadOnlySpan<byte> bytes, int target, int width, int depth, byte? elementType, ref int left)
    {
        ulong count = UInt(bytes, target - width, width);
        if (count > (ulong)(bytes.Length - target) / (ulong)width)
            throw Bad(target, $"a vector has {count} elements of {width} bytes, but {bytes.Length - target} bytes are left");
        return Elements(bytes, target, width, (int)count, depth, elementType, ref left);
    }

    private static List<object?> Elements(ReadOnlySpan<byte> bytes, int target, int width, int count, int depth, byte? elementType, ref int left)
    {
        var values = new List<object?>();
        for (int i = 0; i < count; i++)
        {
            int typeAt = target + (count * width) + i;
            byte type = elementType ?? (typeAt < bytes.Length ? bytes[typeAt] : throw Bad(typeAt, "the types of a vector's elements are cut off"));
            values.Add(Value(bytes, target + (i * width), width, type, depth + 1, ref left));
        }

        return values;
    }

    private static string Key(ReadOnlySpan<byte> bytes, int at)
    {
        int length = bytes[at..].IndexOf((byte)0);
        return length >= 0 ? Encoding.UTF8.GetString(bytes.Slice(at, length)) : throw Bad(at, "a key does not end in a zero byte");
    }

    private static ReadOnlySpan<byte> Blob(ReadOnlySpan<byte> bytes, int at, int width)
    {
        ulong length = UInt(bytes, at - width, width);
        return length <= (ulong)(bytes.Length - at) ? bytes.Slice(at, (int)length) : throw Bad(at, $"a string has {length} bytes, but {bytes.Length - at} are left");
    }

    private static int Indirect(ReadOnlySpan<byte> bytes, int at, int width)
    {
        ulong offset = UInt(bytes, at, width);
        return offset <= (ulong)at ? at - (int)offset : throw Bad(at, $"an offset leads {offset} bytes back, expected at most {at}");
    }

    private static long Int(ReadOnlySpan<byte> bytes, int at, int width)
    {
        ulong value = UInt(bytes, at, width);
        int shift = 64 - (8 * width);
        return (long)(value << shift) >> shift;
    }

    private static double Float(ReadOnlySpan<byte> bytes, int at, int width) => (width, UInt(bytes, at, width)) switch
    {
        (8, var bits) => BitConverter.UInt64BitsToDouble(bits),
        (4, var bits) => BitConverter.UInt32BitsToSingle((uint)bits),
        (2, var bits) => (double)BitConverter.UInt16BitsToHalf((ushort)bits),
        _ => throw Bad(at, "a float has one byte, expected 2, 4 or 8"),
    };

    private static ulong UInt(ReadOnlySpan<byte> bytes, int at, int width)
    {
        if (at < 0 || at > bytes.Length - width)
            throw Bad(at, $"a value of {width} bytes lies outside of the {bytes.Length} bytes");
        return width switch
        {
            1 => bytes[at],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]),
            4 => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]),
        };
    }

    private static int Width(int width, int length) => width is 1 or 2 or 4 or 8 ? width : throw Bad(length - 1, $"values have {width} bytes, expected 1, 2, 4 or 8");

    private static ModelException Bad(int at, string message) => WireErrors.BadFlatBuffer.At(new Location(Offset: at), message);
}
