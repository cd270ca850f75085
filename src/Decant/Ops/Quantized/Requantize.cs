namespace Decant.Ops.Quantized;

/// <summary>qint32 to 8 bits in the range that inputs 3 and 4 request, which must begin at 0 or below.</summary>
internal sealed class Requantize() : QuantizedOp("Requantize")
{
    public override Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.OutputType("out_type", DType.QUInt8, DType.QInt8);
        request.RequireType(0, DType.QInt32);
        return Kernel.Of(context =>
        {
            QuantizedRange range = context.Range(3);
            if (!(range.Min <= 0) || !(range.Max >= range.Min))
                throw context.Fail($"has the requested range {range.Min} to {range.Max}, expected one that begins at 0 or below");
            Run(context, dtype, range);
        });
    }

    /// <summary>Gives input 0 in a range as output 0, and the range.</summary>
    internal static void Run(KernelContext context, DType dtype, QuantizedRange range)
    {
        Span<int> y = context.Integers(context.Shape(0));
        Requantization.Run(context.Integers(0), context.Type(0), context.Range(1), y, QuantizedType.Of(dtype)!.Value, range);
        context.Store(0, dtype, context.Shape(0), y);
        context.Give(range);
    }

    protected override Shape OutputShape(InferenceContext context) => context.Shape(0);
}
