using Decant.Runtime;

namespace Decant.Formats.TFJS;

/// <summary>The bytes of a weight that lies in several shards, read of these whenever they are asked for.</summary>
internal sealed class JoinedBuffer(ShardedBytes shards, string? name) : StreamedBuffer(shards.Length)
{
    // No element is larger, so that a chunk is of whole elements wherever a shard ends.
    private const int ChunkBytes = 1 << 18;

    public override string? Name => name;

    protected override void Stream(long offset, long count, BufferSlice.ChunkSink sink)
    {
        byte[] chunk = new byte[(int)Math.Min(count, ChunkBytes)];
        for (long done = 0; done < count; done += chunk.Length)
        {
            Span<byte> next = chunk.AsSpan(0, (int)Math.Min(chunk.Length, count - done));
            Fill(offset + done, next);
            sink(next);
        }
    }

    protected override void Fill(long offset, Span<byte> target)
    {
        foreach (BufferSlice piece in shards.Range(offset, target.Length))
        {
            piece.Read(target[..(int)piece.Length]);
            target = target[(int)piece.Length..];
        }
    }

    /// <summary>Reads into the array, without a chunk between.</summary>
    internal override Array Load()
    {
        if (Length > Array.MaxLength)
            return base.Load();
        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)Length);
        Fill(0, bytes);
        return bytes;
    }
}
