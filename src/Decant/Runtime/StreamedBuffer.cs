using System.Runtime.InteropServices;

namespace Decant.Runtime;

/// <summary>Bytes that are made in order when they are read, and again whenever they are. Only who takes them as a span has them all.</summary>
internal abstract class StreamedBuffer : BufferOwner
{
    protected StreamedBuffer(long length) => Length = length;

    internal override bool IsStreamed => Array is null;

    internal override void Read(long offset, Span<byte> target)
    {
        if (Array is not null)
            base.Read(offset, target);
        else
            Fill(offset, target);
    }

    internal override void CopyTo(long offset, long count, BufferSlice.ChunkSink sink)
    {
        if (Array is not null)
            base.CopyTo(offset, count, sink);
        else
            Stream(offset, count, sink);
    }

    internal override Array Load()
    {
        var whole = new LoadedBytes(Length);
        Stream(0, Length, whole.Add);
        return whole.Bytes;
    }

    /// <summary>Makes bytes, and gives them away in chunks of whole elements.</summary>
    protected abstract void Stream(long offset, long count, BufferSlice.ChunkSink sink);

    /// <summary>Makes bytes in memory of the caller.</summary>
    protected virtual void Fill(long offset, Span<byte> target)
    {
        byte[] made = new byte[target.Length];
        int at = 0;
        Stream(offset, target.Length, chunk =>
        {
            chunk.CopyTo(made.AsSpan(at));
            at += chunk.Length;
        });
        made.CopyTo(target);
    }

    private sealed class LoadedBytes(long length)
    {
        private long _at;

        /// <summary>An array of bytes, or of longer elements where there are more bytes than an array may have.</summary>
        public Array Bytes { get; } = length <= Array.MaxLength ? GC.AllocateUninitializedArray<byte>((int)length) : new long[(length + sizeof(long) - 1) / sizeof(long)];

        public void Add(ReadOnlySpan<byte> piece)
        {
            piece.CopyTo(Bytes is byte[] bytes ? bytes.AsSpan((int)_at) : Longs((long[])Bytes, piece.Length));
            _at += piece.Length;
        }

        private Span<byte> Longs(long[] array, int count)
        {
            int at = (int)(_at / sizeof(long)), skipped = (int)(_at % sizeof(long));
            return MemoryMarshal.AsBytes(array.AsSpan(at, (skipped + count + sizeof(long) - 1) / sizeof(long)))[skipped..];
        }
    }
}
