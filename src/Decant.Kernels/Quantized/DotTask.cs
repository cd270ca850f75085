namespace Decant.Kernels.Quantized;

/// <summary>What a register tile computes: Sums[rows, columns] = A · the panel. A row of A may be made of stretches that lie apart.</summary>
internal unsafe struct DotTask
{
    /// <summary>Where each stretch lies, of groups of 4 bytes, or of 2 16-bit integers, along the sum.</summary>
    public byte** Stretches;

    public nint StretchCount;

    /// <summary>Bytes from there to the first row.</summary>
    public nint Offset;

    /// <summary>Bytes between rows of A.</summary>
    public nint Stride;

    /// <summary>Groups of a stretch.</summary>
    public nint Groups;

    /// <summary>[stretches][groups][columns] of B, a group of 4 bytes each.</summary>
    public byte* Panel;

    /// <summary>Where the sums go.</summary>
    public int* Sums;

    /// <summary>Integers between rows of Sums.</summary>
    public nint SumStride;
}
