using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Decant.Wire.FlatBuffers;

/// <summary>A table of a <see cref="FlatBuffer"/>. Fields are known by their number; one that is absent has its default.</summary>
public readonly struct FlatTable
{
    private readonly FlatBuffer _buffer;
    private readonly int _at;
    private readonly int _vtable;
    private readonly int _vtableSize;
    private readonly int _size;

    internal FlatTable(FlatBuffer buffer, int at, int vtable, int vtableSize, int size) =>
        (_buffer, _at, _vtable, _vtableSize, _size) = (buffer, at, vtable, vtableSize, size);

    /// <summary>Where the table lies in the buffer.</summary>
    public int Offset => _at;

    /// <summary>The number of fields that the table's layout has room for.</summary>
    public int FieldCount => (_vtableSize - 4) / 2;

    /// <summary>Whether a field is given.</summary>
    public bool Has(int field) => FieldOffset(field) != 0;

    /// <summary>A number, or its default.</summary>
    /// <exception cref="ModelException">It lies outside of the table.</exception>
    public T Scalar<T>(int field, T absent = default)
        where T : unmanaged
    {
        int at = Inline(field, Unsafe.SizeOf<T>());
        return at == 0 ? absent : MemoryMarshal.Read<T>(_buffer.Span[at..]);
    }

    /// <summary>A bool: any byte but 0 is true.</summary>
    public bool Bool(int field, bool absent = false) => Scalar<byte>(field, absent ? (byte)1 : (byte)0) != 0;

    /// <summary>A table that a field refers to; null when it is absent.</summary>
    public FlatTable? Table(int field, string what) => Inline(field, 4) is > 0 and int at ? _buffer.Table(_buffer.Follow(at, what), what) : null;

    /// <summary>A UTF-8 string; null when it is absent.</summary>
    public string? String(int field, string what)
    {
        if (Inline(field, 4) is not (> 0 and int at))
            return null;
        int target = _buffer.Follow(at, what);
        (int first, int count) = _buffer.Vector(target, 1, what);
        if (first + count >= _buffer.Span.Length || _buffer.Span[first + count] != 0)
            throw _buffer.Bad(target, $"{what} of {count} bytes does not end in a zero byte");
        _buffer.Charge(target, count, what);
        return Encoding.UTF8.GetString(_buffer.Span.Slice(first, count));
    }

    /// <summary>The bytes of a vector of bytes, not copied; null when it is absent.</summary>
    public BufferSlice? Bytes(int field, string what)
    {
        if (Inline(field, 4) is not (> 0 and int at))
            return null;
        (int first, int count) = _buffer.Vector(_buffer.Follow(at, what), 1, what);
        return _buffer.Slice(first, count);
    }

    /// <summary>The numbers of a vector, copied; null when it is absent.</summary>
    public T[]? Vector<T>(int field, string what)
        where T : unmanaged
    {
        if (Inline(field, 4) is not (> 0 and int at))
            return null;
        int target = _buffer.Follow(at, what);
        (int first, int count) = _buffer.Vector(target, Unsafe.SizeOf<T>(), what);
        _buffer.Charge(target, (long)count * Unsafe.SizeOf<T>(), what);
        return MemoryMarshal.Cast<byte, T>(_buffer.Span.Slice(first, count * Unsafe.SizeOf<T>())).ToArray();
    }

    /// <summary>The tables of a vector of tables; empty when it is absent.</summary>
    public FlatTable[] Tables(int field, string what)
    {
        if (Inline(field, 4) is not (> 0 and int at))
            return [];
        int target = _buffer.Follow(at, what);
        (int first, int count) = _buffer.Vector(target, 4, what);
        _buffer.Charge(target, (long)count * 4, what);
        if (count > FlatBuffer.MaxTables)
            throw _buffer.Bad(target, $"{what} has {count} tables, expected at most {FlatBuffer.MaxTables}");
        var tables = new FlatTable[count];
        for (int i = 0; i < count; i++)
            tables[i] = _buffer.Table(_buffer.Follow(first + (4 * i), what), what);
        return tables;
    }

    /// <summary>A union: the number of its type, in the field before the one that refers to the table.</summary>
    /// <exception cref="ModelException">One of the two is there without the other.</exception>
    public (byte Type, FlatTable? Table) Union(int typeField, string what)
    {
        byte type = Scalar<byte>(typeField);
        FlatTable? table = Table(typeField + 1, what);
        return type == 0 || table is not null ? (type, table) : throw At(typeField, $"{what} is of type {type}, but has no table");
    }

    /// <summary>A fault of the table.</summary>
    public ModelException At(int field, string message) => _buffer.Bad(_at + FieldOffset(field), message);

    private int FieldOffset(int field) =>
        4 + (2 * field) is var entry && entry + 2 <= _vtableSize ? BinaryPrimitives.ReadUInt16LittleEndian(_buffer.Span[(_vtable + entry)..]) : 0;

    /// <summary>Where a field's inline bytes are; 0 when it is absent.</summary>
    private int Inline(int field, int size)
    {
        int offset = FieldOffset(field);
        if (offset == 0)
            return 0;
        return offset >= 4 && offset <= _size - size ? _at + offset
            : throw _buffer.Bad(_at, $"field {field} of {size} bytes is said to be at {offset} of a table, expected 4 to {_size - size}");
    }
}
