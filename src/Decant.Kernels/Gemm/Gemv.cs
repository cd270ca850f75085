using System.Runtime.CompilerServices;
using Decant.Kernels.Lanes;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Gemm;

/// <summary>One row times a matrix: bound by reading B once, so B is not packed.</summary>
internal static unsafe class Gemv
{
    /// <summary>Columns a thread handles as one unit; the unit fixes the summation, not the split.</summary>
    private const int ColumnBlock = 64;

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
        int blocks = (n + ColumnBlock - 1) / ColumnBlock;
        pool.For(blocks, Math.Max(1, 32768 / Math.Max(1, k * ColumnBlock)), new Job<V>(a, b, c, k, n, transposed, finish, residual));
    }

    private readonly struct Job<V>(float* a, float* b, float* c, int k, int n, bool transposed, TileFinish finish, float* residual) : IRangeJob
        where V : struct, ILanes<V, float>
    {
        public void Run(int start, int end)
        {
            int first = start * ColumnBlock;
            int last = Math.Min(n, end * ColumnBlock);
            float* sums = stackalloc float[ColumnBlock];
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
            s0 = V.Fma(V.Load(a + p), V.Load(b + p), s0);
            s1 = V.Fma(V.Load(a + p + w), V.Load(b + p + w), s1);
            s2 = V.Fma(V.Load(a + p + (2 * w)), V.Load(b + p + (2 * w)), s2);
            s3 = V.Fma(V.Load(a + p + (3 * w)), V.Load(b + p + (3 * w)), s3);
        }

        for (; p <= k - w; p += w)
            s0 = V.Fma(V.Load(a + p), V.Load(b + p), s0);
        float sum = V.Sum(s0 + s1 + (s2 + s3));
        for (; p < k; p++)
            sum = MathF.FusedMultiplyAdd(a[p], b[p], sum);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Columns<V>(float* a, float* b, float* c, int k, int n, int columns)
        where V : struct, ILanes<V, float>
    {
        int w = V.Count;
        int j = 0;
        for (; j <= columns - (4 * w); j += 4 * w)
        {
            V s0 = V.Constant(0), s1 = s0, s2 = s0, s3 = s0;
            float* row = b + j;
            for (int p = 0; p < k; p++, row += n)
            {
                V x = V.Create(a[p]);
                s0 = V.Fma(x, V.Load(row), s0);
                s1 = V.Fma(x, V.Load(row + w), s1);
                s2 = V.Fma(x, V.Load(row + (2 * w)), s2);
                s3 = V.Fma(x, V.Load(row + (3 * w)), s3);
            }

            s0.Store(c + j);
            s1.Store(c + j + w);
            s2.Store(c + j + (2 * w));
            s3.Store(c + j + (3 * w));
        }

        for (; j <= columns - w; j += w)
        {
            V s0 = V.Constant(0);
            float* row = b + j;
            for (int p = 0; p < k; p++, row += n)
                s0 = V.Fma(V.Create(a[p]), V.Load(row), s0);
            s0.Store(c + j);
        }

        // A register may reach over the end of a row into the next one, whose columns are not stored, but not over the last row.
        if (j < columns && n < w)
        {
            int whole = Math.Max(0, k - ((w + n - 1) / n));
            V s0 = V.Constant(0), s1 = s0, s2 = s0, s3 = s0;
            float* row = b + j;
            int p = 0;
            for (; p <= whole - 4; p += 4, row += 4 * n)
            {
                s0 = V.Fma(V.Create(a[p]), V.Load(row), s0);
                s1 = V.Fma(V.Create(a[p + 1]), V.Load(row + n), s1);
                s2 = V.Fma(V.Create(a[p + 2]), V.Load(row + (2 * n)), s2);
                s3 = V.Fma(V.Create(a[p + 3]), V.Load(row + (3 * n)), s3);
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
