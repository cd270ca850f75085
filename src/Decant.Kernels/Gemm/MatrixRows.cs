namespace Decant.Kernels.Gemm;

/// <summary>The rows of a matrix A[m, k], <paramref name="lda"/> elements apart, for a C whose rows are <paramref name="ldc"/> apart.</summary>
internal readonly unsafe struct MatrixRows(float* a, nint lda, int m, int k, nint ldc) : ITileRows
{
    public int Tiles { get; } = (int)(((long)m + GemmKernel.MostRows - 1) / GemmKernel.MostRows);

    public int Segments => 1;

    public int Run => k;

    public float* Begin() => null;

    public int Place(int tile, float** rows, float* memory, out nint target)
    {
        int row = (int)((long)m * tile / Tiles);
        int count = (int)((long)m * (tile + 1) / Tiles) - row;
        float* p = a + (row * lda);
        for (int r = 0; r < count; r++, p += lda)
            rows[r] = p;
        target = row * ldc;
        return count;
    }
}
