using Decant.Ops.NN;

namespace Decant.Ops.Quantized;

/// <summary>
/// The largest or the mean of each window of quint8 or qint8 images [N, H, W, C], in the range of the input. The mean of the integers that are
/// inside the image is rounded toward 0.
/// </summary>
internal sealed class QuantizedPool(string name, bool averages) : QuantizedOp(name)
{
    public override Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.OutputType("T", DType.QUInt8, DType.QInt8);
        return Kernel.Of(context => Run(context, dtype));
    }

    protected override Shape OutputShape(InferenceContext context) => PoolRule.Geometry(context.Node, 2, context.Shape(0)).Output;

    private void Run(KernelContext context, DType dtype)
    {
        WindowGeometry geometry = PoolRule.Geometry(context.Node, 2, context.Shape(0));
        ReadOnlySpan<int> x = context.Integers(0);
        Span<int> y = context.Integers(geometry.Output);
        if (averages && !y.IsEmpty)
            Kernels.Pool.AvgPool.Run(x, y, geometry.Pool(), context.Pool);
        else
            Kernels.Pool.MaxPool.Run(x, y, geometry.Pool(), context.Pool);
        context.Store(0, dtype, geometry.Output, y);
        context.Give(context.Range(1));
    }
}
