namespace Decant.Ops.Quantized;

/// <summary>
/// QuantizedBatchNormWithGlobalNormalization of quint8 images [N, H, W, C] to qint32, in TensorFlow's fixed-point arithmetic: everything is
/// brought to the range -2^20 to 2^20, in which 1 is the integer 2048; products that leave int32 wrap. Inputs, each with its range: t, m, v, beta, gamma.
/// </summary>
internal sealed class QuantizedBatchNorm() : QuantizedOp("QuantizedBatchNormWithGlobalNormalization")
{
    private static readonly QuantizedRange Range = new(-(1 << 20), 1 << 20);
    private static readonly QuantizedType Result = QuantizedType.Of(DType.QInt32)!.Value;

    public override Kernel Prepare(KernelRequest request)
    {
        request.OutputType("out_type", DType.QInt32);
        request.RequireType(0, DType.QUInt8);
        (float epsilon, bool scales) = (request.Attributes.Float("variance_epsilon"), request.Attributes.Bool("scale_after_normalization"));
        return Kernel.Of(context => Run(context, epsilon, scales));
    }

    protected override Shape OutputShape(InferenceContext context) => context.Shape(0);

    private static void Run(KernelContext context, float epsilon, bool scales)
    {
        Shape shape = context.Shape(0);
        for (int i = 3; i < 15; i += 3)
        {
            if (shape.Rank != 4 || context.Shape(i) != new Shape(shape[3]))
                throw context.Fail($"has inputs {context.Input(0)} and {context.Input(i)}, expected rank 4 and its number of channels");
        }

        QuantizedType type = context.Type(0);
        float[] mean = Reals(context, 3), variance = Reals(context, 6), beta = Reals(context, 9), gamma = Reals(context, 12);
        int[] scale = new int[mean.Length], offset = new int[mean.Length];
        for (int c = 0; c < scale.Length; c++)
        {
            float factor = 1 / MathF.Sqrt(variance[c] + epsilon) * (scales ? gamma[c] : 1);
            (scale[c], offset[c]) = (Range.Quantize(factor, Result), Range.Quantize((-mean[c] * factor) + beta[c], Result));
        }

        int one = Range.Quantize(1, Result);
        QuantizedRange input = context.Range(1);
        ReadOnlySpan<int> x = context.Integers(0);
        Span<int> y = context.Integers(shape);
        for (int i = 0; i < y.Length; i++)
            y[i] = (Range.Quantize(input.Real(x[i], type), Result) * scale[i % scale.Length] / one) + offset[i % scale.Length];
        context.Store(0, DType.QInt32, shape, y);
        context.Give(Range);
    }

    private static float[] Reals(KernelContext context, int index)
    {
        QuantizedType type = context.Type(index);
        QuantizedRange range = context.Range(index + 1);
        return Array.ConvertAll(context.Integers(index).ToArray(), q => range.Real(q, type));
    }
}
