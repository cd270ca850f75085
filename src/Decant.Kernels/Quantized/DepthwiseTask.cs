namespace Decant.Kernels.Quantized;

/// <summary>What a depthwise micro-kernel computes: the sums of some pixels of a row of the output.</summary>
internal unsafe struct DepthwiseTask
{
    /// <summary>Where each tap's first channel lies for the first pixel.</summary>
    public byte** Taps;

    public int TapCount;

    public int Pixels;

    /// <summary>Bytes between pixels.</summary>
    public nint Step;

    public int Blocks;

    /// <summary>The packed weights.</summary>
    public byte* Weights;

    /// <summary>For each group of four taps four bytes that take the weights' zero point off; null where it is 0.</summary>
    public int* Zeros;

    public int* Sums;

    /// <summary>Integers between the sums of pixels.</summary>
    public nint SumStride;
}
