using Decant.Wire.FlatBuffers;
using F = Decant.Formats.TFLite.TFLiteFields;

namespace Decant.Formats.TFLite;

/// <summary>The buffers of a model that is written: the first is empty, the same bytes are there once.</summary>
internal sealed class BufferTable
{
    // Where the original converter begins to put constants behind the FlatBuffer.
    private const long LargestInside = (2L << 30) - (512L << 20);

    // The runtime reads a little past the last constant.
    private const int Guard = 16;

    private readonly List<BufferSlice> _buffers = [default];
    private readonly Dictionary<(BufferOwner, long, long), uint> _numbers = [];
    private FlatObject[] _tables = [];

    /// <summary>The number of the buffer with these bytes; empty ones are buffer 0.</summary>
    public uint Add(BufferSlice bytes)
    {
        if (bytes.IsEmpty)
            return 0;
        if (_numbers.TryGetValue((bytes.Owner!, bytes.Offset, bytes.Length), out uint number))
            return number;
        _buffers.Add(bytes);
        return _numbers[(bytes.Owner!, bytes.Offset, bytes.Length)] = (uint)(_buffers.Count - 1);
    }

    /// <summary>The tables; their bytes are to be written behind the FlatBuffer when they are too many for it.</summary>
    public FlatObject[] Tables(out bool isOutside)
    {
        isOutside = _buffers.Sum(b => b.Length) > LargestInside;
        bool inside = !isOutside;

        // Offsets that are not known yet are given as 1, so that the field has its place.
        return _tables = [.. _buffers.Select(b => b.IsEmpty ? new FlatObject()
            : inside ? new FlatObject().Set(F.Buffer.Data, FlatVector.Of(b, F.Alignment))
            : new FlatObject().Set(F.Buffer.Offset, 1UL).Set(F.Buffer.Size, (ulong)b.Length))];
    }

    /// <summary>Writes the FlatBuffer and the buffers behind it.</summary>
    public void WriteOutside(FlatObject root, Stream stream)
    {
        long at = Align(FlatWriter.Write(root, F.Identifier, Stream.Null));
        long start = at;
        for (int i = 0; i < _buffers.Count; i++)
        {
            if (_buffers[i].IsEmpty)
                continue;
            _tables[i].Set(F.Buffer.Offset, (ulong)at);
            at = Align(at + _buffers[i].Length);
        }

        long written = FlatWriter.Write(root, F.Identifier, stream);
        stream.Write(new byte[start - written]);
        foreach (BufferSlice buffer in _buffers)
        {
            buffer.CopyTo(stream);
            stream.Write(new byte[Align(buffer.Length) - buffer.Length]);
        }

        stream.Write(new byte[Guard]);
    }

    private static long Align(long at) => (at + F.Alignment - 1) & -F.Alignment;
}
