using System.Buffers;
using System.Runtime.CompilerServices;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Lanes;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Reduce;

/// <summary>y[outer, inner] = the operator over r of x[outer, r, inner], none of them 0. The axis is cut into chunks of fixed length, each a task.</summary>
internal static unsafe class ReduceAxis
{
    private const int RowChunk = 32768;
    private const int ColumnChunk = 512;
    private const int ColumnBlock = 1024;
    private const int Leaf = 1024;

    public static void Run<T, TOp>(ReadOnlySpan<T> x, Span<T> y, int outer, int axis, int inner, TOp op, WorkerPool pool)
        where T : unmanaged
        where TOp : struct, IBinaryOperator<T>
    {
        int chunk = inner == 1 ? RowChunk : ColumnChunk * Math.Max(1, 256 / inner);
        int chunks = (axis + chunk - 1) / chunk;
        fixed (T* px = x, py = y)
        {
            if (chunks == 1)
            {
                Chunks(px, py, outer, axis, inner, chunk, 1, op, pool);
                return;
            }

            int count = checked(outer * chunks * inner);
            T[] partial = ArrayPool<T>.Shared.Rent(count);
            try
            {
                fixed (T* pp = partial)
                {
                    Chunks(px, pp, outer, axis, inner, chunk, chunks, op, pool);
                    Run(partial.AsSpan(0, count), y, outer, chunks, inner, op, pool);
                }
            }
            finally
            {
                ArrayPool<T>.Shared.Return(partial);
            }
        }
    }

    private static void Chunks<T, TOp>(T* x, T* y, int outer, int axis, int inner, int chunk, int chunks, TOp op, WorkerPool pool)
        where T : unmanaged
        where TOp : struct, IBinaryOperator<T>
    {
        int blocks = inner == 1 ? 1 : (inner + ColumnBlock - 1) / ColumnBlock;
        long work = Math.Max(1, (long)Math.Min(chunk, axis) * Math.Min(inner, ColumnBlock));
        pool.For(checked(outer * chunks * blocks), (int)Math.Max(1, 16384 / work), new Job<T, TOp>(x, y, axis, inner, chunk, chunks, blocks, op));
    }

    private readonly struct Job<T, TOp>(T* x, T* y, int axis, int inner, int chunk, int chunks, int blocks, TOp op) : IRangeJob
        where T : unmanaged
        where TOp : struct, IBinaryOperator<T>
    {
        public void Run(int start, int end)
        {
            for (int i = start; i < end; i++)
            {
                int block = i % blocks;
                int unit = i / blocks;
                int first = unit % chunks * chunk;
                long outer = unit / chunks;
                int count = Math.Min(chunk, axis - first);
                T* source = x + (((outer * axis) + first) * inner) + (block * ColumnBlock);
                T* target = y + ((long)unit * inner) + (block * ColumnBlock);
                if (inner == 1)
                    *target = Tree(source, count, op);
                else
                    Columns(source, target, count, Math.Min(ColumnBlock, inner - (block * ColumnBlock)));
            }
        }

        /// <summary>Rows of a block are combined in groups of 32, so that a float sum of r rows has depth 32 + r / 32.</summary>
        private void Columns(T* source, T* target, int rows, int columns)
        {
            if (blocks == 1 && columns <= 32 && rows >= 256 / columns * 2)
            {
                Narrow(source, target, rows, columns);
                return;
            }

            T* partial = Scratch.Get<T>(ColumnBlock, 2);
            for (int r = 0; r < rows; r += 32)
            {
                T* sum = r == 0 ? target : partial;
                RowsLoop.Run(source + ((long)r * inner), inner, Math.Min(32, rows - r), sum, columns, op);
                if (r > 0)
                    BinaryLoop.Run(target, 1, partial, 1, target, columns, op);
            }
        }

        /// <summary>Few columns: several rows side by side are one wide row, folded at the end.</summary>
        private void Narrow(T* source, T* target, int rows, int columns)
        {
            int fold = 256 / columns;
            int width = fold * columns;
            T* sum = Scratch.Get<T>(width, 2);
            Unsafe.CopyBlock(sum, source, (uint)(width * sizeof(T)));
            int r = fold;
            for (; r + fold <= rows; r += fold)
                BinaryLoop.Run(sum, 1, source + ((long)r * columns), 1, sum, width, op);
            if (r < rows)
                BinaryLoop.Run(sum, 1, source + ((long)r * columns), 1, sum, (rows - r) * columns, op);
            for (int c = 0; c < columns; c++)
            {
                T total = sum[c];
                for (int f = 1; f < fold; f++)
                    total = op.Invoke(total, sum[(f * columns) + c]);
                target[c] = total;
            }
        }
    }

    /// <summary>One contiguous row of at least one element.</summary>
    public static void Row<T, TOp>(T* x, T* y, int n, TOp op)
        where T : unmanaged
        where TOp : struct, IBinaryOperator<T> => *y = Tree(x, n, op);

    private static T Tree<T, TOp>(T* x, int n, TOp op)
        where T : unmanaged
        where TOp : struct, IBinaryOperator<T>
    {
        if (n <= Leaf)
            return LeafOf(x, n, op);
        int half = Leaf;
        while (half * 2 < n)
            half *= 2;
        return op.Invoke(Tree(x, half, op), Tree(x + half, n - half, op));
    }

    private static T LeafOf<T, TOp>(T* x, int n, TOp op)
        where T : unmanaged
        where TOp : struct, IBinaryOperator<T>
    {
        if (TOp.Vectorizable)
        {
            int bits = LaneWidth.Current;
            if (bits >= 512 && n >= 2 * Lanes512<T>.Count)
                return Pairs<T, TOp, Lanes512<T>>(x, n, op);
            if (bits >= 256 && n >= 2 * Lanes256<T>.Count)
                return Pairs<T, TOp, Lanes256<T>>(x, n, op);
            if (bits >= 128 && n >= 2 * Lanes128<T>.Count)
                return Pairs<T, TOp, Lanes128<T>>(x, n, op);
        }

        T result = *x;
        for (int i = 1; i < n; i++)
            result = op.Invoke(result, x[i]);
        return result;
    }

    // Four chains, or two: a maximum that lets NaN through takes several dependent instructions.
    private static T Pairs<T, TOp, V>(T* x, int n, TOp op)
        where T : unmanaged
        where TOp : struct, IBinaryOperator<T>
        where V : struct, ILanes<V, T> => n >= 4 * V.Count ? Lanes<T, TOp, Twin<V, T>>(x, n, op) : Lanes<T, TOp, V>(x, n, op);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static T Lanes<T, TOp, V>(T* x, int n, TOp op)
        where T : unmanaged
        where TOp : struct, IBinaryOperator<T>
        where V : struct, ILanes<V, T>
    {
        int step = 2 * V.Count, i = step;
        if (Extreme<T, TOp>.Applies && Extreme<T, TOp>.Find<V>(x, n / step * step, out T result))
        {
            i = n / step * step;
        }
        else
        {
            V a = V.Load(x), b = V.Load(x + V.Count);
            for (; i <= n - step; i += step)
            {
                a = op.Invoke(a, V.Load(x + i));
                b = op.Invoke(b, V.Load(x + i + V.Count));
            }

            result = V.Fold(op.Invoke(a, b), op);
        }

        for (; i < n; i++)
            result = op.Invoke(result, x[i]);
        return result;
    }
}
