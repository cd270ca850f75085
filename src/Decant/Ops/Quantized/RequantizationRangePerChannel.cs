namespace Decant.Ops.Quantized;

/// <summary>
/// One range for qint32 input [N, H, W, C] whose channels have ranges of their own: the largest magnitude, at most
/// <c>clip_value_max</c>; from 0 when no element is negative.
/// </summary>
internal sealed class RequantizationRangePerChannel() : Op("RequantizationRangePerChannel"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        context.Set(0, DType.Float32, Shape.Scalar);
        context.Set(1, DType.Float32, Shape.Scalar);
    }

    public Kernel Prepare(KernelRequest request)
    {
        request.RequireType(0, DType.QInt32);
        float clip = request.Attributes.Float("clip_value_max");
        return Kernel.Of(context => Run(context, clip));
    }

    private static void Run(KernelContext context, float clip)
    {
        ReadOnlySpan<int> x = context.Integers(0);
        ReadOnlySpan<float> magnitudes = RequantizePerChannel.Magnitudes(context);
        float largest = float.MinValue;
        bool isNegative = false;
        for (int i = 0; i < x.Length; i++)
        {
            isNegative |= x[i] < 0;
            largest = Math.Max(largest, magnitudes[i % magnitudes.Length] * Math.Abs((float)x[i]) / (1L << 31));
        }

        largest = Math.Min(Math.Max(largest, 0), clip);
        context.Give(new QuantizedRange(isNegative ? -largest : 0, largest), 0);
    }
}
