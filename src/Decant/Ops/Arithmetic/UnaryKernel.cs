using System.Runtime.InteropServices;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Threading;

namespace Decant.Ops.Arithmetic;

/// <summary>Runs an operator that has a lanes form over the first input.</summary>
internal sealed class UnaryKernel<T, TOp>(TOp op = default) : Kernel, ILaneStep
    where T : unmanaged
    where TOp : struct, IUnaryOperator<T>
{
    public int LaneInputs => typeof(T) == typeof(float) ? 1 : 0;

    public override bool MayOverwrite(int input) => input == 0;

    public void RunLanes(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y) =>
        Unary.Run(MemoryMarshal.Cast<float, T>(a), MemoryMarshal.Cast<float, T>(y), op, WorkerPool.Inline);

    public override void Run(KernelContext context)
    {
        Tensor x = context.Input(0);
        ReadOnlySpan<T> elements = x.Span<T>();
        Unary.Run(elements, context.Writable<T>(context.Allocate(0, x.DType, x.Shape)), op, context.Pool);
    }
}

/// <summary>Runs an operator over the first input, element by element.</summary>
internal sealed class MapKernel<TIn, TOut, TOp>(TOp op = default) : Kernel
    where TIn : unmanaged
    where TOut : unmanaged
    where TOp : struct, IMapOperator<TIn, TOut>
{
    public override void Run(KernelContext context)
    {
        Tensor x = context.Input(0);
        ReadOnlySpan<TIn> elements = x.Span<TIn>();
        Unary.Map(elements, context.Output<TOut>(0, x.Shape), op, context.Pool);
    }
}
