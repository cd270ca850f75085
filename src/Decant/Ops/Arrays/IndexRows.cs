using Decant.IR;

namespace Decant.Ops.Arrays;

/// <summary>
/// Indices of shape [..., depth] into the first <c>depth</c> dimensions of a tensor: each row names a slice of it.
/// </summary>
/// <param name="Depth">The number of dimensions that a row indexes.</param>
/// <param name="Rows">The number of rows.</param>
/// <param name="Run">The number of elements of a slice.</param>
/// <param name="Outer">The indices' dimensions but the last.</param>
internal readonly record struct IndexRows(int Depth, int Rows, int Run, Shape Outer)
{
    public static IndexRows Of(Node node, Shape indices, Shape indexed)
    {
        if (indices.Rank < 1 || indices[-1] > indexed.Rank)
            throw node.Fault($"the indices have shape {indices}, expected a last dimension of at most {indexed.Rank} for shape {indexed}");
        int depth = (int)indices[-1];
        var outer = new Shape(indices.Dims[..^1]);
        return new(depth, Axes.Product(outer, 0, outer.Rank), Axes.Product(indexed, depth, indexed.Rank), outer);
    }

    /// <summary>Where each row's slice begins, in elements; -1 for a row out of range when <paramref name="ignoreOutOfRange"/>.</summary>
    public int[] Starts(Node node, ReadOnlySpan<long> indices, Shape indexed, bool ignoreOutOfRange)
    {
        int[] starts = new int[Rows];
        for (int row = 0; row < starts.Length; row++)
            starts[row] = Start(node, indices, row, indexed, ignoreOutOfRange);
        return starts;
    }

    /// <summary>Where a row's slice begins, in elements; -1 if it is out of range and <paramref name="ignoreOutOfRange"/>.</summary>
    public int Start(Node node, ReadOnlySpan<long> indices, int row, Shape indexed, bool ignoreOutOfRange)
    {
        long start = 0;
        for (int d = 0; d < Depth; d++)
        {
            long index = indices[(row * Depth) + d];
            if ((ulong)index < (ulong)indexed[d])
                start = (start * indexed[d]) + index;
            else if (ignoreOutOfRange)
                return -1;
            else
                throw node.Fault($"indices[{row}] = [{string.Join(',', indices.Slice(row * Depth, Depth).ToArray())}] is not inside of shape {indexed}");
        }

        return (int)start * Run;
    }
}
