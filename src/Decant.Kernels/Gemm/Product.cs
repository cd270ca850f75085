namespace Decant.Kernels.Gemm;

/// <summary>What the rows of A are multiplied by, and where the product goes.</summary>
internal unsafe struct Product
{
    /// <summary>The kernel for which B is packed.</summary>
    public required GemmKernel Kernel;

    /// <summary>B, as the kernel's <see cref="Panels"/> say.</summary>
    public required float* Packed;

    /// <summary>Columns of B.</summary>
    public required int N;
    public required float* C;

    /// <summary>Elements between consecutive rows of C.</summary>
    public nint Stride;

    /// <summary>Whether the product is added to C.</summary>
    public bool Accumulate;
    public TileFinish Finish;

    /// <summary>What finished values go through once more.</summary>
    public LastPass Pass;

    /// <summary>Added before the activation, laid out as C and possibly C itself; null for none.</summary>
    public float* Residual;
}
