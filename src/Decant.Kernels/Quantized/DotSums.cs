using System.Runtime.Intrinsics;

namespace Decant.Kernels.Quantized;

/// <summary>A block of sums of products.</summary>
internal unsafe struct DotSums
{
    /// <summary>The first row of the output.</summary>
    public int Row;

    /// <summary>How many rows.</summary>
    public int RowCount;

    /// <summary>The first channel; of all groups.</summary>
    public int Channel;

    /// <summary>How many channels.</summary>
    public int Count;

    /// <summary>The sums.</summary>
    public int* Values;

    /// <summary>Integers between the sums of rows.</summary>
    public nint Stride;

    /// <summary>What is to be taken off the sums of each row for the zero point of the weights, or null.</summary>
    public int* Terms;

    /// <summary>
    /// Moves all rows together, over themselves, and gives as many of them as fill rows of a width; those that are left, fewer than fill
    /// another, are to be stored alone.
    /// </summary>
    public readonly DotSums Joined(int width, out DotSums left)
    {
        int* to = Values, from = Values;
        for (int r = 0; r < RowCount && Stride != Count; r++, to += Count, from += Stride)
        {
            if (Count == Vector256<int>.Count)
                Vector256.Load(from).Store(to);
            else
                new ReadOnlySpan<int>(from, Count).CopyTo(new Span<int>(to, Count));
        }

        (int rows, int rest) = Math.DivRem(RowCount, width / Count);
        left = this with { Row = Row + RowCount - rest, RowCount = rest, Values = Values + ((nint)rows * width), Stride = Count };
        return this with { RowCount = rows, Count = width, Stride = width };
    }
}
