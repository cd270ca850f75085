using System.Runtime.CompilerServices;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Reduce;

/// <summary>Combines rows into one, a register of columns at a time down a group of rows, so that the result is loaded and stored once per group.</summary>
internal static unsafe class RowsLoop
{
    /// <summary>Rows read side by side.</summary>
    private const int Group = 8;

    /// <summary>y[c] = the operator over r, in order, of x[r·stride + c], c in [0, columns), for at least one row.</summary>
    public static void Run<T, TOp>(T* x, long stride, int rows, T* y, int columns, TOp op)
        where T : unmanaged
        where TOp : struct, IBinaryOperator<T>
    {
        int bits = TOp.Vectorizable ? LaneWidth.Current : 0;
        for (int r = 0; r < rows; r += Group)
        {
            int count = Math.Min(Group, rows - r);
            T* from = x + (r * stride);
            if (bits >= 512 && columns >= Lanes512<T>.Count)
                Pairs<T, TOp, Lanes512<T>>(from, stride, count, y, columns, r > 0, op);
            else if (bits >= 256 && columns >= Lanes256<T>.Count)
                Pairs<T, TOp, Lanes256<T>>(from, stride, count, y, columns, r > 0, op);
            else if (bits >= 128 && columns >= Lanes128<T>.Count)
                Pairs<T, TOp, Lanes128<T>>(from, stride, count, y, columns, r > 0, op);
            else
                Scalars(from, stride, count, y, 0, columns, r > 0, op);
        }
    }

    // Two registers side by side: with one, half of the instructions were the loop's.
    private static void Pairs<T, TOp, V>(T* x, long stride, int rows, T* y, int columns, bool continues, TOp op)
        where T : unmanaged
        where TOp : struct, IBinaryOperator<T>
        where V : struct, ILanes<V, T>
    {
        int done = columns / (2 * V.Count) * (2 * V.Count);
        if (done > 0)
            Lanes<T, TOp, Twin<V, T>>(x, stride, rows, y, done, continues, op);
        if (done < columns)
            Lanes<T, TOp, V>(x + done, stride, rows, y + done, columns - done, continues, op);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Lanes<T, TOp, V>(T* x, long stride, int rows, T* y, int columns, bool continues, TOp op)
        where T : unmanaged
        where TOp : struct, IBinaryOperator<T>
        where V : struct, ILanes<V, T>
    {
        int c = 0;
        for (; c <= columns - V.Count; c += V.Count)
        {
            T* p = x + c;
            V result = continues ? V.Load(y + c) : V.Load(p);
            if (Extreme<T, TOp>.Applies)
            {
                V best = result, signs = result, sum = result;
                for (int r = continues ? 0 : 1; r < rows; r++)
                {
                    V v = V.Load(p + (r * stride));
                    best = Extreme<T, TOp>.OfNumbers(best, v);
                    signs = Extreme<T, TOp>.Signs(signs, v);
                    sum += v;
                }

                if (Extreme<T, TOp>.AreNumbers(sum))
                {
                    Extreme<T, TOp>.Signed(best, signs).Store(y + c);
                    continue;
                }
            }

            for (int r = continues ? 0 : 1; r < rows; r++)
                result = op.Invoke(result, V.Load(p + (r * stride)));
            result.Store(y + c);
        }

        Scalars(x, stride, rows, y, c, columns, continues, op);
    }

    private static void Scalars<T, TOp>(T* x, long stride, int rows, T* y, int first, int columns, bool continues, TOp op)
        where T : unmanaged
        where TOp : struct, IBinaryOperator<T>
    {
        for (int c = first; c < columns; c++)
        {
            T sum = continues ? op.Invoke(y[c], x[c]) : x[c];
            for (int r = 1; r < rows; r++)
                sum = op.Invoke(sum, x[(r * stride) + c]);
            y[c] = sum;
        }
    }
}
