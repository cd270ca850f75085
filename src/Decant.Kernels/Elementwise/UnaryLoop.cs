using System.Runtime.CompilerServices;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Elementwise;

/// <summary>
/// The one loop of unary operators. The last, partial register overlaps the one before and is read first, so an output that
/// is the input itself is allowed, and every element goes through the same formula.
/// </summary>
internal static unsafe class UnaryLoop
{
    public static void Run<T, TOp>(T* x, T* y, int n, TOp op)
        where T : unmanaged
        where TOp : struct, IUnaryOperator<T>
    {
        if (TOp.Vectorizable)
        {
            int bits = LaneWidth.Current;
            if (bits >= 512 && n >= Lanes512<T>.Count)
            {
                Lanes<T, TOp, Lanes512<T>>(x, y, n, op);
                return;
            }

            if (bits >= 256 && n >= Lanes256<T>.Count)
            {
                Lanes<T, TOp, Lanes256<T>>(x, y, n, op);
                return;
            }

            if (bits >= 128 && n >= Lanes128<T>.Count)
            {
                Lanes<T, TOp, Lanes128<T>>(x, y, n, op);
                return;
            }
        }

        for (int i = 0; i < n; i++)
            y[i] = op.Invoke(x[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Lanes<T, TOp, TLanes>(T* x, T* y, int n, TOp op)
        where T : unmanaged
        where TOp : struct, IUnaryOperator<T>
        where TLanes : struct, ILanes<TLanes, T>
    {
        // Two chains at once hide latency. Three calls are what the JIT's budget for inlining has room for where a function is long.
        int end = n - TLanes.Count;
        TLanes last = TLanes.Load(x + end);
        int i = 0;
        for (; i <= n - (2 * TLanes.Count); i += 2 * TLanes.Count)
        {
            TLanes x0 = TLanes.Load(x + i);
            TLanes x1 = TLanes.Load(x + i + TLanes.Count);
            op.Invoke(x0).Store(y + i);
            op.Invoke(x1).Store(y + i + TLanes.Count);
        }

        for (; i < n; i += TLanes.Count)
            op.Invoke(i < end ? TLanes.Load(x + i) : last).Store(y + Math.Min(i, end));
    }
}
