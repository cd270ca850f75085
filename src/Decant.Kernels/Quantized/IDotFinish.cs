namespace Decant.Kernels.Quantized;

/// <summary>Makes results of sums of products, and stores them.</summary>
internal interface IDotFinish
{
    /// <summary>Takes the 32-bit sums of consecutive channels of some rows.</summary>
    void Rows(in DotSums sums);
}
