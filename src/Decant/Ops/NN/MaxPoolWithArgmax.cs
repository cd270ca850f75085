using System.Numerics;

namespace Decant.Ops.NN;

/// <summary>
/// <c>MaxPool</c> of [N, H, W, C] with the place of each maximum: (y·W + x)·C + c, or ((n·H + y)·W + x)·C + c with
/// <c>include_batch_in_index</c>. The first of equal elements.
/// </summary>
internal sealed class MaxPoolWithArgmax() : Op("MaxPoolWithArgmax"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        Shape output = PoolRule.Geometry(context.Node, 2, context.Shape(0)).Output;
        context.Set(0, context.Input(0).DType, output);
        context.Set(1, context.Attributes.Type("Targmax"), output);
    }

    public Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.ElementType();
        return NumberKernel.Of(request, dtype, new Code(dtype, request.Attributes.Type("Targmax") == DType.Int64, request.Attributes.Bool("include_batch_in_index")));
    }

    private sealed record Code(DType DType, bool Wide, bool IncludeBatch) : INumberKernel
    {
        public void Run<T>(KernelContext context)
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            WindowGeometry geometry = PoolRule.Geometry(context.Node, 2, context.Shape(0));
            Tensor output = context.BeginOutput(0, DType, geometry.Output);
            ReadOnlySpan<T> x = context.WorkInput(0).Span<T>();
            if (Wide)
                Kernels.Pool.MaxPool.WithArgmax(x, context.Writable<T>(output), context.Output<long>(1, geometry.Output), IncludeBatch, geometry.Pool(), context.Pool);
            else
                Kernels.Pool.MaxPool.WithArgmax(x, context.Writable<T>(output), context.Output<int>(1, geometry.Output), IncludeBatch, geometry.Pool(), context.Pool);
            context.EndOutput(0, DType, output);
        }
    }
}
