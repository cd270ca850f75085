using Decant.Kernels.Threading;

namespace Decant.Kernels.Copy;

/// <summary>Slice, Reverse, Tile, Concat and MirrorPad on dense row-major tensors of any element size; shapes are checked against the spans.</summary>
public static class Rearrange
{
    /// <summary>y[i] = x[begin + i·stride] per axis; strides may be negative. y has <paramref name="size"/>.</summary>
    public static void Slice(ReadOnlySpan<byte> x, ReadOnlySpan<long> dims, Span<byte> y, ReadOnlySpan<long> begin, ReadOnlySpan<long> strides, ReadOnlySpan<long> size, int elementSize, WorkerPool pool)
    {
        (long offset, long[] step) = View(dims, begin, strides);
        StridedCopy.Run(x, offset, step, y, 0, StridedCopy.DenseStrides(size), size, elementSize, pool);
    }

    /// <summary>y[begin + i·stride] = x[i]: the assignment that mirrors <see cref="Slice"/>; x has <paramref name="size"/>, y <paramref name="dims"/>.</summary>
    public static void AssignSlice(ReadOnlySpan<byte> x, ReadOnlySpan<long> size, Span<byte> y, ReadOnlySpan<long> dims, ReadOnlySpan<long> begin, ReadOnlySpan<long> strides, int elementSize, WorkerPool pool)
    {
        (long offset, long[] step) = View(dims, begin, strides);
        StridedCopy.Run(x, 0, StridedCopy.DenseStrides(size), y, offset, step, size, elementSize, pool);
    }

    /// <summary>Reverses the axes marked true.</summary>
    public static void Reverse(ReadOnlySpan<byte> x, ReadOnlySpan<long> dims, Span<byte> y, ReadOnlySpan<bool> reversed, int elementSize, WorkerPool pool)
    {
        long[] begin = new long[dims.Length], strides = new long[dims.Length];
        for (int d = 0; d < dims.Length; d++)
            (begin[d], strides[d]) = reversed[d] ? (dims[d] - 1, -1) : (0, 1);
        Slice(x, dims, y, begin, strides, dims, elementSize, pool);
    }

    /// <summary>Repeats x multiples[d] times along each axis.</summary>
    public static void Tile(ReadOnlySpan<byte> x, ReadOnlySpan<long> dims, Span<byte> y, ReadOnlySpan<long> multiples, int elementSize, WorkerPool pool)
    {
        long[] box = new long[dims.Length * 2], source = new long[box.Length];
        long[] dense = StridedCopy.DenseStrides(dims);
        for (int d = 0; d < dims.Length; d++)
        {
            (box[2 * d], box[(2 * d) + 1]) = (multiples[d], dims[d]);
            source[(2 * d) + 1] = dense[d];
        }

        StridedCopy.Run(x, 0, source, y, 0, StridedCopy.DenseStrides(box), box, elementSize, pool);
    }

    /// <summary>Broadcasts x to <paramref name="target"/> by NumPy's rule.</summary>
    public static void Broadcast(ReadOnlySpan<byte> x, ReadOnlySpan<long> dims, Span<byte> y, ReadOnlySpan<long> target, int elementSize, WorkerPool pool)
    {
        int shift = target.Length - dims.Length;
        ArgumentOutOfRangeException.ThrowIfNegative(shift);
        long[] source = new long[target.Length];
        long[] dense = StridedCopy.DenseStrides(dims);
        for (int d = 0; d < dims.Length; d++)
        {
            if (dims[d] != 1 && dims[d] != target[d + shift])
                throw new ArgumentException($"dimension {d}: {dims[d]} does not broadcast to {target[d + shift]}", nameof(dims));
            source[d + shift] = dims[d] == 1 ? 0 : dense[d];
        }

        StridedCopy.Run(x, 0, source, y, 0, StridedCopy.DenseStrides(target), target, elementSize, pool);
    }

    /// <summary>
    /// Puts x, the part [axisOffset, axisOffset + axisSize) of a concatenation, into y [outer, axisTotal, inner]; call once per input.
    /// </summary>
    public static void ConcatPart(ReadOnlySpan<byte> x, Span<byte> y, long outer, long axisTotal, long axisOffset, long axisSize, long inner, int elementSize, WorkerPool pool) =>
        StridedCopy.Run(x, 0, [axisSize * inner, 1], y, axisOffset * inner, [axisTotal * inner, 1], [outer, axisSize * inner], elementSize, pool);

    /// <summary>Takes the part [axisOffset, axisOffset + axisSize) of x [outer, axisTotal, inner]: one output of a split.</summary>
    public static void SplitPart(ReadOnlySpan<byte> x, Span<byte> y, long outer, long axisTotal, long axisOffset, long axisSize, long inner, int elementSize, WorkerPool pool) =>
        StridedCopy.Run(x, axisOffset * inner, [axisTotal * inner, 1], y, 0, [axisSize * inner, 1], [outer, axisSize * inner], elementSize, pool);

    /// <summary>
    /// Mirrors x at its borders: REFLECT leaves the border element out, SYMMETRIC repeats it. Axis by axis, from the copied middle outward.
    /// </summary>
    public static void MirrorPad(ReadOnlySpan<byte> x, ReadOnlySpan<long> dims, Span<byte> y, ReadOnlySpan<long> before, ReadOnlySpan<long> after, bool symmetric, int elementSize, WorkerPool pool)
    {
        long[] padded = Padded(dims, before, after);
        long[] ones = new long[dims.Length];
        Array.Fill(ones, 1);
        AssignSlice(x, dims, y, padded, before, ones, elementSize, pool);
        for (int d = 0; d < dims.Length; d++)
        {
            long skip = symmetric ? 0 : 1;
            long limit = Math.Max(0, dims[d] - skip);
            if (before[d] > limit || after[d] > limit)
                throw new ArgumentException($"axis {d} of {dims[d]} elements cannot be mirrored {before[d]} before and {after[d]} after", nameof(before));
            Mirror(y, padded, dims, before, d, 0, before[d], before[d] + skip + before[d] - 1, elementSize);
            Mirror(y, padded, dims, before, d, before[d] + dims[d], after[d], before[d] + dims[d] - 1 - skip, elementSize);
        }
    }

    /// <summary>y[first + i] = y[from - i] along axis d for i &lt; count, over the parts of the other axes already filled (all before d, the middle after).</summary>
    private static void Mirror(Span<byte> y, long[] padded, ReadOnlySpan<long> dims, ReadOnlySpan<long> before, int axis, long first, long count, long from, int elementSize)
    {
        long[] strides = StridedCopy.DenseStrides(padded);
        long[] box = new long[padded.Length];
        long origin = 0;
        for (int d = 0; d < box.Length; d++)
        {
            box[d] = d == axis ? count : d < axis ? padded[d] : dims[d];
            origin += d > axis ? before[d] * strides[d] : 0;
        }

        long[] source = (long[])strides.Clone();
        source[axis] = -strides[axis];
        if (count > 0)
            StridedCopy.Run(y, origin + (from * strides[axis]), source, y, origin + (first * strides[axis]), strides, box, elementSize, WorkerPool.Inline);
    }

    private static (long Offset, long[] Strides) View(ReadOnlySpan<long> dims, ReadOnlySpan<long> begin, ReadOnlySpan<long> strides)
    {
        long[] result = StridedCopy.DenseStrides(dims);
        long offset = 0;
        for (int d = 0; d < dims.Length; d++)
        {
            offset += begin[d] * result[d];
            result[d] *= strides[d];
        }

        return (offset, result);
    }

    private static long[] Padded(ReadOnlySpan<long> dims, ReadOnlySpan<long> before, ReadOnlySpan<long> after)
    {
        long[] padded = new long[dims.Length];
        for (int d = 0; d < dims.Length; d++)
            padded[d] = checked(before[d] + dims[d] + after[d]);
        return padded;
    }
}
