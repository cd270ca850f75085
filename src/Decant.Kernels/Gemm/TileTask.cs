namespace Decant.Kernels.Gemm;

/// <summary>
/// What register tiles compute, one after another: C[rows, Columns] = finish(bias + Start + Σ over segments of A's rows · the panel's). A row of A
/// is given by a pointer per segment to <see cref="Run"/> consecutive values, so that a convolution reads its input where it lies. Each element
/// begins with its bias and sums its products in ascending order, fused, as TensorFlow does; a kernel may keep sums in parts where the product,
/// not the tile, has only one row. Then come the residual and the activation.
/// </summary>
internal unsafe struct TileTask
{
    /// <summary>Pointers to the rows of A: <see cref="GemmKernel.PointerRows"/> for each segment, of which the first ones count.</summary>
    public float** Rows;

    /// <summary>Tiles of as many rows each.</summary>
    public int Tiles;

    /// <summary>Whether the product has no more rows than this tile.</summary>
    public bool IsAlone;

    /// <summary>Pointers from the rows of a tile to those of the next.</summary>
    public nint TilePointers;

    /// <summary>Where each tile begins in C, Start and Residual, in elements.</summary>
    public nint* Targets;
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

    /// <summary>Of this, Start and Residual a tile's part begins at its target.</summary>
    public float* C;

    /// <summary>Elements between rows of C, Start and Residual.</summary>
    public nint Stride;

    /// <summary>Columns that exist; the panel's last register may reach beyond them.</summary>
    public int Columns;

    /// <summary>What the sums begin with beside the bias, or null for zeros.</summary>
    public float* Start;

    /// <summary>Added to the sums, or null; may be C itself, as may Start.</summary>
    public float* Residual;

    /// <summary>The bias of the panel's columns, with which sums begin, and the activation.</summary>
    public TileFinish Finish;
}
