namespace Decant.Ops.Quantized;

/// <summary>qint32 to quint8 in the range that the elements take.</summary>
internal sealed class QuantizeDownAndShrinkRange() : QuantizedOp("QuantizeDownAndShrinkRange")
{
    public override Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.OutputType("out_type", DType.QUInt8);
        request.RequireType(0, DType.QInt32);
        return Kernel.Of(context => Requantize.Run(context, dtype, RequantizationRange.Of(context)));
    }

    protected override Shape OutputShape(InferenceContext context) => context.Shape(0);
}
