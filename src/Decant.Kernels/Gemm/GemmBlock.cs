namespace Decant.Kernels.Gemm;

/// <summary>The serial product of a block of rows with packed panels; what each thread, and each convolution tile, runs.</summary>
internal static unsafe class GemmBlock
{
    /// <summary>
    /// Blocks of k: a panel's block stays in the L1 cache (32 columns x 256 x 4 bytes = 32 KB) while it meets every row tile.
    /// The blocks depend on K alone, so a result's summation order does too.
    /// </summary>
    private const int BlockK = 256;

    /// <summary>From this many panels on, rows of A are copied together first: rows a power of two apart share cache sets.</summary>
    private const int CompactPanels = 4;

    /// <summary>Row tiles per copy: 10 x 12 rows x 256 x 4 bytes = 120 KB of the L2 cache.</summary>
    private const int CompactTiles = 10;

    /// <summary>
    /// C[m, columns of panels [panel0, panel1)] = A[m, K]·B (+ C when <paramref name="accumulate"/>) with bias (length N, or null) and activation.
    /// A that is <paramref name="dense"/> already lies compactly in a buffer.
    /// </summary>
    public static void Run(float* a, nint lda, int m, PackedMatrix b, int panel0, int panel1, float* c, nint ldc, float* bias, Activation activation, bool accumulate = false, bool dense = false) =>
        Run(a, lda, m, b.Data, b.K, b.N, GemmKernel.ForPanelWidth(b.PanelWidth), panel0, panel1, c, ldc, bias, activation, accumulate, dense);

    public static void Run(float* a, nint lda, int m, float* packed, int k, int n, GemmKernel kernel, int panel0, int panel1, float* c, nint ldc, float* bias, Activation activation, bool accumulate, bool dense = false)
    {
        int blocks = Math.Max(1, (k + BlockK - 1) / BlockK);
        bool compact = !dense && panel1 - panel0 >= CompactPanels && m > kernel.MaxRows;
        int chunk = compact ? kernel.MaxRows * CompactTiles : m;
        for (int row = 0; row < m; row += chunk)
        {
            int rows = Math.Min(chunk, m - row);
            for (int block = 0; block < blocks; block++)
            {
                int k0 = (int)((long)k * block / blocks);
                int kn = (int)((long)k * (block + 1) / blocks) - k0;
                bool last = block == blocks - 1;
                TileFinish finish = new(last ? bias : null, last ? activation : Activation.None);
                float* blockA = a + (row * lda) + k0;
                nint strideA = lda;
                if (compact)
                {
                    strideA = ((kn + 15) & ~15) + 16;
                    float* copy = Scratch.Get<float>(rows * strideA, 2);
                    for (int r = 0; r < rows; r++)
                        new ReadOnlySpan<float>(blockA + (r * lda), kn).CopyTo(new Span<float>(copy + (r * strideA), kn));
                    blockA = copy;
                }

                Panels(blockA, strideA, rows, packed + ((long)k0 * kernel.PanelWidth), k, kn, n, kernel, panel0, panel1, c + (row * ldc), ldc, accumulate || block > 0, finish);
            }
        }
    }

    private static void Panels(float* a, nint lda, int m, float* packed, int k, int kn, int n, GemmKernel kernel, int panel0, int panel1, float* c, nint ldc, bool accumulate, TileFinish finish)
    {
        int width = kernel.PanelWidth;
        int tiles = (m + kernel.MaxRows - 1) / kernel.MaxRows;
        float* edge = stackalloc float[width * kernel.MaxRows];
        for (int panel = panel0; panel < panel1; panel++)
        {
            int column = panel * width;
            int columns = Math.Min(width, n - column);
            float* panelData = packed + ((long)column * k);
            TileFinish at = new(finish.Bias == null ? null : finish.Bias + column, finish.Activation);
            for (int tile = 0; tile < tiles; tile++)
            {
                int row = (int)((long)m * tile / tiles);
                int rows = (int)((long)m * (tile + 1) / tiles) - row;
                float* tileC = c + (row * ldc) + column;
                float* tileA = a + (row * lda);
                delegate*<float*, nint, float*, int, float*, nint, bool, void> run = kernel.Tile(rows, columns, out int written);
                if (columns == written)
                    run(tileA, lda, panelData, kn, tileC, ldc, accumulate);
                else
                    Edge(run, written, tileA, lda, panelData, kn, tileC, ldc, rows, columns, edge, accumulate);
                if (!at.IsNothing)
                    GemmFinish.Run(tileC, ldc, rows, columns, at);
            }
        }
    }

    /// <summary>A panel narrower than the tile's registers goes through a full-width buffer.</summary>
    private static void Edge(delegate*<float*, nint, float*, int, float*, nint, bool, void> run, int width, float* a, nint lda, float* panel, int k, float* c, nint ldc, int rows, int columns, float* buffer, bool accumulate)
    {
        if (accumulate)
        {
            for (int r = 0; r < rows; r++)
            {
                new ReadOnlySpan<float>(c + (r * ldc), columns).CopyTo(new Span<float>(buffer + (r * width), columns));
                new Span<float>(buffer + (r * width) + columns, width - columns).Clear();
            }
        }

        run(a, lda, panel, k, buffer, width, accumulate);
        for (int r = 0; r < rows; r++)
            new ReadOnlySpan<float>(buffer + (r * width), columns).CopyTo(new Span<float>(c + (r * ldc), columns));
    }
}
