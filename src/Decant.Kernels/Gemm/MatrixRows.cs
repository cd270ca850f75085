using System.Runtime.CompilerServices;

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

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Place(int tile, int tiles, float** rows, nint tileFloats, float* memory, int* sizes, nint* targets)
    {
        nint row = (tile * (nint)least) + Math.Min(tile, larger);
        for (int i = 0; i < tiles; i++, rows += tileFloats)
        {
            int count = tile + i < larger ? least + 1 : least;
            float* p = a + (row * lda);
            for (int r = 0; r < count; r++, p += lda)
                rows[r] = p;
            sizes[i] = count;
            targets[i] = row * ldc;
            row += count;
        }
    }

    private static int TilesOf(int m) => (int)(((long)m + GemmKernel.MostRows - 1) / GemmKernel.MostRows);
}
