namespace Decant.Kernels.Gemm;

/// <summary>The rows of a matrix A[m, k], <paramref name="lda"/> elements apart, for a C whose rows are <paramref name="ldc"/> apart.</summary>
internal readonly unsafe struct MatrixRows(float* a, nint lda, int m, int k, nint ldc) : ITileRows
{
    private readonly int least = m / Math.Max(1, TilesOf(m));
    private readonly int larger = m % Math.Max(1, TilesOf(m));

    public int Tiles { get; } = TilesOf(m);

    public int Segments => 1;

    public int Run => k;

    public int Ahead { get; } = (int)Math.Min(lda * GemmKernel.MostRows, int.MaxValue);

    public float* Begin(int tiles) => null;

    public int Place(int tile, int slot, float** rows, float* memory, out nint target)
    {
        int row = (tile * least) + Math.Min(tile, larger);
        int count = tile < larger ? least + 1 : least;
        float* p = a + (row * lda);
        for (int r = 0; r < count; r++, p += lda)
            rows[r] = p;
        target = row * ldc;
        return count;
    }

    private static int TilesOf(int m) => (int)(((long)m + GemmKernel.MostRows - 1) / GemmKernel.MostRows);
}
