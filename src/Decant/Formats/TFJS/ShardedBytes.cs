using System.Buffers.Binary;

namespace Decant.Formats.TFJS;

/// <summary>The files of a group as one run of bytes; a weight may begin in one and end in another.</summary>
internal sealed class ShardedBytes
{
    private readonly IReadOnlyList<BufferSlice> _shards;
    private readonly long[] _starts;

    public ShardedBytes(IReadOnlyList<BufferSlice> shards)
    {
        _shards = shards;
        _starts = new long[shards.Count];
        foreach ((int i, BufferSlice shard) in shards.Index())
        {
            _starts[i] = Length;
            Length += shard.Length;
        }
    }

    public long Length { get; private set; }

    /// <summary>The pieces that a range consists of.</summary>
    public List<BufferSlice> Range(long offset, long length)
    {
        List<BufferSlice> pieces = [];
        int at = Array.BinarySearch(_starts, offset);
        for (int i = Math.Max(0, at < 0 ? ~at - 1 : at); length > 0; i++)
        {
            long within = offset - _starts[i];
            long count = Math.Min(length, _shards[i].Length - within);
            if (count > 0)
                pieces.Add(_shards[i].Slice(within, count));
            offset += Math.Max(0, count);
            length -= Math.Max(0, count);
        }

        return pieces;
    }

    /// <summary>The bytes of a weight that begins at an offset; those of strings have their lengths before them. -1 when there are too few.</summary>
    public long Measure(WeightEntry weight, long offset)
    {
        if (weight.DType != DType.String)
        {
            long bytes = Tensor.ByteCount(weight.Stored, weight.Shape);
            return bytes <= Length - offset ? bytes : -1;
        }

        long at = offset;
        for (long i = 0; i < weight.Shape.ElementCount; i++)
        {
            if (Length - at < sizeof(uint))
                return -1;
            at += sizeof(uint) + (long)BinaryPrimitives.ReadUInt32LittleEndian(Join(Range(at, sizeof(uint))).Span);
            if (at > Length)
                return -1;
        }

        return at - offset;
    }

    /// <summary>Pieces as one: where it lies when there is only one, else read and joined when somebody asks for it.</summary>
    public static BufferSlice Join(IReadOnlyList<BufferSlice> pieces)
    {
        if (pieces is [var only])
            return only;
        var joined = new JoinedBuffer(new ShardedBytes(pieces), pieces.Count > 0 ? pieces[0].Name : null);
        return new BufferSlice(joined, 0, joined.Length);
    }
}
