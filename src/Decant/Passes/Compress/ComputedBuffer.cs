using System.Runtime.InteropServices;
using Decant.Kernels.Threading;

namespace Decant.Passes.Compress;

/// <summary>
/// Bytes that are computed when they are read, piece by piece and on all threads, and again whenever they are: writing them to a file
/// takes the memory of a few pieces. Only who takes them as a span has them all.
/// </summary>
internal sealed class ComputedBuffer : BufferOwner
{
    private const int PieceBytes = 1 << 17;

    private readonly Filler _fill;

    /// <summary>So many bytes, computed by <paramref name="fill"/>: from the offset of an element on, by several threads at once.</summary>
    public ComputedBuffer(long length, Filler fill) => (Length, _fill) = (length, fill);

    internal override void Read(long offset, Span<byte> target)
    {
        if (Array is null)
            _fill(offset, target);
        else
            base.Read(offset, target);
    }

    internal override void CopyTo(long offset, long count, BufferSlice.ChunkSink sink)
    {
        if (Array is not null)
        {
            base.CopyTo(offset, count, sink);
            return;
        }

        byte[][] pieces = [.. Enumerable.Range(0, (int)Math.Min(WorkerPool.Shared.Threads, Pieces(count))).Select(_ => new byte[(int)Math.Min(count, PieceBytes)])];
        while (count > 0)
        {
            long batch = Math.Min(count, (long)PieceBytes * pieces.Length);
            WorkerPool.Shared.For((int)Pieces(batch), 1, new FillPieces(this, offset, batch, pieces));
            for (long done = 0; done < batch; done += PieceBytes)
                sink(pieces[done / PieceBytes].AsSpan(0, (int)Math.Min(PieceBytes, batch - done)));
            offset += batch;
            count -= batch;
        }
    }

    internal override Array Load()
    {
        var whole = new LoadedBytes(Length);
        CopyTo(0, Length, whole.Add);
        return whole.Bytes;
    }

    private static long Pieces(long bytes) => (bytes + PieceBytes - 1) / PieceBytes;

    private readonly struct FillPieces(ComputedBuffer owner, long offset, long count, byte[][] pieces) : IRangeJob
    {
        public void Run(int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                long at = (long)i * PieceBytes;
                owner._fill(offset + at, pieces[i].AsSpan(0, (int)Math.Min(PieceBytes, count - at)));
            }
        }
    }

    private sealed class LoadedBytes(long length)
    {
        private long _at;

        /// <summary>An array of bytes, or of longer elements where there are more bytes than an array may have.</summary>
        public Array Bytes { get; } = length <= Array.MaxLength ? GC.AllocateUninitializedArray<byte>((int)length) : new long[(length + sizeof(long) - 1) / sizeof(long)];

        public void Add(ReadOnlySpan<byte> piece)
        {
            piece.CopyTo(Bytes is byte[] bytes ? bytes.AsSpan((int)_at) : Longs((long[])Bytes));
            _at += piece.Length;
        }

        /// <summary>Pieces begin at multiples of the size of long.</summary>
        private Span<byte> Longs(long[] array)
        {
            int at = (int)(_at / sizeof(long));
            return MemoryMarshal.AsBytes(array.AsSpan(at, Math.Min(PieceBytes / sizeof(long), array.Length - at)));
        }
    }
}

/// <summary>Computes bytes from an offset.</summary>
internal delegate void Filler(long offset, Span<byte> target);
