using System.Runtime.InteropServices;
using System.Text;

namespace Decant.Wire.FlatBuffers;

/// <summary>A part of a FlatBuffer that is to be written: a table, a string or a vector. Each is referred to once.</summary>
public abstract class FlatNode
{
    internal int Position { get; set; }

    /// <summary>The parts that this refers to, in the order in which they are to be written.</summary>
    internal virtual IEnumerable<FlatNode> Children => [];
}

/// <summary>A table. Fields that have their default are left out, as the format's own builder does.</summary>
public sealed class FlatObject : FlatNode
{
    private readonly SortedDictionary<int, FlatField> _fields = [];

    internal IReadOnlyDictionary<int, FlatField> Fields => _fields;

    internal override IEnumerable<FlatNode> Children => _fields.Values.Select(f => f.Target).OfType<FlatNode>();

    /// <summary>Where each field lies, by number; set by the layout.</summary>
    internal Dictionary<int, int> Offsets { get; set; } = [];

    internal int VTable { get; set; }

    /// <summary>A number; left out when it is its default.</summary>
    public FlatObject Set<T>(int field, T value, T absent = default)
        where T : unmanaged, IEquatable<T>
    {
        if (!value.Equals(absent))
            _fields[field] = new FlatField(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).ToArray(), null);
        return this;
    }

    /// <summary>A bool; left out when it is its default.</summary>
    public FlatObject Set(int field, bool value, bool absent = false) => value == absent ? this : Set<byte>(field, value ? (byte)1 : (byte)0, 255);

    /// <summary>A table or vector; left out when it is null.</summary>
    public FlatObject Set(int field, FlatNode? target)
    {
        if (target is not null)
            _fields[field] = new FlatField(new byte[4], target);
        return this;
    }

    /// <summary>A string; left out when it is null.</summary>
    public FlatObject Set(int field, string? text) => Set(field, text is null ? null : FlatVector.OfString(text));

    /// <summary>A vector of numbers; left out when it is null.</summary>
    public FlatObject Set<T>(int field, T[]? elements)
        where T : unmanaged => Set(field, elements is null ? null : FlatVector.Of(elements));

    /// <summary>A vector of tables; left out when it is null.</summary>
    public FlatObject Set(int field, IReadOnlyList<FlatObject>? tables) => Set(field, tables is null ? null : new FlatTables(tables));
}

/// <summary>The inline bytes of a field, or what it refers to.</summary>
internal sealed record FlatField(byte[] Bytes, FlatNode? Target);

/// <summary>A vector of tables.</summary>
internal sealed class FlatTables(IReadOnlyList<FlatObject> tables) : FlatNode
{
    public IReadOnlyList<FlatObject> Tables => tables;

    internal override IEnumerable<FlatNode> Children => tables;
}

/// <summary>A vector of numbers or bytes, or a string.</summary>
public sealed class FlatVector : FlatNode
{
    private FlatVector(BufferSlice bytes, int elementSize, int alignment, bool isString) =>
        (Bytes, ElementSize, Alignment, IsString) = (bytes, elementSize, alignment, isString);

    internal BufferSlice Bytes { get; }

    internal int ElementSize { get; }

    /// <summary>The alignment of the first element.</summary>
    internal int Alignment { get; }

    internal bool IsString { get; }

    /// <summary>A vector of numbers.</summary>
    public static FlatVector Of<T>(T[] elements, int alignment = 0)
        where T : unmanaged
    {
        int size = Marshal.SizeOf<T>();
        return new FlatVector(new BufferSlice(MemoryMarshal.AsBytes<T>(elements).ToArray()), size, Math.Max(alignment, Math.Max(size, 4)), false);
    }

    /// <summary>A vector of bytes that are copied when they are written.</summary>
    public static FlatVector Of(BufferSlice bytes, int alignment = 4) => new(bytes, 1, alignment, false);

    internal static FlatVector OfString(string text) => new(new BufferSlice(Encoding.UTF8.GetBytes(text)), 1, 4, true);
}
