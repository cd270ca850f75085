namespace Decant.Kernels.Quantized;

/// <summary>What a register tile computes: Sums[rows, columns] = A · the panel.</summary>
internal unsafe struct DotTask
{
    /// <summary>The first row of A: groups of 4 bytes, or of 2 16-bit integers, along the sum.</summary>
    public byte* A;

    /// <summary>Bytes between rows of A.</summary>
    public nint Stride;

    /// <summary>Groups that are summed.</summary>
    public nint Groups;

    /// <summary>[groups][columns] of B, a group of 4 bytes each.</summary>
    public byte* Panel;

    /// <summary>Where the sums go.</summary>
    public int* Sums;

    /// <summary>Integers between rows of Sums.</summary>
    public nint SumStride;
}
