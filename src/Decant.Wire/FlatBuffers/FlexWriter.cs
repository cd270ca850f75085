using System.Numerics;
using System.Text;

namespace Decant.Wire.FlatBuffers;

/// <summary>Writes FlexBuffers, as <see cref="FlexBuffer"/> reads them.</summary>
/// <remarks>Values come before the vectors that hold them; a vector's elements have the width of the widest, or of the offset to it.</remarks>
public sealed class FlexWriter
{
    private const int Int = 1, Float = 3, Key = 4, String = 5, Map = 9, Vector = 10, TypedVectors = 11, Bool = 26, Bools = 36;

    private readonly List<byte> _bytes = [];

    private FlexWriter()
    {
    }

    /// <summary>The bytes of a value: <see cref="long"/>, <see cref="float"/>, <see cref="bool"/>, <see cref="string"/>, <c>byte[]</c> (as a string),
    /// <c>object[]</c> (a vector), <c>long[]</c>, <c>float[]</c>, <c>bool[]</c> and <c>string[]</c> (typed ones), or a dictionary with text as keys (a map, sorted).</summary>
    public static byte[] Write(object value)
    {
        var writer = new FlexWriter();
        Item root = writer.Add(value);
        int width = writer.WidthOf(root, 0);
        writer.Align(width);
        writer.Element(root, width);
        writer._bytes.Add(root.PackedType(width));
        writer._bytes.Add((byte)width);
        return [.. writer._bytes];
    }

    private Item Add(object value) => value switch
    {
        long number => new Item(Int, (ulong)number, SignedWidth(number), IsInline: true),
        float number => new Item(Float, BitConverter.SingleToUInt32Bits(number), sizeof(float), IsInline: true),
        bool truth => new Item(Bool, truth ? 1u : 0u, 1, IsInline: true),
        string text => Text(Encoding.UTF8.GetBytes(text)),
        byte[] text => Text(text),
        long[] numbers => Elements([.. numbers.Select(n => Add(n))], TypedVectors + Int - 1, null),
        float[] numbers => Elements([.. numbers.Select(n => Add(n))], TypedVectors + Float - 1, null),
        bool[] truths => Elements([.. truths.Select(t => Add(t))], Bools, null),
        string[] texts => Elements([.. texts.Select(t => Add(t))], Vector, null),
        object[] values => Elements([.. values.Select(Add)], Vector, null),
        IReadOnlyDictionary<string, object> map => Mapping(map),
        _ => throw new ArgumentException($"a FlexBuffer has no values of {value.GetType()}", nameof(value)),
    };

    private Item Text(byte[] text)
    {
        int width = UnsignedWidth((ulong)text.Length);
        Align(width);
        Number((ulong)text.Length, width);
        int at = _bytes.Count;
        _bytes.AddRange(text);
        _bytes.Add(0);
        return new Item(String, (ulong)at, width, IsInline: false);
    }

    private Item Mapping(IReadOnlyDictionary<string, object> map)
    {
        string[] names = [.. map.Keys.OrderBy(k => k, StringComparer.Ordinal)];
        var keys = new Item[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            keys[i] = new Item(Key, (ulong)_bytes.Count, 1, IsInline: false);
            _bytes.AddRange(Encoding.UTF8.GetBytes(names[i]));
            _bytes.Add(0);
        }

        Item[] values = [.. names.Select(n => Add(map[n]))];
        return Elements(values, Map, Elements(keys, TypedVectors + Key - 1, null));
    }

    private Item Elements(Item[] items, int type, Item? keys)
    {
        int before = keys is null ? 1 : 3;
        int width = UnsignedWidth((ulong)items.Length);
        if (keys is { } named)
            width = Math.Max(width, WidthOf(named, 0));
        for (int i = 0; i < items.Length; i++)
            width = Math.Max(width, WidthOf(items[i], i + before));
        Align(width);
        if (keys is { } all)
        {
            Element(all, width);
            Number((ulong)all.Width, width);
        }

        Number((ulong)items.Length, width);
        int at = _bytes.Count;
        foreach (Item item in items)
            Element(item, width);
        if (type is Vector or Map)
            _bytes.AddRange(items.Select(i => i.PackedType(width)));
        return new Item(type, (ulong)at, width, IsInline: false);
    }

    /// <summary>How many bytes an element needs that is the n-th behind the place where a vector would begin.</summary>
    private int WidthOf(Item item, int index)
    {
        if (item.IsInline)
            return item.Width;
        int width = 1;
        while (UnsignedWidth((ulong)(Aligned(width) + (index * width)) - item.Bits) > width)
            width *= 2;
        return width;
    }

    private void Element(Item item, int width)
    {
        ulong bits = !item.IsInline ? (ulong)_bytes.Count - item.Bits
            : item.Type == Float && width == sizeof(double) ? BitConverter.DoubleToUInt64Bits(BitConverter.UInt32BitsToSingle((uint)item.Bits)) : item.Bits;
        Number(bits, width);
    }

    private void Number(ulong bits, int width)
    {
        for (int i = 0; i < width; i++)
            _bytes.Add((byte)(bits >> (8 * i)));
    }

    private void Align(int width) => _bytes.AddRange(new byte[Aligned(width) - _bytes.Count]);

    private int Aligned(int width) => (_bytes.Count + width - 1) & -width;

    private static int SignedWidth(long value) => UnsignedWidth((ulong)(value < 0 ? ~value : value) << 1);

    private static int UnsignedWidth(ulong value) => value <= byte.MaxValue ? 1 : value <= ushort.MaxValue ? 2 : value <= uint.MaxValue ? 4 : 8;

    /// <summary>A value: its bits, or where it begins, with the width of what is there.</summary>
    private readonly record struct Item(int Type, ulong Bits, int Width, bool IsInline)
    {
        public byte PackedType(int parentWidth) => (byte)((Type << 2) | BitOperations.Log2((uint)(IsInline ? Math.Max(Width, parentWidth) : Width)));
    }
}
