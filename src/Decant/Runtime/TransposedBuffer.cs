using System.Buffers;
using Decant.Kernels.Copy;
using Decant.Kernels.Threading;

namespace Decant.Runtime;

/// <summary>
/// The elements of a tensor with its dimensions in another order, made when they are read: a few rows of the result at a time, for
/// which the part of the source that has them is read. Weights in a file are neither mapped nor held.
/// </summary>
internal sealed class TransposedBuffer : StreamedBuffer
{
    /// <summary>So many bytes are read at a time, and at least what one row of the result is made of.</summary>
    private const int PanelBytes = 16 << 20, LargestRow = 64 << 20;

    /// <summary>So many bytes of a source in one piece are read by a thread at a time.</summary>
    private const int ReadBytes = 1 << 18;

    /// <summary>So many of the result are made at a time, and at least one row: they are still in the cache when they are taken.</summary>
    private const int PieceBytes = 1 << 19;

    private readonly Tensor _source;
    private readonly int[] _order;
    private readonly Shape _shape;

    private TransposedBuffer(Tensor source, int[] order, Shape shape)
        : base(source.Data.Length) => (_source, _order, _shape) = (source, order, shape);

    /// <summary>Whether a tensor is transposed in this way: its elements have bytes, and a row of the result fits into little memory.</summary>
    public static bool Takes(Tensor source, ReadOnlySpan<int> order) =>
        order.Length > 1 && source.ElementCount > 0 && source.DType.HasFixedSize() && source.DType.Size() is 1 or 2 or 4 or 8 or 16 && source.Data.Length / source.Shape[order[0]] <= LargestRow;

    /// <summary>The tensor whose dimension i is dimension <c>order[i]</c> of the source.</summary>
    public static Tensor Of(Tensor source, int[] order)
    {
        Shape shape = new([.. order.Select(d => source.Shape[d])]);
        return new Tensor(source.DType, shape, new BufferSlice(new TransposedBuffer(source, order, shape), 0, source.Data.Length));
    }

    /// <summary>
    /// What has the same elements as a tensor in an order that costs nothing: for one that is transposed when it is read the source, with the
    /// dimension of it that a dimension has become of.
    /// </summary>
    public static (Tensor Source, int Axis) Unmoved(Tensor tensor, int axis) => tensor.Data.Owner is TransposedBuffer moved && tensor.Data.Length == moved.Length && moved._shape == tensor.Shape
        ? (moved._source, axis < 0 ? axis : moved._order[axis]) : (tensor, axis);

    protected override void Stream(long offset, long count, BufferSlice.ChunkSink sink)
    {
        long rows = _shape[0], rowBytes = Length / rows, most = Math.Min(rows, Math.Max(1, PanelBytes / rowBytes)), few = Math.Min(most, Math.Max(1, PieceBytes / rowBytes));
        long end = offset + count, last = (end + rowBytes - 1) / rowBytes;
        byte[] read = ArrayPool<byte>.Shared.Rent(checked((int)(most * rowBytes))), made = ArrayPool<byte>.Shared.Rent((int)(few * rowBytes));
        for (long row = offset / rowBytes; row < last; row += most)
        {
            long taken = Math.Min(most, last - row);
            Span<byte> from = read.AsSpan(0, (int)(taken * rowBytes));
            Read(row, taken, read, from.Length);
            for (long first = 0; first < taken; first += few)
            {
                Span<byte> to = made.AsSpan(0, (int)(Math.Min(few, taken - first) * rowBytes));
                Transpose(taken, from, first, to);
                long start = (row + first) * rowBytes;
                sink(to[(int)Math.Max(0, offset - start)..(int)Math.Min(to.Length, end - start)]);
            }
        }

        ArrayPool<byte>.Shared.Return(read);
        ArrayPool<byte>.Shared.Return(made);
    }

    /// <summary>Reads what some rows of the result are made of, on all threads: a range of the dimension that becomes the first.</summary>
    private void Read(long row, long rows, byte[] target, int length)
    {
        long inner = _source.DType.Size();
        for (int d = _order[0] + 1; d < _source.Shape.Rank; d++)
            inner *= _source.Shape[d];

        // A source that is read as a whole has no gaps between the runs.
        int run = rows == _shape[0] ? ReadBytes : (int)(rows * inner);
        long step = rows == _shape[0] ? ReadBytes : _shape[0] * inner;
        WorkerPool.Shared.For((length + run - 1) / run, 1, new ReadRuns(_source.Data.Slice(row * inner), run, step, target, length));
    }

    /// <summary>Makes some rows of the result of what a panel of rows is made of.</summary>
    private void Transpose(long rows, ReadOnlySpan<byte> from, long first, Span<byte> to)
    {
        long[] dims = [to.Length / (Length / _shape[0]), .. _shape.Dims[1..]];
        long[] read = [.. _source.Shape.Dims];
        read[_order[0]] = rows;
        long[] strides = StridedCopy.DenseStrides(read);
        StridedCopy.Run(from, first * strides[_order[0]], [.. _order.Select(d => strides[d])], to, 0, StridedCopy.DenseStrides(dims), dims, _source.DType.Size(), WorkerPool.Shared);
    }

    /// <summary>Copies runs of the source, a step apart, one behind the other; the last may be shorter.</summary>
    private readonly struct ReadRuns(BufferSlice source, int run, long step, byte[] target, int length) : IRangeJob
    {
        public void Run(int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                int at = i * run, count = Math.Min(run, length - at);
                source.Slice(i * step, count).Read(target.AsSpan(at, count));
            }
        }
    }
}
