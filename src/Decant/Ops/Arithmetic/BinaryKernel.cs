using System.Runtime.InteropServices;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Threading;

namespace Decant.Ops.Arithmetic;

/// <summary>What is wrong with the right operands of a binary op, or null.</summary>
internal delegate string? RightCheck<T>(ReadOnlySpan<T> right);

/// <summary>The plans of one node, of the last shapes: they seldom change between runs, or come again in each.</summary>
internal sealed class BroadcastPlans
{
    private const int Most = 16;

    private readonly List<Entry> _plans = [];

    /// <summary>The plan for two inputs that broadcast.</summary>
    public BroadcastPlan Of(Shape a, Shape b)
    {
        foreach (Entry entry in _plans)
        {
            if (entry.A == a && entry.B == b)
                return entry.Plan;
        }

        if (_plans.Count == Most)
            _plans.RemoveAt(0);
        _plans.Add(new Entry(a, b, BroadcastPlan.Create(a.Dims, b.Dims)));
        return _plans[^1].Plan;
    }

    private sealed record Entry(Shape A, Shape B, BroadcastPlan Plan);
}

/// <summary>Runs an operator that has a lanes form over two inputs that broadcast.</summary>
internal sealed class BinaryKernel<T, TOp>(RightCheck<T>? check = null) : Kernel, ILaneStep
    where T : unmanaged
    where TOp : struct, IBinaryOperator<T>
{
    private readonly BroadcastPlans _plans = new();

    public int LaneInputs => typeof(T) == typeof(float) && check is null ? 2 : 0;

    // The smaller input of a broadcast never has the bytes of the output.
    public override bool MayOverwrite(int input) => true;

    public void RunLanes(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
    {
        ReadOnlySpan<T> left = MemoryMarshal.Cast<float, T>(a), right = MemoryMarshal.Cast<float, T>(b);
        Span<T> result = MemoryMarshal.Cast<float, T>(y);
        if (right.Length == 1 && left.Length == y.Length)
            Binary.ScalarRight(left, right[0], result, default(TOp), WorkerPool.Inline);
        else if (left.Length == 1 && right.Length == y.Length)
            Binary.ScalarLeft(left[0], right, result, default(TOp), WorkerPool.Inline);
        else if (left.Length == 1 && right.Length == 1)
            FillWith(left, right, result);
        else
            Binary.Run(left, right, result, default(TOp), WorkerPool.Inline);
    }

    private static void FillWith(ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<T> y)
    {
        Binary.Run(left, right, y, default(TOp), WorkerPool.Inline);
        y.Fill(y[0]);
    }

    public override void Run(KernelContext context)
    {
        Tensor a = context.Input(0), b = context.Input(1);
        ReadOnlySpan<T> left = a.Span<T>(), right = b.Span<T>();
        Shape shape = Broadcasting.Of(context, a.Shape, b.Shape);
        Tensor output = context.Allocate(0, a.DType, shape);
        if (output.ElementCount == 0)
            return;
        if (check?.Invoke(right) is { } fault)
            throw context.Fail(fault);
        Span<T> y = context.Writable<T>(output);
        if (left.Length == right.Length && left.Length == y.Length)
            Binary.Run(left, right, y, default(TOp), context.Pool);
        else if (right.Length == 1 && left.Length == y.Length)
            Binary.ScalarRight(left, right[0], y, default(TOp), context.Pool);
        else if (left.Length == 1 && right.Length == y.Length)
            Binary.ScalarLeft(left[0], right, y, default(TOp), context.Pool);
        else
            Binary.Run(left, right, y, _plans.Of(a.Shape, b.Shape), default(TOp), context.Pool);
    }
}

/// <summary>Runs an operator over two inputs that broadcast, element by element.</summary>
internal sealed class CombineKernel<T, TOut, TOp>(TOp op = default) : Kernel
    where T : unmanaged
    where TOut : unmanaged
    where TOp : struct, ICombineOperator<T, T, TOut>
{
    private readonly BroadcastPlans _plans = new();

    public override void Run(KernelContext context)
    {
        Tensor a = context.Input(0), b = context.Input(1);
        ReadOnlySpan<T> left = a.Span<T>(), right = b.Span<T>();
        Span<TOut> y = context.Output<TOut>(0, Broadcasting.Of(context, a.Shape, b.Shape));
        Binary.Combine(left, right, y, _plans.Of(a.Shape, b.Shape), op, context.Pool);
    }
}
