namespace Decant.Ops.Quantized;

/// <summary>
/// qint32 whose last dimension's slices have ranges of their own (inputs 1 and 2) to 8 bits of one range, symmetric around 0: the
/// largest integer stands for the largest magnitude of inputs 3 and 4. Rounds half to even.
/// </summary>
internal sealed class RequantizePerChannel() : QuantizedOp("RequantizePerChannel")
{
    public override Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.OutputType("out_type", DType.QUInt8, DType.QInt8);
        request.RequireType(0, DType.QInt32);
        return Kernel.Of(context => Run(context, dtype));
    }

    protected override Shape OutputShape(InferenceContext context) => context.Shape(0);

    /// <summary>The largest magnitude of each channel's range, from inputs 1 and 2.</summary>
    internal static float[] Magnitudes(KernelContext context)
    {
        Shape shape = context.Shape(0);
        long channels = context.Input(1).ElementCount;
        if (shape.Rank == 0 || channels != shape[-1] || channels == 0 || context.Input(2).ElementCount != channels)
            throw context.Fail($"has ranges {context.Input(1)} and {context.Input(2)} for {context.Input(0)}, expected one for each index of the last dimension");
        ReadOnlySpan<float> mins = context.Input(1).Span<float>(), maxes = context.Input(2).Span<float>();
        float[] magnitudes = new float[channels];
        for (int c = 0; c < magnitudes.Length; c++)
            magnitudes[c] = new QuantizedRange(mins[c], maxes[c]).Magnitude;
        return magnitudes;
    }

    private static void Run(KernelContext context, DType dtype)
    {
        QuantizedType type = QuantizedType.Of(dtype)!.Value;
        float[] scales = Magnitudes(context);
        QuantizedRange range = context.Range(3);
        for (int c = 0; c < scales.Length; c++)
            scales[c] = type.Highest * (scales[c] / range.Magnitude / (1L << 31));
        ReadOnlySpan<int> x = context.Integers(0);
        Span<int> y = context.Integers(context.Shape(0));
        for (int i = 0; i < y.Length; i++)
            y[i] = type.Saturate((long)Math.Round(x[i] * (double)scales[i % scales.Length], MidpointRounding.ToEven));
        context.Store(0, dtype, context.Shape(0), y);
        context.Give(range);
    }
}
