using Decant.Kernels.Threading;

namespace Decant.Kernels.Elementwise;

/// <summary>y = condition ? a : b with NumPy broadcasting of all three.</summary>
public static unsafe class Selection
{
    /// <summary>The plan's inputs are condition, a, b in this order.</summary>
    public static void Run<T>(ReadOnlySpan<bool> condition, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y, BroadcastPlan plan, WorkerPool pool)
        where T : unmanaged
    {
        Guard.Length(y, plan.Count);
        if (plan.Count == 0)
            return;
        Guard.Length(condition, Binary.Extent(plan, 0));
        Guard.Length(a, Binary.Extent(plan, 1));
        Guard.Length(b, Binary.Extent(plan, 2));
        fixed (bool* pc = condition)
        fixed (T* pa = a, pb = b, py = y)
        {
            if (plan.Outer == 1)
                pool.For(plan.Inner, Binary.Grain, new FlatJob<T>(pc, pa, pb, py, plan));
            else
                pool.For(plan.Outer, 1 + (Binary.Grain / plan.Inner), new RowsJob<T>(pc, pa, pb, py, plan));
        }
    }

    private readonly struct FlatJob<T>(bool* condition, T* a, T* b, T* y, BroadcastPlan plan) : IRangeJob
        where T : unmanaged
    {
        public void Run(int start, int end)
        {
            long sc = plan.InnerStride(0), sa = plan.InnerStride(1), sb = plan.InnerStride(2);
            SelectLoop.Run(condition + (start * sc), sc, a + (start * sa), sa, b + (start * sb), sb, y + start, end - start);
        }
    }

    private readonly struct RowsJob<T>(bool* condition, T* a, T* b, T* y, BroadcastPlan plan) : IRangeJob
        where T : unmanaged
    {
        public void Run(int start, int end)
        {
            int inner = plan.Inner;
            long sc = plan.InnerStride(0), sa = plan.InnerStride(1), sb = plan.InnerStride(2);
            for (long row = start; row < end; row++)
                SelectLoop.Run(condition + plan.Offset(0, row), sc, a + plan.Offset(1, row), sa, b + plan.Offset(2, row), sb, y + (row * inner), inner);
        }
    }
}
