using System.Runtime.CompilerServices;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Copy;

/// <summary>
/// target[Σ i·targetStride + targetOffset] = source[Σ i·sourceStride + sourceOffset] over an index box; strides and offsets in elements of
/// any byte size, strides may be 0 or negative. Slices, reversals, tiles, concatenations, pads and transpositions are calls of it.
/// </summary>
public static unsafe class StridedCopy
{
    private const int Grain = 16384;
    private const int MaxKeptRank = 12;

    [ThreadStatic]
    private static (long[] Dims, long[] Source, long[] Target)[]? kept;

    /// <exception cref="ArgumentException">An index of the box lies outside a span.</exception>
    public static void Run(
        ReadOnlySpan<byte> source, long sourceOffset, ReadOnlySpan<long> sourceStrides,
        Span<byte> target, long targetOffset, ReadOnlySpan<long> targetStrides,
        ReadOnlySpan<long> dims, int elementSize, WorkerPool pool)
    {
        foreach (long d in dims)
        {
            if (d == 0)
                return;
        }

        GuardBox(source.Length / elementSize, sourceOffset, sourceStrides, dims, nameof(source));
        GuardBox(target.Length / elementSize, targetOffset, targetStrides, dims, nameof(target));
        (long[] n, long[] s, long[] t) = Collapse(dims, sourceStrides, targetStrides);
        fixed (byte* ps = source, pt = target)
        {
            byte* from = ps + (sourceOffset * elementSize);
            byte* to = pt + (targetOffset * elementSize);
            int rank = n.Length;
            long rows = 1;
            for (int d = 0; d < rank - 1; d++)
                rows *= n[d];
            int inner = checked((int)n[^1]);
            if (s[^1] == 1 && t[^1] == 1)
            {
                long rowBytes = (long)inner * elementSize;
                if (rows == 1)
                    pool.For(inner, Math.Max(1, Grain * 4 / elementSize), new FlatJob(from, to, elementSize));
                else
                    pool.For(checked((int)rows), (int)Math.Max(1, Grain / rowBytes), new RowsJob(from, to, n, s, t, rowBytes, elementSize));
                return;
            }

            int transposed = TransposedAxis(n, s, t);
            Bands bands = Bands.Of(transposed < 0 ? 1 : n[transposed], inner, transposed >= 0);
            long planes = (transposed < 0 ? rows : rows / n[transposed]) * bands.Count;
            long planeWork = transposed < 0 ? inner : inner * n[transposed] / bands.Count;
            int grain = (int)Math.Max(1, Grain / Math.Max(1, planeWork * elementSize));
            switch (elementSize)
            {
                case 1:
                    pool.For(checked((int)planes), grain, new PlaneJob<byte>((byte*)from, (byte*)to, n, s, t, transposed, bands));
                    break;
                case 2:
                    pool.For(checked((int)planes), grain, new PlaneJob<ushort>((ushort*)from, (ushort*)to, n, s, t, transposed, bands));
                    break;
                case 4:
                    pool.For(checked((int)planes), grain, new PlaneJob<uint>((uint*)from, (uint*)to, n, s, t, transposed, bands));
                    break;
                case 8:
                    pool.For(checked((int)planes), grain, new PlaneJob<ulong>((ulong*)from, (ulong*)to, n, s, t, transposed, bands));
                    break;
                case 16:
                    pool.For(checked((int)planes), grain, new PlaneJob<UInt128>((UInt128*)from, (UInt128*)to, n, s, t, transposed, bands));
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(elementSize), elementSize, "an element has 1, 2, 4, 8 or 16 bytes");
            }
        }
    }

    /// <summary>Row-major strides of a dense tensor.</summary>
    public static long[] DenseStrides(ReadOnlySpan<long> dims)
    {
        long[] strides = new long[dims.Length];
        DenseStrides(dims, strides);
        return strides;
    }

    /// <summary>Row-major strides of a dense tensor, into memory for as many.</summary>
    internal static void DenseStrides(ReadOnlySpan<long> dims, Span<long> strides)
    {
        long stride = 1;
        for (int d = dims.Length - 1; d >= 0; d--)
        {
            strides[d] = stride;
            stride *= dims[d];
        }
    }

    private static void GuardBox(long count, long offset, ReadOnlySpan<long> strides, ReadOnlySpan<long> dims, string name)
    {
        if (strides.Length != dims.Length)
            throw new ArgumentException($"{strides.Length} strides for {dims.Length} dimensions", name);
        long low = offset, high = offset;
        for (int d = 0; d < dims.Length; d++)
        {
            long reach = checked((dims[d] - 1) * strides[d]);
            if (reach < 0)
                low = checked(low + reach);
            else
                high = checked(high + reach);
        }

        if (low < 0 || high >= count)
            throw new ArgumentException($"elements {low} to {high} are needed, {name} has {count}", name);
    }

    private static (long[] Dims, long[] Source, long[] Target) Collapse(ReadOnlySpan<long> dims, ReadOnlySpan<long> source, ReadOnlySpan<long> target)
    {
        Span<long> n = stackalloc long[dims.Length + 1], s = stackalloc long[dims.Length + 1], t = stackalloc long[dims.Length + 1];
        (n[0], s[0], t[0]) = (1, 1, 1);
        int count = 0;
        for (int d = 0; d < dims.Length; d++)
        {
            if (dims[d] == 1)
                continue;
            bool joins = count > 0 && s[count - 1] == source[d] * dims[d] && t[count - 1] == target[d] * dims[d];
            int at = joins ? count - 1 : count++;
            n[at] = joins ? n[at] * dims[d] : dims[d];
            (s[at], t[at]) = (source[d], target[d]);
        }

        count = Math.Max(1, count);
        if (count > MaxKeptRank)
            return (n[..count].ToArray(), s[..count].ToArray(), t[..count].ToArray());

        // The copy is over before this thread makes another.
        (long[] Dims, long[] Source, long[] Target)[] boxes = kept ??= [.. Enumerable.Range(0, MaxKeptRank + 1).Select(r => (new long[r], new long[r], new long[r]))];
        n[..count].CopyTo(boxes[count].Dims);
        s[..count].CopyTo(boxes[count].Source);
        t[..count].CopyTo(boxes[count].Target);
        return boxes[count];
    }

    /// <summary>The outer axis along which the source is contiguous while the target is along the inner one; -1 if none.</summary>
    private static int TransposedAxis(long[] n, long[] s, long[] t)
    {
        if (t[^1] != 1)
            return -1;
        for (int d = 0; d < n.Length - 1; d++)
        {
            if (s[d] == 1)
                return d;
        }

        return -1;
    }

    private readonly struct FlatJob(byte* source, byte* target, int size) : IRangeJob
    {
        public void Run(int start, int end) =>
            Buffer.MemoryCopy(source + ((long)start * size), target + ((long)start * size), (long)(end - start) * size, (long)(end - start) * size);
    }

    private readonly struct RowsJob(byte* source, byte* target, long[] n, long[] s, long[] t, long rowBytes, int size) : IRangeJob
    {
        public void Run(int start, int end)
        {
            int axis = n.Length - 2;
            for (long row = start; row < end;)
            {
                (long rest, long first) = Math.DivRem(row, n[axis]);
                long count = Math.Min(end - row, n[axis] - first), from = first * s[axis], to = first * t[axis];
                for (int d = axis - 1; d >= 0; d--)
                {
                    (rest, long i) = Math.DivRem(rest, n[d]);
                    from += i * s[d];
                    to += i * t[d];
                }

                Lines.Copy(source + (from * size), s[axis] * size, target + (to * size), t[axis] * size, rowBytes, count);
                row += count;
            }
        }
    }

    private readonly struct PlaneJob<T>(T* source, T* target, long[] n, long[] s, long[] t, int transposed, Bands bands) : IRangeJob
        where T : unmanaged
    {
        public void Run(int start, int end)
        {
            int inner = (int)n[^1];
            for (int unit = start; unit < end; unit++)
            {
                (long rest, long band) = Math.DivRem((long)unit, bands.Count);
                long from = 0, to = 0;
                for (int d = n.Length - 2; d >= 0; d--)
                {
                    if (d == transposed)
                        continue;
                    (rest, long i) = Math.DivRem(rest, n[d]);
                    from += i * s[d];
                    to += i * t[d];
                }

                if (transposed >= 0)
                    Band((int)band, source + from, target + to);
                else
                    Row(source + from, s[^1], target + to, t[^1], inner);
            }
        }

        private void Band(int band, T* from, T* to)
        {
            (int row, int rows) = bands.Rows(band, (int)n[transposed]);
            (int column, int columns) = bands.Columns(band, (int)n[^1]);
            Plane2D.Transpose(from + row + (column * s[^1]), s[^1], to + (row * t[transposed]) + column, t[transposed], rows, columns);
        }

        private static void Row(T* from, long sourceStride, T* to, long targetStride, int count)
        {
            if (sourceStride == 0 && targetStride == 1)
            {
                new Span<T>(to, count).Fill(*from);
                return;
            }

            for (int i = 0; i < count; i++, from += sourceStride, to += targetStride)
                *to = *from;
        }
    }
}
