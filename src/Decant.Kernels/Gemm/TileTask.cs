namespace Decant.Kernels.Gemm;

/// <summary>
/// What a register tile computes: C[rows, Columns] = finish(Start + Σ over segments of A's rows · the panel's). A row of A is given by a pointer per
/// segment to <see cref="Run"/> consecutive values, so that a convolution reads its input where it lies. Each element sums its products in
/// ascending order, fused. Then come the bias, the residual and the activation, in this order.
/// </summary>
internal unsafe struct TileTask
{
    /// <summary>Pointers to the rows of A: <see cref="GemmKernel.PointerRows"/> for each segment, of which the first ones count.</summary>
    public float** Rows;
    public int Segments;
    public int Run;

    /// <summary>What is fetched into the cache meanwhile, or null for what lies <see cref="Ahead"/> of the first row.</summary>
    public float* Next;

    /// <summary>Elements from a row of A to that of the next tile.</summary>
    public int Ahead;

    /// <summary>Elements by which fetching proceeds with each row of the panel.</summary>
    public int Step;

    /// <summary>[Segments · Run][registers · lanes] of B.</summary>
    public float* Panel;
    public float* C;

    /// <summary>Elements between rows of C, Start and Residual.</summary>
    public nint Stride;

    /// <summary>Columns that exist; the panel's last register may reach beyond them.</summary>
    public int Columns;

    /// <summary>What the sums begin with, or null for zeros.</summary>
    public float* Start;

    /// <summary>Added to the sums, or null; may be C itself, as may Start.</summary>
    public float* Residual;

    /// <summary>The bias of the panel's columns, and the activation.</summary>
    public TileFinish Finish;
}
