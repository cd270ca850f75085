using System.Runtime.CompilerServices;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Elementwise;

/// <summary>
/// The one loop of binary operators over a row where each input advances by <c>strideA</c>, <c>strideB</c>, 0 or 1.
/// Tails overlap as in <see cref="UnaryLoop"/>; the output may be one of the inputs.
/// </summary>
internal static unsafe class BinaryLoop
{
    public static void Run<T, TOp>(T* a, long strideA, T* b, long strideB, T* y, int n, TOp op)
        where T : unmanaged
        where TOp : struct, IBinaryOperator<T>
    {
        if (TOp.Vectorizable)
        {
            int bits = LaneWidth.Current;
            if (bits >= 512 && n >= Lanes512<T>.Count)
            {
                Dispatch<T, TOp, Lanes512<T>>(a, strideA, b, strideB, y, n, op);
                return;
            }

            if (bits >= 256 && n >= Lanes256<T>.Count)
            {
                Dispatch<T, TOp, Lanes256<T>>(a, strideA, b, strideB, y, n, op);
                return;
            }

            if (bits >= 128 && n >= Lanes128<T>.Count)
            {
                Dispatch<T, TOp, Lanes128<T>>(a, strideA, b, strideB, y, n, op);
                return;
            }
        }

        T firstA = *a, firstB = *b;
        if (strideA == 0)
        {
            for (int i = 0; i < n; i++)
                y[i] = op.Invoke(firstA, b[i * strideB]);
        }
        else if (strideB == 0)
        {
            for (int i = 0; i < n; i++)
                y[i] = op.Invoke(a[i], firstB);
        }
        else
        {
            for (int i = 0; i < n; i++)
                y[i] = op.Invoke(a[i], b[i]);
        }
    }

    private static void Dispatch<T, TOp, TLanes>(T* a, long strideA, T* b, long strideB, T* y, int n, TOp op)
        where T : unmanaged
        where TOp : struct, IBinaryOperator<T>
        where TLanes : struct, ILanes<TLanes, T>
    {
        if (strideA != 0 && strideB != 0)
            Both<T, TOp, TLanes>(a, b, y, n, op);
        else if (strideA != 0)
            Right<T, TOp, TLanes>(a, *b, y, n, op);
        else if (strideB != 0)
            Left<T, TOp, TLanes>(*a, b, y, n, op);
        else
            new Span<T>(y, n).Fill(op.Invoke(*a, *b));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Both<T, TOp, TLanes>(T* a, T* b, T* y, int n, TOp op)
        where T : unmanaged
        where TOp : struct, IBinaryOperator<T>
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes last = op.Invoke(TLanes.Load(a + n - TLanes.Count), TLanes.Load(b + n - TLanes.Count));
        for (int i = 0; i <= n - TLanes.Count; i += TLanes.Count)
            op.Invoke(TLanes.Load(a + i), TLanes.Load(b + i)).Store(y + i);
        last.Store(y + n - TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Right<T, TOp, TLanes>(T* a, T b, T* y, int n, TOp op)
        where T : unmanaged
        where TOp : struct, IBinaryOperator<T>
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes constant = TLanes.Create(b);
        TLanes last = op.Invoke(TLanes.Load(a + n - TLanes.Count), constant);
        for (int i = 0; i <= n - TLanes.Count; i += TLanes.Count)
            op.Invoke(TLanes.Load(a + i), constant).Store(y + i);
        last.Store(y + n - TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Left<T, TOp, TLanes>(T a, T* b, T* y, int n, TOp op)
        where T : unmanaged
        where TOp : struct, IBinaryOperator<T>
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes constant = TLanes.Create(a);
        TLanes last = op.Invoke(constant, TLanes.Load(b + n - TLanes.Count));
        for (int i = 0; i <= n - TLanes.Count; i += TLanes.Count)
            op.Invoke(constant, TLanes.Load(b + i)).Store(y + i);
        last.Store(y + n - TLanes.Count);
    }
}
