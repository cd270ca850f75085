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
                Pairs<T, TOp, Lanes512<T>>(x, y, n, op);
                return;
            }

            if (bits >= 256 && n >= Lanes256<T>.Count)
            {
                Pairs<T, TOp, Lanes256<T>>(x, y, n, op);
                return;
            }

            if (bits >= 128 && n >= Lanes128<T>.Count)
            {
                Pairs<T, TOp, Lanes128<T>>(x, y, n, op);
                return;
            }
        }

        for (int i = 0; i < n; i++)
            y[i] = op.Invoke(x[i]);
    }

    private static void Pairs<T, TOp, V>(T* x, T* y, int n, TOp op)
        where T : unmanaged
        where TOp : struct, IUnaryOperator<T>
        where V : struct, ILanes<V, T>
    {
        if (n >= 2 * V.Count)
            Lanes<T, TOp, Twin<V, T>>(x, y, n, op);
        else
            Lanes<T, TOp, V>(x, y, n, op);
    }

    // One call of the operator: of the longest functions the JIT's budget for inlining has room for no more.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Lanes<T, TOp, V>(T* x, T* y, int n, TOp op)
        where T : unmanaged
        where TOp : struct, IUnaryOperator<T>
        where V : struct, ILanes<V, T>
    {
        int end = n - V.Count;
        V last = V.Load(x + end);
        for (int i = 0; i < n; i += V.Count)
        {
            V v = last;
            int at = end;
            if (i < end)
            {
                v = V.Load(x + i);
                at = i;
            }

            op.Invoke(v).Store(y + at);
        }
    }
}
