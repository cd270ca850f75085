using Decant.Kernels.Copy;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Transpose;

/// <summary>y.dims[i] = x.dims[permutation[i]]: TensorFlow's Transpose, for elements of 1, 2, 4, 8 or 16 bytes.</summary>
public static class AxisPermutation
{
    /// <summary>Axes whose strides are kept on the stack.</summary>
    private const int MostOnStack = 8;

    /// <exception cref="ArgumentException">The permutation is not one of the axes, or a span is too short.</exception>
    public static void Run(ReadOnlySpan<byte> x, Span<byte> y, int elementSize, ReadOnlySpan<long> dims, ReadOnlySpan<int> permutation, WorkerPool pool)
    {
        if (permutation.Length != dims.Length)
            throw new ArgumentException($"{permutation.Length} axes for rank {dims.Length}", nameof(permutation));
        int rank = dims.Length;
        Span<long> memory = rank <= MostOnStack ? stackalloc long[4 * MostOnStack] : new long[4 * rank];
        Span<long> strides = memory[..rank], targetStrides = memory.Slice(rank, rank), sourceStrides = memory.Slice(2 * rank, rank), targetDims = memory.Slice(3 * rank, rank);
        Span<bool> seen = rank <= MostOnStack ? stackalloc bool[MostOnStack] : new bool[rank];
        StridedCopy.DenseStrides(dims, strides);
        for (int i = 0; i < dims.Length; i++)
        {
            int axis = permutation[i];
            if ((uint)axis >= (uint)dims.Length || seen[axis])
                throw new ArgumentException($"axis {axis} at {i} is out of range or repeated", nameof(permutation));
            seen[axis] = true;
            sourceStrides[i] = strides[axis];
            targetDims[i] = dims[axis];
        }

        StridedCopy.DenseStrides(targetDims, targetStrides);
        StridedCopy.Run(x, 0, sourceStrides, y, 0, targetStrides, targetDims, elementSize, pool);
    }

    /// <summary>[n, c, spatial] to [n, spatial, c], where spatial = H·W or D·H·W.</summary>
    public static void ChannelsLast(ReadOnlySpan<byte> x, Span<byte> y, int elementSize, long n, long c, long spatial, WorkerPool pool) =>
        Run(x, y, elementSize, [n, c, spatial], [0, 2, 1], pool);

    /// <summary>[n, spatial, c] to [n, c, spatial], where spatial = H·W or D·H·W.</summary>
    public static void ChannelsFirst(ReadOnlySpan<byte> x, Span<byte> y, int elementSize, long n, long c, long spatial, WorkerPool pool) =>
        Run(x, y, elementSize, [n, spatial, c], [0, 2, 1], pool);
}
