using Decant.Kernels.Threading;

namespace Decant.Kernels.Gemm;

/// <summary>
/// The product of tiles of rows with packed panels. Panels are taken in chunks that stay in the L2 cache; of a chunk each tile of rows meets all
/// panels, which come from there, before the next tile does: its rows stay in the L1 cache, and rows of C are written whole. Few tiles meet
/// one panel after another.
/// </summary>
internal static unsafe class GemmBlock
{
    /// <summary>
    /// Rows of B in one block: 6144 x 64 columns x 4 bytes = 1.5 MB, a panel in the L2 cache. The blocks depend on K alone, so a result's order of
    /// summation does too.
    /// </summary>
    private const int BlockK = 6144;

    /// <summary>Floats of B in a chunk of panels: 1 MB.</summary>
    private const long ChunkFloats = 262144;

    /// <summary>Tiles per thread from which on their number divides evenly enough.</summary>
    private const int FineTiles = 8;

    /// <summary>Multiply-adds that pay for handing out a piece: some 2 µs.</summary>
    private const long PieceWork = 131072;

    private const int PiecesPerThread = 4;

    public static void Run<TRows>(in TRows rows, in Product product, WorkerPool pool)
        where TRows : struct, ITileRows
    {
        Panels panels = product.Kernel.Panels(product.N);
        int tiles = rows.Tiles;
        if (tiles == 0 || panels.Count == 0)
            return;
        long k = Math.Max(1, (long)rows.Segments * rows.Run);
        bool isByPanel = tiles < pool.Threads * FineTiles && tiles < panels.Count;
        int chunk = isByPanel ? 1 : (int)Math.Clamp(ChunkFloats / (Math.Min(k, BlockK) * panels.Lanes * panels.Most), 1, panels.Count);
        int chunks = (panels.Count + chunk - 1) / chunk;
        int parts = isByPanel ? 1 : tiles;
        long units = (long)chunks * parts;
        long pieces = Math.Clamp((long)tiles * GemmKernel.MostRows * k * product.N / PieceWork, 1, Math.Min(units, (long)pool.Threads * PiecesPerThread));
        if (pieces > pool.Threads)
            pieces -= pieces % pool.Threads;
        pool.For((int)pieces, 1, new Job<TRows>(rows, product, panels, chunk, parts, units, (int)pieces));
    }

    private readonly struct Job<TRows>(TRows rows, Product product, Panels panels, int chunk, int parts, long units, int pieces) : IRangeJob
        where TRows : struct, ITileRows
    {
        public void Run(int start, int end)
        {
            float* memory = rows.Begin();
            float** pointers = (float**)Scratch.Get<nint>(Math.Max(1L, rows.Segments) * GemmKernel.MostRows, 2);
            long last = units * end / pieces;
            for (long unit = units * start / pieces; unit < last;)
            {
                (long at, long part) = Math.DivRem(unit, parts);
                long next = Math.Min(last, unit + parts - part);
                int tile0 = parts == 1 ? 0 : (int)part, tile1 = parts == 1 ? rows.Tiles : (int)(part + next - unit);
                int panel0 = (int)at * chunk;
                Blocks(tile0, tile1, panel0, Math.Min(panels.Count, panel0 + chunk), pointers, memory);
                unit = next;
            }
        }

        private void Blocks(int tile0, int tile1, int panel0, int panel1, float** pointers, float* memory)
        {
            int segments = rows.Segments, run = rows.Run;
            int k = checked(segments * run);
            int blocks = (int)Math.Max(1, Math.Min(((long)k + BlockK - 1) / BlockK, segments > 1 ? segments : int.MaxValue));
            TileTask task = new() { Stride = product.Stride, Segments = segments, Run = run };
            for (int block = 0; block < blocks; block++)
            {
                // Of several segments a block has some, of one a part.
                int from = (int)((long)(segments > 1 ? segments : run) * block / blocks), to = (int)((long)(segments > 1 ? segments : run) * (block + 1) / blocks);
                bool isLast = block == blocks - 1;
                if (blocks > 1)
                    (task.Segments, task.Run) = segments > 1 ? (to - from, run) : (1, to - from);
                int k0 = segments > 1 ? from * run : from;
                bool isFromC = product.Accumulate || block > 0;
                // Where sums are kept in C in between, a residual that is C itself can only come first.
                bool isFromResidual = block == 0 && blocks > 1 && product.Residual != null;
                for (int tile = tile0; tile < tile1; tile++)
                {
                    int count = rows.Place(tile, pointers, memory, out nint target);
                    if (segments > 1)
                    {
                        task.Rows = pointers + ((nint)from * GemmKernel.MostRows);
                    }
                    else
                    {
                        for (int r = 0; r < count; r++)
                            pointers[r] += from;
                        task.Rows = pointers;
                    }

                    for (int panel = panel0; panel < panel1; panel++)
                    {
                        int column = panels.First(panel), width = panels.Width(panel);
                        task.Panel = product.Packed + ((long)column * k) + ((long)k0 * width);
                        task.C = product.C + target + column;
                        task.Columns = Math.Min(width, product.N - column);
                        task.Start = isFromResidual ? product.Residual + target + column : isFromC ? task.C : null;
                        task.Residual = blocks == 1 && product.Residual != null ? product.Residual + target + column : null;
                        task.Finish = isLast ? product.Finish.From(column) : default;
                        product.Kernel.Tile(count, width)(&task);
                    }
                }
            }
        }
    }
}
