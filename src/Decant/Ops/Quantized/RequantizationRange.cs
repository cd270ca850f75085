namespace Decant.Ops.Quantized;

/// <summary>The range that the elements of a qint32 tensor take, widened to hold 0 from below.</summary>
internal sealed class RequantizationRange() : Op("RequantizationRange"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        context.Set(0, DType.Float32, Shape.Scalar);
        context.Set(1, DType.Float32, Shape.Scalar);
    }

    public Kernel Prepare(KernelRequest request)
    {
        request.RequireType(0, DType.QInt32);
        return Kernel.Of(static context => context.Give(Of(context), 0));
    }

    /// <summary>The range of the elements of input 0.</summary>
    internal static QuantizedRange Of(KernelContext context)
    {
        QuantizedType type = context.Type(0);
        QuantizedRange input = context.Range(1);
        (int lowest, int highest) = (type.Highest, type.Lowest);
        foreach (int value in context.Integers(0))
            (lowest, highest) = (Math.Min(lowest, value), Math.Max(highest, value));
        return new QuantizedRange(Math.Min(0, input.Real(lowest, type)), input.Real(highest, type));
    }
}
