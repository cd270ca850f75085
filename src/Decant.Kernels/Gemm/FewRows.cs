using System.Runtime.CompilerServices;
using Decant.Kernels.Lanes;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Gemm;

/// <summary>A few rows times a large matrix that is used once: it is read once, by all rows together, and not packed.</summary>
internal static unsafe class FewRows
{
    /// <summary>Rows whose sums of a block of columns stay in the L1 cache.</summary>
    public const int Most = 8;

    /// <summary>Elements of a matrix that comes from farther away than the caches that a core has for itself.</summary>
    public const long LeastElements = 1 << 16;

    /// <summary>Columns whose sums are kept while rows of B pass: 8 rows x 1024 columns x 4 bytes = 32 KB.</summary>
    private const int ColumnBlock = 1024;

    /// <summary>Columns that a thread's part is a multiple of: a cache line.</summary>
    private const int LineColumns = 16;

    /// <summary>C[m, n] = A[m, k] · B[k, n], or · B[n, k] transposed; m is at most <see cref="Most"/>.</summary>
    public static void Run(float* a, float* b, float* c, int m, int k, int n, bool transposed, TileFinish finish, float* residual, WorkerPool pool)
    {
        int bits = LaneWidth.Current;
        if (bits >= 512)
            Run<Lanes512<float>>(a, b, c, m, k, n, transposed, finish, residual, pool);
        else if (bits >= 256)
            Run<Lanes256<float>>(a, b, c, m, k, n, transposed, finish, residual, pool);
        else
            Run<Lanes128<float>>(a, b, c, m, k, n, transposed, finish, residual, pool);
    }

    private static void Run<V>(float* a, float* b, float* c, int m, int k, int n, bool transposed, TileFinish finish, float* residual, WorkerPool pool)
        where V : struct, ILanes<V, float>
    {
        int parts = (int)Math.Min(pool.Threads, ((long)n + LineColumns - 1) / LineColumns);
        pool.For(parts, 1, new Job<V>(a, b, c, m, k, n, transposed, finish, residual, parts));
    }

    private readonly struct Job<V>(float* a, float* b, float* c, int m, int k, int n, bool transposed, TileFinish finish, float* residual, int parts) : IRangeJob
        where V : struct, ILanes<V, float>
    {
        public void Run(int start, int end)
        {
            int lines = (int)(((long)n + LineColumns - 1) / LineColumns);
            int first = (int)((long)lines * start / parts) * LineColumns, last = Math.Min(n, (int)((long)lines * end / parts) * LineColumns);
            float* sums = Scratch.Get<float>(Most * ColumnBlock, 1);
            for (int column = first; column < last; column += ColumnBlock)
            {
                int columns = Math.Min(ColumnBlock, last - column);
                if (transposed)
                    Dots(b + ((nint)column * k), columns, sums);
                else
                    Rows(b + column, columns, sums);
                for (int row = 0; row < m; row++)
                {
                    nint at = ((nint)row * n) + column;
                    GemmFinish.Row(sums + (row * ColumnBlock), residual == null ? null : residual + at, c + at, columns, finish.From(column));
                }
            }
        }

        /// <summary>Columns of B lie together: two of them meet some rows of A, and then, from the L1 cache, the next.</summary>
        private void Dots(float* columns, int count, float* sums)
        {
            for (int j = 0; j < count; j += 2)
            {
                // The last one of an odd number is met twice.
                int second = Math.Min(j + 1, count - 1);
                float* b0 = columns + ((nint)j * k), b1 = columns + ((nint)second * k);
                int row = 0;
                for (; row <= m - 4; row += 4)
                    Dot<V, Count4>(a + ((nint)row * k), b0, b1, k, sums + (row * ColumnBlock) + j, sums + (row * ColumnBlock) + second);
                for (; row <= m - 2; row += 2)
                    Dot<V, Count2>(a + ((nint)row * k), b0, b1, k, sums + (row * ColumnBlock) + j, sums + (row * ColumnBlock) + second);
                if (row < m)
                    Dot<V, Count1>(a + ((nint)row * k), b0, b1, k, sums + (row * ColumnBlock) + j, sums + (row * ColumnBlock) + second);
            }
        }

        /// <summary>Rows of B lie together: four of them at a time pass by the sums of all rows of A.</summary>
        private void Rows(float* rows, int columns, float* sums)
        {
            for (int row = 0; row < m; row++)
                new Span<float>(sums + (row * ColumnBlock), columns).Clear();
            int p = 0;
            for (; p <= k - 4; p += 4)
                Pass<V, Count4>(a + p, rows + ((nint)p * n), m, k, n, columns, sums);
            for (; p < k; p++)
                Pass<V, Count1>(a + p, rows + ((nint)p * n), m, k, n, columns, sums);
        }
    }

    /// <summary>The products of some rows of A with two columns of B, each in the order of its elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Dot<V, TRows>(float* a, float* b0, float* b1, int k, float* c0, float* c1)
        where V : struct, ILanes<V, float>
        where TRows : struct, ICount
    {
        float* a1 = a + k, a2 = a1 + k, a3 = a2 + k;
        V s00 = V.Constant(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
        nint p = 0;
        for (; p <= (nint)k - V.Count; p += V.Count)
        {
            V x0 = V.Load(b0 + p), x1 = V.Load(b1 + p), y = V.Load(a + p);
            s00 = V.Fma(y, x0, s00);
            s01 = V.Fma(y, x1, s01);
            if (TRows.Count > 1)
            {
                y = V.Load(a1 + p);
                s10 = V.Fma(y, x0, s10);
                s11 = V.Fma(y, x1, s11);
            }

            if (TRows.Count > 2)
            {
                y = V.Load(a2 + p);
                s20 = V.Fma(y, x0, s20);
                s21 = V.Fma(y, x1, s21);
                y = V.Load(a3 + p);
                s30 = V.Fma(y, x0, s30);
                s31 = V.Fma(y, x1, s31);
            }
        }

        (c0[0], c1[0]) = (Rest(V.Sum(s00), a, b0, p, k), Rest(V.Sum(s01), a, b1, p, k));
        if (TRows.Count > 1)
            (c0[ColumnBlock], c1[ColumnBlock]) = (Rest(V.Sum(s10), a1, b0, p, k), Rest(V.Sum(s11), a1, b1, p, k));
        if (TRows.Count > 2)
        {
            (c0[2 * ColumnBlock], c1[2 * ColumnBlock]) = (Rest(V.Sum(s20), a2, b0, p, k), Rest(V.Sum(s21), a2, b1, p, k));
            (c0[3 * ColumnBlock], c1[3 * ColumnBlock]) = (Rest(V.Sum(s30), a3, b0, p, k), Rest(V.Sum(s31), a3, b1, p, k));
        }
    }

    private static float Rest(float sum, float* a, float* b, nint p, int k)
    {
        for (; p < k; p++)
            sum = MathF.FusedMultiplyAdd(a[p], b[p], sum);
        return sum;
    }

    /// <summary>Adds the products with some rows of B, [rows, n], to the sums of all rows of A.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Pass<V, TDepth>(float* a, float* b, int m, int k, int n, int columns, float* sums)
        where V : struct, ILanes<V, float>
        where TDepth : struct, ICount
    {
        float* r1 = b + n, r2 = r1 + n, r3 = r2 + n;
        nint j = 0;
        for (; j <= (nint)columns - (2 * V.Count); j += 2 * V.Count)
        {
            V b00 = V.Load(b + j), b01 = V.Load(b + j + V.Count), b10 = b00, b11 = b00, b20 = b00, b21 = b00, b30 = b00, b31 = b00;
            if (TDepth.Count > 1)
            {
                (b10, b11) = (V.Load(r1 + j), V.Load(r1 + j + V.Count));
                (b20, b21) = (V.Load(r2 + j), V.Load(r2 + j + V.Count));
                (b30, b31) = (V.Load(r3 + j), V.Load(r3 + j + V.Count));
            }

            float* x = a, s = sums + j;
            for (int row = 0; row < m; row++, x += k, s += ColumnBlock)
            {
                V y = V.Create(x[0]), s0 = V.Fma(y, b00, V.Load(s)), s1 = V.Fma(y, b01, V.Load(s + V.Count));
                if (TDepth.Count > 1)
                {
                    y = V.Create(x[1]);
                    s0 = V.Fma(y, b10, s0);
                    s1 = V.Fma(y, b11, s1);
                    y = V.Create(x[2]);
                    s0 = V.Fma(y, b20, s0);
                    s1 = V.Fma(y, b21, s1);
                    y = V.Create(x[3]);
                    s0 = V.Fma(y, b30, s0);
                    s1 = V.Fma(y, b31, s1);
                }

                s0.Store(s);
                s1.Store(s + V.Count);
            }
        }

        for (; j < columns; j++)
        {
            float* x = a, s = sums + j;
            for (int row = 0; row < m; row++, x += k, s += ColumnBlock)
            {
                float sum = MathF.FusedMultiplyAdd(x[0], b[j], s[0]);
                if (TDepth.Count > 1)
                {
                    sum = MathF.FusedMultiplyAdd(x[1], r1[j], sum);
                    sum = MathF.FusedMultiplyAdd(x[2], r2[j], sum);
                    sum = MathF.FusedMultiplyAdd(x[3], r3[j], sum);
                }

                s[0] = sum;
            }
        }
    }
}
