using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Reduce;

/// <summary>
/// ArgMax and ArgMin along one axis of x [outer, axis, inner] into y [outer, inner]. The first of equals wins. As in TensorFlow the search starts
/// at index 0 with the lowest (highest) finite value, so NaN never wins and a row of NaN gives 0.
/// </summary>
public static unsafe class ArgExtreme
{
    public static void Max<T, TIndex>(ReadOnlySpan<T> x, Span<TIndex> y, int outer, int axis, int inner, WorkerPool pool)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
        where TIndex : unmanaged, INumber<TIndex> => Run(x, y, outer, axis, inner, true, pool);

    public static void Min<T, TIndex>(ReadOnlySpan<T> x, Span<TIndex> y, int outer, int axis, int inner, WorkerPool pool)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
        where TIndex : unmanaged, INumber<TIndex> => Run(x, y, outer, axis, inner, false, pool);

    private const int Block = 1024;

    private static void Run<T, TIndex>(ReadOnlySpan<T> x, Span<TIndex> y, int outer, int axis, int inner, bool max, WorkerPool pool)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
        where TIndex : unmanaged, INumber<TIndex>
    {
        Guard.Length(x, (long)outer * axis * inner);
        Guard.Length(y, (long)outer * inner);
        // Columns side by side in one thread, as many as can be: short runs of a row are slow to read.
        int run = inner == 1 ? 1 : Math.Min(Block, inner / pool.Threads);
        fixed (T* px = x)
        fixed (TIndex* py = y)
            pool.For(checked(outer * inner), Math.Max(run, 8192 / Math.Max(1, axis)), new Job<T, TIndex>(px, py, axis, inner, max));
    }

    private readonly struct Job<T, TIndex>(T* x, TIndex* y, int axis, int inner, bool max) : IRangeJob
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
        where TIndex : unmanaged, INumber<TIndex>
    {
        public void Run(int start, int end)
        {
            if (inner == 1 && typeof(T) == typeof(float))
            {
                float* from = (float*)x + ((long)start * axis);
                if (max)
                    ArgRow<ArgMaxOrder>.Run(from, y + start, end - start, axis);
                else
                    ArgRow<ArgMinOrder>.Run(from, y + start, end - start, axis);
                return;
            }

            if (inner == 1 && axis >= Vector128<byte>.Count && (typeof(T) == typeof(byte) || typeof(T) == typeof(sbyte)))
            {
                byte flip = (byte)((typeof(T) == typeof(sbyte) ? 0x80 : 0) ^ (max ? 0 : 0xFF));
                for (int i = start; i < end; i++)
                    y[i] = TIndex.CreateTruncating(ArgByteRow.Find((byte*)x + ((long)i * axis), axis, flip));
                return;
            }

            // Columns of one outer index, a block at a time, row after row.
            while (start < end)
            {
                int outer = start / inner, column = start % inner, columns = Math.Min(Block, Math.Min(end - start, inner - column));
                Columns(x + ((long)outer * axis * inner) + column, y + start, columns);
                start += columns;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private void Columns(T* from, TIndex* to, int columns)
        {
            T* best = Scratch.Get<T>(columns, 2);
            int* at = Scratch.Get<int>(columns, 3);
            new Span<T>(best, columns).Fill(max ? T.MinValue : T.MaxValue);
            new Span<int>(at, columns).Clear();
            int done = 0;
            if (typeof(T) == typeof(float))
                done = max ? ArgColumns<ArgMaxOrder>.Run((float*)from, inner, axis, (float*)best, at, columns) : ArgColumns<ArgMinOrder>.Run((float*)from, inner, axis, (float*)best, at, columns);
            for (int a = 0; a < axis && done < columns; a++, from += inner)
            {
                for (int c = done; c < columns; c++)
                {
                    if (max ? from[c] > best[c] : from[c] < best[c])
                        (best[c], at[c]) = (from[c], a);
                }
            }

            for (int c = 0; c < columns; c++)
                to[c] = TIndex.CreateTruncating(at[c]);
        }
    }
}
