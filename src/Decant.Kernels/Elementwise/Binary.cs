using Decant.Kernels.Threading;

namespace Decant.Kernels.Elementwise;

/// <summary>y = f(a, b) with NumPy broadcasting; the output may be an input of the output's shape.</summary>
public static unsafe class Binary
{
    internal const int Grain = 6144;

    /// <summary>Rows below this are taken many at once, as their calls cost more than their elements.</summary>
    private const int ShortRow = 48;

    private const int BlockElements = 1024;

    /// <summary>Same-shape inputs.</summary>
    public static void Run<T, TOp>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y, TOp op, WorkerPool pool)
        where T : unmanaged
        where TOp : struct, IBinaryOperator<T>
    {
        Guard.Length(b, a.Length);
        Guard.Length(y, a.Length);
        fixed (T* pa = a, pb = b, py = y)
            pool.For(a.Length, Grain, new FlatJob<T, TOp>(pa, 1, pb, 1, py, op));
    }

    /// <summary>y[i] = f(a, b[i]).</summary>
    public static void ScalarLeft<T, TOp>(T a, ReadOnlySpan<T> b, Span<T> y, TOp op, WorkerPool pool)
        where T : unmanaged
        where TOp : struct, IBinaryOperator<T>
    {
        Guard.Length(y, b.Length);
        fixed (T* pb = b, py = y)
            pool.For(b.Length, Grain, new FlatJob<T, TOp>(&a, 0, pb, 1, py, op));
    }

    /// <summary>y[i] = f(a[i], b).</summary>
    public static void ScalarRight<T, TOp>(ReadOnlySpan<T> a, T b, Span<T> y, TOp op, WorkerPool pool)
        where T : unmanaged
        where TOp : struct, IBinaryOperator<T>
    {
        Guard.Length(y, a.Length);
        fixed (T* pa = a, py = y)
            pool.For(a.Length, Grain, new FlatJob<T, TOp>(pa, 1, &b, 0, py, op));
    }

    /// <summary>Broadcasting inputs; <paramref name="y"/> has <see cref="BroadcastPlan.OutputDims"/>.</summary>
    public static void Run<T, TOp>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y, BroadcastPlan plan, TOp op, WorkerPool pool)
        where T : unmanaged
        where TOp : struct, IBinaryOperator<T>
    {
        Guard.Length(y, plan.Count);
        if (plan.Count == 0)
            return;
        Guard.Length(a, Extent(plan, 0));
        Guard.Length(b, Extent(plan, 1));
        fixed (T* pa = a, pb = b, py = y)
        {
            if (plan.Outer == 1)
                pool.For(plan.Inner, Grain, new FlatJob<T, TOp>(pa, plan.InnerStride(0), pb, plan.InnerStride(1), py, op));
            else
                pool.For(plan.Outer, 1 + (Grain / plan.Inner), new RowsJob<T, TOp>(pa, pb, py, plan, op));
        }
    }

    /// <summary>Broadcasting inputs of any element types, scalar by scalar.</summary>
    public static void Combine<TA, TB, TOut, TOp>(ReadOnlySpan<TA> a, ReadOnlySpan<TB> b, Span<TOut> y, BroadcastPlan plan, TOp op, WorkerPool pool)
        where TA : unmanaged
        where TB : unmanaged
        where TOut : unmanaged
        where TOp : struct, ICombineOperator<TA, TB, TOut>
    {
        Guard.Length(y, plan.Count);
        if (plan.Count == 0)
            return;
        Guard.Length(a, Extent(plan, 0));
        Guard.Length(b, Extent(plan, 1));
        fixed (TA* pa = a)
        fixed (TB* pb = b)
        fixed (TOut* py = y)
        {
            if (plan.Outer == 1)
                pool.For(plan.Inner, Grain, new CombineFlatJob<TA, TB, TOut, TOp>(pa, plan.InnerStride(0), pb, plan.InnerStride(1), py, op));
            else
                pool.For(plan.Outer, 1 + (Grain / plan.Inner), new CombineRowsJob<TA, TB, TOut, TOp>(pa, pb, py, plan, op));
        }
    }

    /// <summary>One more than the largest element offset of an input.</summary>
    internal static long Extent(BroadcastPlan plan, int input)
    {
        long last = 0;
        ReadOnlySpan<long> strides = plan.Strides(input);
        for (int d = 0; d < strides.Length; d++)
            last += (plan.Dims[d] - 1) * strides[d];
        return last + 1;
    }

    private static void CombineRow<TA, TB, TOut, TOp>(TA* a, long strideA, TB* b, long strideB, TOut* y, int n, TOp op)
        where TA : unmanaged
        where TB : unmanaged
        where TOut : unmanaged
        where TOp : struct, ICombineOperator<TA, TB, TOut>
    {
        if (typeof(TOut) == typeof(bool) && typeof(TA) == typeof(TB) && TOp.Vectorizable)
        {
            CompareLoop.Run(a, strideA, b, strideB, y, n, op);
            return;
        }

        if (typeof(TOp) == typeof(LogicalAndOperator))
        {
            BinaryLoop.Run((byte*)a, strideA, (byte*)b, strideB, (byte*)y, n, default(BitwiseAndOperator<byte>));
            return;
        }

        if (typeof(TOp) == typeof(LogicalOrOperator))
        {
            BinaryLoop.Run((byte*)a, strideA, (byte*)b, strideB, (byte*)y, n, default(BitwiseOrOperator<byte>));
            return;
        }

        TA firstA = *a;
        TB firstB = *b;
        if (strideA != 0 && strideB != 0)
        {
            for (int i = 0; i < n; i++)
                y[i] = op.Invoke(a[i], b[i]);
        }
        else if (strideA != 0)
        {
            for (int i = 0; i < n; i++)
                y[i] = op.Invoke(a[i], firstB);
        }
        else
        {
            for (int i = 0; i < n; i++)
                y[i] = op.Invoke(firstA, b[i * strideB]);
        }
    }

    private readonly struct FlatJob<T, TOp>(T* a, long strideA, T* b, long strideB, T* y, TOp op) : IRangeJob
        where T : unmanaged
        where TOp : struct, IBinaryOperator<T>
    {
        public void Run(int start, int end) =>
            BinaryLoop.Run(a + (start * strideA), strideA, b + (start * strideB), strideB, y + start, end - start, op);
    }

    private readonly struct RowsJob<T, TOp>(T* a, T* b, T* y, BroadcastPlan plan, TOp op) : IRangeJob
        where T : unmanaged
        where TOp : struct, IBinaryOperator<T>
    {
        public void Run(int start, int end)
        {
            int inner = plan.Inner;
            if (inner < ShortRow)
            {
                Blocks(start, end);
                return;
            }

            for (long row = start; row < end; row++)
                BinaryLoop.Run(a + plan.Offset(0, row), plan.InnerStride(0), b + plan.Offset(1, row), plan.InnerStride(1), y + (row * inner), inner, op);
        }

        /// <summary>Inputs that do not lie as the output does are written so, a block of rows at a time; once, where all rows are the same.</summary>
        private void Blocks(int start, int end)
        {
            T* spaceA = stackalloc T[BlockElements], spaceB = stackalloc T[BlockElements];
            int inner = plan.Inner, block = BlockElements / inner;
            (bool denseA, bool denseB, bool repeatsA, bool repeatsB) = (plan.IsDense(0), plan.IsDense(1), plan.RepeatsRow(0), plan.RepeatsRow(1));
            for (int row = start, rows; row < end; row += rows)
            {
                rows = Math.Min(block, end - row);
                if (!denseA && (!repeatsA || row == start))
                    plan.Fill(0, a, row, rows, spaceA);
                if (!denseB && (!repeatsB || row == start))
                    plan.Fill(1, b, row, rows, spaceB);
                nint at = (nint)row * inner;
                BinaryLoop.Run(denseA ? a + at : spaceA, 1, denseB ? b + at : spaceB, 1, y + at, rows * inner, op);
            }
        }
    }

    private readonly struct CombineFlatJob<TA, TB, TOut, TOp>(TA* a, long strideA, TB* b, long strideB, TOut* y, TOp op) : IRangeJob
        where TA : unmanaged
        where TB : unmanaged
        where TOut : unmanaged
        where TOp : struct, ICombineOperator<TA, TB, TOut>
    {
        public void Run(int start, int end) =>
            CombineRow(a + (start * strideA), strideA, b + (start * strideB), strideB, y + start, end - start, op);
    }

    private readonly struct CombineRowsJob<TA, TB, TOut, TOp>(TA* a, TB* b, TOut* y, BroadcastPlan plan, TOp op) : IRangeJob
        where TA : unmanaged
        where TB : unmanaged
        where TOut : unmanaged
        where TOp : struct, ICombineOperator<TA, TB, TOut>
    {
        public void Run(int start, int end)
        {
            int inner = plan.Inner;
            for (long row = start; row < end; row++)
                CombineRow(a + plan.Offset(0, row), plan.InnerStride(0), b + plan.Offset(1, row), plan.InnerStride(1), y + (row * inner), inner, op);
        }
    }
}
