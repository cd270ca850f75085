using System.Numerics;

namespace Decant.Ops.NN;

/// <summary>The mean of each window of input [N, spatial.., C] (or NC..); padding is neither summed nor counted.</summary>
internal sealed class AvgPool(string name, int spatialRank) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) =>
        context.Set(0, context.Input(0).DType, PoolRule.Geometry(context.Node, spatialRank, context.Shape(0)).Output);

    public Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.ElementType();
        return NumberKernel.Of(request, dtype, new Code(spatialRank, dtype));
    }

    private sealed record Code(int SpatialRank, DType DType) : IFloatKernel
    {
        public void Run<T>(KernelContext context)
            where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            WindowGeometry geometry = context.Derived(this, static (code, c) => PoolRule.Geometry(c.Node, code.SpatialRank, c.Shape(0)));
            Tensor output = ChannelsLast.Begin(context, 0, DType, geometry.Output, geometry.Layout);
            Span<T> y = context.Writable<T>(output);
            if (!y.IsEmpty)
                Kernels.Pool.AvgPool.Run(ChannelsLast.Read<T>(context, 0, geometry.Layout), y, geometry.Pool(), context.Pool);
            ChannelsLast.End<T>(context, 0, DType, geometry.Layout, output);
        }
    }
}
