using System.Runtime.CompilerServices;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Lanes;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Gemm;

/// <summary>One row times a matrix: bound by reading B once, so B is not packed.</summary>
internal static unsafe class Gemv
{
    /// <summary>Columns whose sums are kept in the L1 cache while rows of B pass, each read along.</summary>
    private const int ColumnBlock = 2048;

    /// <summary>
    /// Chunks of rows that are summed by themselves, then together in their order, when rows are many and not long: B is then read from end to
    /// end. How many does not depend on the threads, so that neither does the result.
    /// </summary>
    private const int Chunks = 8;

    private const int LeastChunkRows = 96;
    private const int MostChunkColumns = 2048;

    /// <summary>Columns that a thread's part is a multiple of: a cache line.</summary>
    private const int LineColumns = 16;

    /// <summary>Products that pay for handing out a part: some 2 µs.</summary>
    private const long PartWork = 16384;

    public static void Run(float* a, float* b, float* c, int k, int n, bool transposed, TileFinish finish, float* residual, WorkerPool pool)
    {
        int bits = LaneWidth.Current;
        if (bits >= 512)
            Run<Lanes512<float>>(a, b, c, k, n, transposed, finish, residual, pool);
        else if (bits >= 256)
            Run<Lanes256<float>>(a, b, c, k, n, transposed, finish, residual, pool);
        else
            Run<Lanes128<float>>(a, b, c, k, n, transposed, finish, residual, pool);
    }

    private static void Run<V>(float* a, float* b, float* c, int k, int n, bool transposed, TileFinish finish, float* residual, WorkerPool pool)
        where V : struct, ILanes<V, float>
    {
        if (!transposed && k >= Chunks * LeastChunkRows && n <= MostChunkColumns)
        {
            // Room behind each chunk's sums, over whose end registers are stored.
            nint stride = (((nint)n + LineColumns - 1) / LineColumns * LineColumns) + LineColumns;
            float* partial = Scratch.Get<float>(Chunks * stride, 1);
            pool.For(Chunks, (int)Math.Clamp(PartWork * Chunks / ((long)k * n), 1, Chunks), new ChunkJob<V>(a, b, partial, stride, k, n));
            for (int chunk = 1; chunk < Chunks; chunk++)
                BinaryLoop.Run(partial, 1, partial + (chunk * stride), 1, partial, n, default(AddOperator<float>));
            GemmFinish.Row(partial, residual, c, n, finish);
            return;
        }

        // One part for each thread, so that it finds the same columns in its cache in the next run.
        int parts = (int)Math.Clamp((long)k * n / PartWork, 1, Math.Min(pool.Threads, ((long)n + LineColumns - 1) / LineColumns));
        pool.For(parts, 1, new Job<V>(a, b, c, k, n, transposed, finish, residual, parts));
    }

    private readonly struct ChunkJob<V>(float* a, float* b, float* partial, nint stride, int k, int n) : IRangeJob
        where V : struct, ILanes<V, float>
    {
        public void Run(int start, int end)
        {
            for (int chunk = start; chunk < end; chunk++)
            {
                int first = (int)((long)k * chunk / Chunks), last = (int)((long)k * (chunk + 1) / Chunks);
                for (int column = 0; column < n; column += ColumnBlock)
                    Columns<V>(a + first, b + ((nint)first * n) + column, partial + (chunk * stride) + column, last - first, n, Math.Min(ColumnBlock, n - column));
            }
        }
    }

    private readonly struct Job<V>(float* a, float* b, float* c, int k, int n, bool transposed, TileFinish finish, float* residual, int parts) : IRangeJob
        where V : struct, ILanes<V, float>
    {
        public void Run(int start, int end)
        {
            int lines = (int)(((long)n + LineColumns - 1) / LineColumns);
            int first = (int)((long)lines * start / parts) * LineColumns;
            int last = Math.Min(n, (int)((long)lines * end / parts) * LineColumns);
            float* sums = stackalloc float[ColumnBlock + LineColumns];
            for (int column = first; column < last; column += ColumnBlock)
            {
                int columns = Math.Min(ColumnBlock, last - column);
                if (transposed)
                {
                    for (int j = 0; j < columns; j++)
                        sums[j] = Dot<V>(a, b + ((long)(column + j) * k), k);
                }
                else
                {
                    Columns<V>(a, b + column, sums, k, n, columns);
                }

                GemmFinish.Row(sums, residual == null ? null : residual + column, c + column, columns, finish.From(column));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Dot<V>(float* a, float* b, int k)
        where V : struct, ILanes<V, float>
    {
        V s0 = V.Constant(0), s1 = s0, s2 = s0, s3 = s0;
        int p = 0;
        int w = V.Count;
        for (; p <= k - (4 * w); p += 4 * w)
        {
            V.AddProduct(ref s0, V.Load(a + p), V.Load(b + p));
            V.AddProduct(ref s1, V.Load(a + p + w), V.Load(b + p + w));
            V.AddProduct(ref s2, V.Load(a + p + (2 * w)), V.Load(b + p + (2 * w)));
            V.AddProduct(ref s3, V.Load(a + p + (3 * w)), V.Load(b + p + (3 * w)));
        }

        for (; p <= k - w; p += w)
            V.AddProduct(ref s0, V.Load(a + p), V.Load(b + p));
        float sum = V.Sum(s0 + s1 + (s2 + s3));
        for (; p < k; p++)
            sum = MathF.FusedMultiplyAdd(a[p], b[p], sum);
        return sum;
    }

    /// <summary>Eight rows at a time pass by the sums, which add up in the order of the rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Wide<V>(float* a, float* b, float* sums, int k, int n, int columns)
        where V : struct, ILanes<V, float>
    {
        new Span<float>(sums, columns).Clear();
        int p = 0;
        for (; p <= k - 8; p += 8)
        {
            V x0 = V.Create(a[p]), x1 = V.Create(a[p + 1]), x2 = V.Create(a[p + 2]), x3 = V.Create(a[p + 3]);
            V x4 = V.Create(a[p + 4]), x5 = V.Create(a[p + 5]), x6 = V.Create(a[p + 6]), x7 = V.Create(a[p + 7]);
            float* r0 = b + ((long)p * n), r1 = r0 + n, r2 = r1 + n, r3 = r2 + n, r4 = r3 + n, r5 = r4 + n, r6 = r5 + n, r7 = r6 + n;
            // A register may reach over the end of a row into the next one, but not over the last row.
            nint j = 0, last = p + 8 < k ? columns - 1 : columns - V.Count;
            for (; j <= last; j += V.Count)
            {
                V s = V.Fma(x0, V.Load(r0 + j), V.Load(sums + j));
                V.AddProduct(ref s, x1, V.Load(r1 + j));
                V.AddProduct(ref s, x2, V.Load(r2 + j));
                V.AddProduct(ref s, x3, V.Load(r3 + j));
                V.AddProduct(ref s, x4, V.Load(r4 + j));
                V.AddProduct(ref s, x5, V.Load(r5 + j));
                V.AddProduct(ref s, x6, V.Load(r6 + j));
                V.AddProduct(ref s, x7, V.Load(r7 + j));
                s.Store(sums + j);
            }

            for (; j < columns; j++)
            {
                float s = MathF.FusedMultiplyAdd(a[p], r0[j], sums[j]);
                s = MathF.FusedMultiplyAdd(a[p + 1], r1[j], s);
                s = MathF.FusedMultiplyAdd(a[p + 2], r2[j], s);
                s = MathF.FusedMultiplyAdd(a[p + 3], r3[j], s);
                s = MathF.FusedMultiplyAdd(a[p + 4], r4[j], s);
                s = MathF.FusedMultiplyAdd(a[p + 5], r5[j], s);
                s = MathF.FusedMultiplyAdd(a[p + 6], r6[j], s);
                sums[j] = MathF.FusedMultiplyAdd(a[p + 7], r7[j], s);
            }
        }

        for (; p < k; p++)
        {
            V x = V.Create(a[p]);
            float* row = b + ((long)p * n);
            nint j = 0;
            for (; j <= columns - V.Count; j += V.Count)
                V.Fma(x, V.Load(row + j), V.Load(sums + j)).Store(sums + j);
            for (; j < columns; j++)
                sums[j] = MathF.FusedMultiplyAdd(a[p], row[j], sums[j]);
        }
    }

    /// <summary>Fewer columns than a register has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Columns<V>(float* a, float* b, float* c, int k, int n, int columns)
        where V : struct, ILanes<V, float>
    {
        int w = V.Count;
        if (columns >= w)
        {
            Wide<V>(a, b, c, k, n, columns);
            return;
        }

        int j = 0;
        // A register may reach over the end of a row into the next one, whose columns are not stored, but not over the last row.
        if (j < columns && n < w)
        {
            int whole = Math.Max(0, k - ((w + n - 1) / n));
            V s0 = V.Constant(0), s1 = s0, s2 = s0, s3 = s0;
            float* row = b + j;
            int p = 0;
            for (; p <= whole - 4; p += 4, row += 4 * n)
            {
                V.AddProduct(ref s0, V.Create(a[p]), V.Load(row));
                V.AddProduct(ref s1, V.Create(a[p + 1]), V.Load(row + n));
                V.AddProduct(ref s2, V.Create(a[p + 2]), V.Load(row + (2 * n)));
                V.AddProduct(ref s3, V.Create(a[p + 3]), V.Load(row + (3 * n)));
            }

            float* sums = stackalloc float[w];
            (s0 + s1 + (s2 + s3)).Store(sums);
            for (; j < columns; j++)
            {
                float sum = sums[j];
                for (int q = p; q < k; q++)
                    sum = MathF.FusedMultiplyAdd(a[q], b[((long)q * n) + j], sum);
                c[j] = sum;
            }

            return;
        }

        for (; j < columns; j++)
        {
            float sum = 0;
            float* row = b + j;
            for (int p = 0; p < k; p++, row += n)
                sum = MathF.FusedMultiplyAdd(a[p], *row, sum);
            c[j] = sum;
        }
    }
}
