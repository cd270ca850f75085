using Decant.Kernels.Threading;

namespace Decant.Runtime;

/// <summary>
/// Bytes of which any piece is computed by itself, on all threads: writing them to a file takes the memory of a few pieces.
/// </summary>
internal sealed class ComputedBuffer : StreamedBuffer
{
    private const int PieceBytes = 1 << 17;

    private readonly Filler _fill;

    /// <summary>So many bytes, computed by <paramref name="fill"/>: from the offset of an element on, by several threads at once.</summary>
    public ComputedBuffer(long length, Filler fill)
        : base(length) => _fill = fill;

    protected override void Fill(long offset, Span<byte> target) => _fill(offset, target);

    protected override void Stream(long offset, long count, BufferSlice.ChunkSink sink)
    {
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
}

/// <summary>Computes bytes from an offset.</summary>
internal delegate void Filler(long offset, Span<byte> target);
