using System.Runtime.CompilerServices;
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

    /// <summary>
    /// The same for several threads: 512 KB. What of a shared B or A falls out of one core's L2 cache is fetched from the other's, and that takes
    /// longer than from the L3 cache: 196x512x512 with 1 MB for both threads took a fifth to a quarter longer than with a half of B for each.
    /// </summary>
    private const long SharedChunkFloats = ChunkFloats / 2;

    /// <summary>Tiles per thread from which on their number divides evenly enough.</summary>
    private const int FineTiles = 8;

    /// <summary>Tiles whose rows of A stay in the L2 cache beside a panel, so that panels can be taken one after another.</summary>
    private const int FewTiles = 16;

    /// <summary>
    /// Floats of A that stay in the L2 cache beside a panel, and of B from which on it comes from farther away: 256 KB. One thread then takes panels one
    /// after another; several gain nothing, as each needs the rows that another has written.
    /// </summary>
    private const long LargeFloats = 65536;

    /// <summary>Multiply-adds that pay for handing out a piece: some 2 µs.</summary>
    private const long PieceWork = 131072;

    private const int PiecesPerThread = 4;

    /// <summary>Floats of a panel up to which it stays in the L1 cache while it meets a group of tiles: 24 KB.</summary>
    private const int GroupFloats = 6144;

    /// <summary>Floats of a cache line.</summary>
    private const int LineFloats = 16;

    /// <summary>Tiles of a group.</summary>
    private const int GroupTiles = 8;

    public static void Run<TRows>(TRows rows, in Product product, WorkerPool pool)
        where TRows : struct, ITileRows
    {
        Panels panels = product.Kernel.Panels(product.N);
        int tiles = rows.Tiles;
        if (tiles == 0 || panels.Count == 0)
            return;
        long k = Math.Max(1, (long)rows.Segments * rows.Run);
        bool isFew = tiles < Math.Max(FewTiles, pool.Threads * FineTiles);
        bool isByPanel = isFew && (tiles < panels.Count || (pool.Threads == 1 && (long)tiles * GemmKernel.MostRows * k <= LargeFloats && panels.Floats((int)k) >= LargeFloats));
        bool isShared = pool.Threads > 1;
        int most = isShared && panels.Floats((int)k) >= LargeFloats ? (panels.Count + pool.Threads - 1) / pool.Threads : panels.Count;
        int chunk = isByPanel ? 1 : (int)Math.Clamp((isShared ? SharedChunkFloats : ChunkFloats) / (Math.Min(k, BlockK) * panels.Lanes * panels.Most), 1, most);
        int chunks = (panels.Count + chunk - 1) / chunk;
        int group = chunk == 1 || k * panels.Lanes * panels.Most <= GroupFloats ? GroupTiles : 1;
        // Panels that cannot be shared out evenly are met by some tiles in one thread, by the others in another.
        bool isEven = panels.Count % pool.Threads == 0 || panels.Count >= pool.Threads * PiecesPerThread;
        int parts = !isByPanel ? tiles : isEven ? 1 : Math.Min(tiles, pool.Threads);
        long units = (long)chunks * parts;
        long pieces = Math.Clamp((long)tiles * GemmKernel.MostRows * k * product.N / PieceWork, 1, Math.Min(units, (long)pool.Threads * PiecesPerThread));
        if (pieces > pool.Threads)
            pieces -= pieces % pool.Threads;
        pool.For((int)pieces, 1, new Job<TRows>(rows, product, panels, isByPanel, chunk, parts, units, (int)pieces, group));
    }

    private readonly struct Job<TRows>(TRows tileRows, Product product, Panels panels, bool isByPanel, int chunk, int parts, long units, int pieces, int group) : IRangeJob
        where TRows : struct, ITileRows
    {
        private readonly TRows rows = tileRows;

        /// <summary>Whether there are slopes that the tiles leave to be applied.</summary>
        private bool HasSlopesLeft => product.Finish.Slopes != null && !product.Kernel.TakesSlopes;

        public void Run(int start, int end)
        {
            // Of a field that may not change, each call would copy the whole of it first.
            ref TRows rows = ref Unsafe.AsRef(in this.rows);
            int tileFloats = checked(Math.Max(1, rows.Segments) * GemmKernel.PointerRows);
            float* memory = rows.Begin(group);
            nint* scratch = Scratch.Get<nint>(((long)tileFloats * group) + panels.Count + 1, 2);
            float** pointers = (float**)scratch;
            int* firsts = (int*)(scratch + ((nint)tileFloats * group));
            for (int panel = 0; panel <= panels.Count; panel++)
                firsts[panel] = panels.First(panel);
            long last = units * end / pieces;
            for (long unit = units * start / pieces; unit < last;)
            {
                (long at, long part) = Math.DivRem(unit, parts);
                long next = Math.Min(last, unit + parts - part);
                int tile0 = (int)((long)rows.Tiles * part / parts), tile1 = (int)((long)rows.Tiles * (part + next - unit) / parts);
                int panel0 = (int)at * chunk;
                Blocks(ref rows, tile0, tile1, firsts + panel0, Math.Min(panels.Count, panel0 + chunk) - panel0, pointers, tileFloats, memory);
                unit = next;
            }
        }

        private void Blocks(ref TRows rows, int tile0, int tile1, int* firsts, int count, float** pointers, int tileFloats, float* memory)
        {
            int* sizes = stackalloc int[GroupTiles];
            nint* targets = stackalloc nint[GroupTiles];
            int segments = rows.Segments, run = rows.Run;
            int k = checked(segments * run);
            int blocks = (int)Math.Max(1, Math.Min(((long)k + BlockK - 1) / BlockK, segments > 1 ? segments : int.MaxValue));
            for (int block = 0; block < blocks; block++)
            {
                // Of several segments a block has some, of one a part.
                int from = (int)((long)(segments > 1 ? segments : run) * block / blocks), to = (int)((long)(segments > 1 ? segments : run) * (block + 1) / blocks);
                bool isLast = block == blocks - 1;
                TileTask task = new() { Stride = product.Stride, Ahead = rows.Ahead, IsAlone = rows.Tiles == 1 };
                (task.Segments, task.Run) = segments > 1 ? (to - from, run) : (segments, to - from);
                task.Step = task.Ahead / Math.Max(1, task.Run);
                Sums sums = new()
                {
                    K = k,
                    K0 = segments > 1 ? from * run : from,
                    // Where sums are kept in C in between, a residual that is C itself can only come first.
                    Start = block > 0 || product.Accumulate ? product.C : blocks > 1 ? product.Residual : null,
                    Residual = blocks == 1 ? product.Residual : null,
                    Finish = product.Finish.Part(block == 0, isLast),
                };
                for (int tile = tile0; tile < tile1; tile += group)
                {
                    int tiles = Math.Min(group, tile1 - tile);
                    rows.Place(tile, tiles, pointers, tileFloats, memory, sizes, targets);
                    for (int i = 0; i < tiles && segments == 1 && from > 0; i++)
                    {
                        for (int r = 0; r < sizes[i]; r++)
                            pointers[((nint)i * tileFloats) + r] += from;
                    }

                    task.Rows = segments > 1 ? pointers + ((nint)from * GemmKernel.PointerRows) : pointers;
                    Group(&task, sums, sizes, targets, tiles, tileFloats, firsts, count);
                    if (isLast && (HasSlopesLeft || !product.Pass.IsNothing))
                        Last(sizes, targets, tiles, firsts[0], Math.Min(firsts[count], product.N));
                }
            }
        }

        private void Last(int* sizes, nint* targets, int tiles, int column, int end)
        {
            for (int i = 0; i < tiles; i++)
            {
                float* c = product.C + targets[i] + column;
                if (HasSlopesLeft)
                    GemmFinish.Slope(c, product.Stride, sizes[i], end - column, product.Finish.Slopes + column);
                if (!product.Pass.IsNothing)
                    product.Pass.Run(c, product.Stride, sizes[i], column, end - column);
            }
        }

        /// <summary>The product of some tiles with some panels; of the task all is set that is the same for them.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private void Group(TileTask* task, in Sums sums, int* sizes, nint* targets, int tiles, int tileFloats, int* firsts, int count)
        {
            float** rowPointers = task->Rows;
            task->TilePointers = tileFloats;
            nint* table = product.Kernel.Table;
            int lanes = panels.Lanes, depth = task->Segments * task->Run;
            for (int panel = 0; panel < count; panel++)
            {
                int column = firsts[panel], width = firsts[panel + 1] - column;
                nint* tilesOfWidth = table + (width == panels.Most * lanes ? panels.Most - 1 : (width / lanes) - 1) * GemmKernel.MostRows;
                task->Panel = product.Packed + ((long)column * sums.K) + ((long)sums.K0 * width);
                task->Columns = Math.Min(width, product.N - column);
                task->Finish = sums.Finish.From(column);
                // Few tiles: each fetches a part of the next panel, at most a line with each row. One that streams the panel is left alone.
                if (isByPanel)
                    task->Step = tiles == 1 ? 0 : Math.Min(LineFloats, (width + tiles - 1) / tiles);
                task->C = product.C + column;
                task->Start = sums.Start == null ? null : sums.Start + column;
                task->Residual = sums.Residual == null ? null : sums.Residual + column;
                for (int i = 0; i < tiles; i += task->Tiles)
                {
                    task->Tiles = Equal(sizes + i, tiles - i);
                    task->Next = !isByPanel ? null : tiles == 1 ? task->Panel : task->Panel + ((nint)depth * (width + (i * task->Step)));
                    task->Rows = rowPointers + ((nint)i * tileFloats);
                    task->Targets = targets + i;
                    ((delegate*<TileTask*, void>)tilesOfWidth[sizes[i] - 1])(task);
                }
            }
        }
    }

    /// <summary>How many sizes are the same as the first, that included.</summary>
    private static int Equal(int* sizes, int count)
    {
        int equal = 1;
        while (equal < count && sizes[equal] == sizes[0])
            equal++;
        return equal;
    }

    /// <summary>What a block of rows of B begins and ends with.</summary>
    private struct Sums
    {
        public int K;
        public int K0;
        public float* Start;
        public float* Residual;
        public TileFinish Finish;
    }
}
