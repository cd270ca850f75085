using System.Numerics;

namespace Decant.Ops.NN;

/// <summary>
/// The largest element of each window of input [N, spatial.., C] (or NC..), padding left out. NaN loses against every number, as in
/// TensorFlow on CPU. <c>MaxPoolV2</c> takes ksize and strides as inputs.
/// </summary>
internal sealed class MaxPool(string name, int spatialRank, bool windowIsInput = false) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        Shape output = !windowIsInput ? PoolRule.Geometry(context.Node, spatialRank, context.Shape(0)).Output
            : context.ConstantInts(1) is { } sizes && context.ConstantInts(2) is { } strides ? PoolRule.Geometry(context.Node, spatialRank, context.Shape(0), sizes, strides).Output
            : Shape.OfRank(spatialRank + 2);
        context.Set(0, context.Input(0).DType, output);
    }

    public Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.ElementType();
        return NumberKernel.Of(request, dtype, new Code(spatialRank, windowIsInput, dtype));
    }

    private sealed record Code(int SpatialRank, bool WindowIsInput, DType DType) : INumberKernel
    {
        public void Run<T>(KernelContext context)
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            WindowGeometry geometry = context.Derived(
                this,
                static (code, c) => code.WindowIsInput ? PoolRule.Geometry(c.Node, code.SpatialRank, c.Shape(0), c.Ints(1), c.Ints(2)) : PoolRule.Geometry(c.Node, code.SpatialRank, c.Shape(0)),
                values: WindowIsInput ? 0b110u : 0);
            Tensor output = ChannelsLast.Begin(context, 0, DType, geometry.Output, geometry.Layout);
            Kernels.Pool.MaxPool.Run(ChannelsLast.Read<T>(context, 0, geometry.Layout), context.Writable<T>(output), geometry.Pool(), context.Pool);
            ChannelsLast.End<T>(context, 0, DType, geometry.Layout, output);
        }
    }
}
