using Decant.Kernels.Reduce;
using Decant.Kernels.Threading;

namespace Decant.Ops.Reductions;

/// <summary>A reduction of Decant.Kernels.</summary>
internal delegate void PlannedReduction<T>(ReadOnlySpan<T> x, Span<T> y, ReducePlan plan, WorkerPool pool);

/// <summary>Runs a reduction of Decant.Kernels over the axes that input 1 gives.</summary>
internal sealed class PlannedReduceKernel<T>(PlannedReduction<T> reduce, bool keepDims) : Kernel
    where T : unmanaged
{
    public override void Run(KernelContext context)
    {
        Tensor input = context.Input(0);
        Planned planned = context.Derived(this, static (kernel, c) => kernel.Plan(c, c.Input(0), c.Ints(1)), values: 1 << 1);
        ReadOnlySpan<T> x = input.Span<T>();
        Span<T> y = context.Writable<T>(context.Allocate(0, input.DType, planned.Output));
        if (!y.IsEmpty)
            reduce(x, y, planned.Plan, context.Pool);
    }

    private Planned Plan(KernelContext context, Tensor input, long[] axes)
    {
        ReductionGeometry geometry = ReductionGeometry.Create(input.Shape, axes, keepDims, out long axis)
            ?? throw context.Fail($"reduces axis {axis} of {input}, expected axes in [{-input.Shape.Rank}, {input.Shape.Rank})");
        return new Planned(geometry.Output, ReducePlan.Create(Sizes(input, geometry), Array.ConvertAll(axes, a => (int)a), keepDims));
    }

    // Without elements, sizes may have a product beyond 64 bits; the plan needs to know only that nothing is reduced.
    private static long[] Sizes(Tensor input, ReductionGeometry geometry)
    {
        long[] sizes = input.Shape.Dims.ToArray();
        if (input.ElementCount > 0)
            return sizes;
        bool nothing = !geometry.Output.TryElementCount(out long results) || results == 0;
        for (int d = 0; d < sizes.Length; d++)
            sizes[d] = nothing || geometry.Reduced[d] ? 0 : sizes[d];
        return sizes;
    }

    private sealed record Planned(Shape Output, ReducePlan Plan);
}
