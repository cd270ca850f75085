using System.Runtime.CompilerServices;
using Decant.Kernels.Copy;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Lanes;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Reduce;

/// <summary>Cumulative application of an operator along one axis of x [outer, axis, inner] (Cumsum: <see cref="AddOperator{T}"/>, Cumprod: <see cref="MultiplyOperator{T}"/>).</summary>
public static unsafe class Scan
{
    private const int Rows = 16;
    private const int BlockColumns = 64;

    /// <summary>Columns that a thread takes at least.</summary>
    private const int PartColumns = 256;

    /// <summary>y[a] = identity ∘ x[0] ∘ … ∘ x[a]; exclusive leaves out x[a], reverse starts at the end.</summary>
    public static void Run<T, TOp>(ReadOnlySpan<T> x, Span<T> y, int outer, int axis, int inner, bool exclusive, bool reverse, T identity, TOp op, WorkerPool pool)
        where T : unmanaged
        where TOp : struct, IBinaryOperator<T>
    {
        Guard.Length(x, (long)outer * axis * inner);
        Guard.Length(y, (long)outer * axis * inner);
        if (axis == 0 || inner == 0)
            return;
        int parts = outer >= pool.Threads ? 1 : Math.Clamp(inner / PartColumns, 1, pool.Threads);
        fixed (T* px = x, py = y)
            pool.For(outer * parts, Math.Max(1, 8192 / Math.Max(1, axis * (inner / parts))), new Job<T, TOp>(px, py, axis, inner, parts, exclusive, reverse, identity, op));
    }

    private readonly struct Job<T, TOp>(T* x, T* y, int axis, int inner, int parts, bool exclusive, bool reverse, T identity, TOp op) : IRangeJob
        where T : unmanaged
        where TOp : struct, IBinaryOperator<T>
    {
        public void Run(int start, int end)
        {
            if (inner == 1)
            {
                int row = start;
                if (sizeof(T) == sizeof(float) && TOp.Vectorizable)
                {
                    for (; row <= end - Rows && LaneWidth.Current >= 512; row += Rows)
                        ManyRows<Lanes512<T>>((long)row * axis);
                    for (; row <= end - Tile8.Size && LaneWidth.Current >= 256 && Tile8.IsSupported; row += Tile8.Size)
                        EightRows((long)row * axis);
                    for (; row <= end - Rows && LaneWidth.Current > 0; row += Rows)
                        ManyRows<Twin<Twin<Lanes128<T>, T>, T>>((long)row * axis);
                }

                for (; row <= end - 4; row += 4)
                    FourRows((long)row * axis);
                for (; row < end; row++)
                    Row((long)row * axis, 0, identity);
                return;
            }

            for (int unit = start; unit < end; unit++)
            {
                (int o, int part) = Math.DivRem(unit, parts);
                int column = (int)((long)inner * part / parts);
                Columns(((long)o * axis * inner) + column, (int)((long)inner * (part + 1) / parts) - column);
            }
        }

        private void Columns(long first, int columns)
        {
            long step = reverse ? -inner : inner;
            if (reverse)
                first += (long)(axis - 1) * inner;
            if (exclusive)
                new Span<T>(y + first, columns).Fill(identity);
            else
                new ReadOnlySpan<T>(x + first, columns).CopyTo(new Span<T>(y + first, columns));
            for (int a = 1; a < axis; a++)
            {
                long at = first + (a * step);
                BinaryLoop.Run(y + at - step, 1, x + (exclusive ? at - step : at), 1, y + at, columns, op);
            }
        }

        /// <summary>Eight rows; the last columns, up to three, go one by one.</summary>
        private void EightRows(long first)
        {
            int columns = axis / 4 * 4;
            long at = first + (reverse ? axis - columns : 0);
            T* sums = stackalloc T[Tile8.Size];
            new Span<T>(sums, Tile8.Size).Fill(identity);
            ScanTile<T, TOp> tile = new(exclusive, reverse, op);
            if (ScanTile<T, TOp>.Crowds(x, y, axis))
            {
                tile.FourRows(x + at, y + at, axis, columns, sums);
                tile.FourRows(x + at + (4L * axis), y + at + (4L * axis), axis, columns, sums + 4);
            }
            else
            {
                tile.EightRows(x + at, y + at, axis, columns, sums);
            }

            for (int r = 0; r < Tile8.Size && columns < axis; r++)
                Row(first + ((long)r * axis), columns, sums[r]);
        }

        /// <summary>Sixteen rows, a lane each: blocks of their columns are transposed and back.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private void ManyRows<V>(long first)
            where V : struct, ILanes<V, T>
        {
            T* block = Scratch.Get<T>(Rows * BlockColumns, 2);
            V sum = V.Create(identity);
            bool begins = !exclusive;
            for (int done = 0; done < axis; done += BlockColumns)
            {
                int columns = Math.Min(BlockColumns, axis - done);
                long at = first + (reverse ? axis - done - columns : done);
                Plane2D.Transpose(x + at, axis, block, Rows, columns, Rows);
                for (int i = 0; i < columns; i++)
                {
                    T* p = block + ((reverse ? columns - 1 - i : i) * Rows);
                    V v = V.Load(p), before = sum;
                    sum = begins ? v : op.Invoke(sum, v);
                    begins = false;
                    (exclusive ? before : sum).Store(p);
                }

                Plane2D.Transpose(block, Rows, y + at, axis, Rows, columns);
            }
        }

        /// <summary>Four rows side by side, so that four chains of dependent operations are in flight.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private void FourRows(long first)
        {
            long step = reverse ? -1 : 1, at = first + (reverse ? axis - 1 : 0);
            T a = identity, b = identity, c = identity, d = identity;
            for (int i = 0; i < axis; i++, at += step)
            {
                T* p = x + at, q = y + at;
                // x may be y.
                T v0 = p[0], v1 = p[axis], v2 = p[2L * axis], v3 = p[3L * axis];
                if (exclusive)
                    (q[0], q[axis], q[2L * axis], q[3L * axis]) = (a, b, c, d);
                (a, b, c, d) = i == 0 && !exclusive ? (v0, v1, v2, v3) : (op.Invoke(a, v0), op.Invoke(b, v1), op.Invoke(c, v2), op.Invoke(d, v3));
                if (!exclusive)
                    (q[0], q[axis], q[2L * axis], q[3L * axis]) = (a, b, c, d);
            }
        }

        /// <summary>A row from its element <paramref name="begin"/> on; those before come to <paramref name="sum"/>.</summary>
        private void Row(long first, int begin, T sum)
        {
            long step = reverse ? -1 : 1, at = reverse ? first + axis - 1 - begin : first + begin;
            for (int i = begin; i < axis; i++, at += step)
            {
                T v = x[at], before = sum;
                sum = i == 0 && !exclusive ? v : op.Invoke(sum, v);
                y[at] = exclusive ? before : sum;
            }
        }
    }
}
