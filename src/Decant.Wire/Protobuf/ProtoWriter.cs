using System.Buffers.Binary;
using System.Text;

namespace Decant.Wire.Protobuf;

/// <summary>
/// Writes messages to a stream. Large slices are not copied until the stream asks for them; a top-level field leaves for
/// the stream as soon as it is complete, so memory is that of one top-level field without its slices.
/// </summary>
public sealed class ProtoWriter(Stream stream)
{
    private const int InlineLimit = 256;
    private const int FlushLimit = 1 << 18;

    private readonly Stack<(int At, int Inserts, long InsertBytes)> _open = new();
    private readonly List<(int At, BufferSlice Slice)> _inserts = [];
    private byte[] _buffer = new byte[4096];
    private int _length;
    private long _insertBytes, _flushed;
    private bool _isMeasured;

    /// <summary>A varint field; written also when zero.</summary>
    public void UInt64(int field, ulong value)
    {
        Tag(field, WireType.Varint);
        Varint(value);
    }

    /// <summary>An int32, int64 or enum field.</summary>
    public void Int64(int field, long value) => UInt64(field, (ulong)value);

    /// <summary>An integer field that is left out when zero, as proto3 does.</summary>
    public void Int64Default(int field, long value)
    {
        if (value != 0)
            Int64(field, value);
    }

    /// <summary>A bool field.</summary>
    public void Bool(int field, bool value) => UInt64(field, value ? 1u : 0u);

    /// <summary>A float field.</summary>
    public void Float(int field, float value) => Fixed32(field, BitConverter.SingleToUInt32Bits(value));

    /// <summary>A double field.</summary>
    public void Double(int field, double value)
    {
        Tag(field, WireType.Fixed64);
        BinaryPrimitives.WriteUInt64LittleEndian(Reserve(8), BitConverter.DoubleToUInt64Bits(value));
    }

    /// <summary>A fixed32 field.</summary>
    public void Fixed32(int field, uint value)
    {
        Tag(field, WireType.Fixed32);
        BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);
    }

    /// <summary>A string field.</summary>
    public void String(int field, string value)
    {
        Tag(field, WireType.Bytes);
        int count = Encoding.UTF8.GetByteCount(value);
        Varint((uint)count);
        Encoding.UTF8.GetBytes(value, Reserve(count));
    }

    /// <summary>A string field that is left out when empty.</summary>
    public void StringDefault(int field, string value)
    {
        if (value.Length > 0)
            String(field, value);
    }

    /// <summary>A bytes field.</summary>
    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, WireType.Bytes);
        Varint((uint)value.Length);
        value.CopyTo(Reserve(value.Length));
    }

    /// <summary>A bytes field, or a nested message that is already encoded.</summary>
    public void Bytes(int field, BufferSlice value)
    {
        Tag(field, WireType.Bytes);
        Varint((ulong)value.Length);
        Raw(value);
    }

    /// <summary>A packed field of signed integers; left out when empty.</summary>
    public void Packed(int field, ReadOnlySpan<long> values)
    {
        if (values.IsEmpty)
            return;
        Begin(field);
        foreach (long value in values)
            Varint((ulong)value);
        End();
    }

    /// <summary>A packed field of floats; left out when empty.</summary>
    public void Packed(int field, ReadOnlySpan<float> values)
    {
        if (values.IsEmpty)
            return;
        Begin(field);
        foreach (float value in values)
            BinaryPrimitives.WriteSingleLittleEndian(Reserve(4), value);
        End();
    }

    /// <summary>Bytes that are already encoded, tags included.</summary>
    public void Raw(BufferSlice fields)
    {
        if (fields.Length <= InlineLimit)
        {
            fields.Span.CopyTo(Reserve((int)fields.Length));
        }
        else
        {
            _inserts.Add((_length, fields));
            _insertBytes += fields.Length;
        }

        FlushIfFull();
    }

    /// <summary>Starts a nested message; <see cref="End"/> closes it.</summary>
    public void Begin(int field)
    {
        Tag(field, WireType.Bytes);
        _open.Push((_length, _inserts.Count, _insertBytes));
    }

    /// <summary>Ends the message that was begun last: its length is put in front of it.</summary>
    public void End()
    {
        (int at, int inserts, long insertBytes) = _open.Pop();
        int own = _length - at;
        ulong length = (ulong)(own + (_insertBytes - insertBytes));
        int prefix = VarintSize(length);
        Reserve(prefix);
        _buffer.AsSpan(at, own).CopyTo(_buffer.AsSpan(at + prefix));
        int end = _length;
        _length = at;
        Varint(length);
        _length = end;
        for (int i = inserts; i < _inserts.Count; i++)
            _inserts[i] = (_inserts[i].At + prefix, _inserts[i].Slice);
        FlushIfFull();
    }

    /// <summary>Writes what is left to the stream.</summary>
    public void Flush()
    {
        if (_open.Count > 0)
            throw new InvalidOperationException("a nested message is still open");
        _flushed += _length + _insertBytes;
        int at = 0;
        foreach ((int until, BufferSlice slice) in _inserts)
        {
            if (_isMeasured)
                break;
            stream.Write(_buffer, at, until - at);
            slice.CopyTo(stream);
            at = until;
        }

        if (!_isMeasured)
            stream.Write(_buffer, at, _length - at);
        _length = 0;
        _insertBytes = 0;
        _inserts.Clear();
    }

    /// <summary>The bytes of a message, encoded in memory.</summary>
    public static byte[] ToBytes(Action<ProtoWriter> write)
    {
        using var memory = new MemoryStream();
        var writer = new ProtoWriter(memory);
        write(writer);
        writer.Flush();
        return memory.ToArray();
    }

    /// <summary>The number of bytes of a message; large slices are not read for it.</summary>
    public static long LengthOf(Action<ProtoWriter> write)
    {
        var writer = new ProtoWriter(Stream.Null) { _isMeasured = true };
        write(writer);
        writer.Flush();
        return writer._flushed;
    }

    private static int VarintSize(ulong value) => value == 0 ? 1 : (70 - System.Numerics.BitOperations.LeadingZeroCount(value)) / 7;

    private void Tag(int field, WireType type) => Varint((uint)field << 3 | (uint)type);

    private void Varint(ulong value)
    {
        Span<byte> target = Reserve(VarintSize(value));
        for (int i = 0; i < target.Length; i++, value >>= 7)
            target[i] = (byte)(i + 1 < target.Length ? value & 0x7F | 0x80 : value);
    }

    private Span<byte> Reserve(int count)
    {
        if (_buffer.Length - _length < count)
            Array.Resize(ref _buffer, (int)Math.Max((uint)_length + (uint)count, Math.Min((uint)_buffer.Length * 2, (uint)Array.MaxLength)));
        _length += count;
        return _buffer.AsSpan(_length - count, count);
    }

    private void FlushIfFull()
    {
        if (_open.Count == 0 && (_length > FlushLimit || _inserts.Count > 0))
            Flush();
    }
}
