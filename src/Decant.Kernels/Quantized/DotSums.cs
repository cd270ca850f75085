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
}
