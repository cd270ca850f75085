using Decant.Kernels.Threading;

namespace Decant.Kernels.Elementwise;

/// <summary>y[i] = f(x[i]); the output may be the input.</summary>
public static unsafe class Unary
{
    private const int Grain = 6144;

    /// <summary>Applies <typeparamref name="TOp"/> to each element.</summary>
    /// <exception cref="ArgumentException"><paramref name="y"/> is shorter than <paramref name="x"/>.</exception>
    public static void Run<T, TOp>(ReadOnlySpan<T> x, Span<T> y, TOp op, WorkerPool pool)
        where T : unmanaged
        where TOp : struct, IUnaryOperator<T>
    {
        Guard.Length(y, x.Length);
        fixed (T* px = x, py = y)
            pool.For(x.Length, Grain, new Job<T, TOp>(px, py, op));
    }

    /// <inheritdoc cref="Run{T, TOp}(ReadOnlySpan{T}, Span{T}, TOp, WorkerPool)" />
    public static void Run<T, TOp>(ReadOnlySpan<T> x, Span<T> y, WorkerPool pool)
        where T : unmanaged
        where TOp : struct, IUnaryOperator<T> => Run(x, y, default(TOp), pool);

    /// <summary>Applies an operator that changes the element type.</summary>
    public static void Map<TIn, TOut, TOp>(ReadOnlySpan<TIn> x, Span<TOut> y, TOp op, WorkerPool pool)
        where TIn : unmanaged
        where TOut : unmanaged
        where TOp : struct, IMapOperator<TIn, TOut>
    {
        Guard.Length(y, x.Length);
        fixed (TIn* px = x)
        fixed (TOut* py = y)
            pool.For(x.Length, Grain, new MapJob<TIn, TOut, TOp>(px, py, op));
    }

    private readonly struct Job<T, TOp>(T* x, T* y, TOp op) : IRangeJob
        where T : unmanaged
        where TOp : struct, IUnaryOperator<T>
    {
        public void Run(int start, int end) => UnaryLoop.Run(x + start, y + start, end - start, op);
    }

    private readonly struct MapJob<TIn, TOut, TOp>(TIn* x, TOut* y, TOp op) : IRangeJob
        where TIn : unmanaged
        where TOut : unmanaged
        where TOp : struct, IMapOperator<TIn, TOut>
    {
        public void Run(int start, int end)
        {
            if (typeof(TOp) == typeof(LogicalNotOperator))
            {
                UnaryLoop.Run((byte*)x + start, (byte*)y + start, end - start, default(IsZeroOperator));
                return;
            }

            for (int i = start; i < end; i++)
                y[i] = op.Invoke(x[i]);
        }
    }
}
