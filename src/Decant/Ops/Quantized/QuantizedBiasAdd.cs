namespace Decant.Ops.Quantized;

/// <summary>Adds a vector along the last dimension of 8-bit input, both brought to a qint32 range 2^17 times the larger of theirs.</summary>
internal sealed class QuantizedBiasAdd() : QuantizedOp("QuantizedBiasAdd")
{
    private static readonly QuantizedType Sum = QuantizedType.Of(DType.QInt32)!.Value;

    public override Kernel Prepare(KernelRequest request)
    {
        request.OutputType("out_type", DType.QInt32);
        request.RequireType(0, DType.QUInt8, DType.QInt8);
        request.RequireType(1, DType.QUInt8, DType.QInt8);
        return Kernel.Of(Run);
    }

    protected override Shape OutputShape(InferenceContext context) => context.Shape(0);

    private static void Run(KernelContext context)
    {
        Shape shape = context.Shape(0);
        if (shape.Rank < 2 || context.Shape(1) != new Shape(shape[-1]))
            throw context.Fail($"has an input {context.Input(0)} and a bias {context.Input(1)}, expected rank 2 or more and its last dimension");
        QuantizedRange input = context.Range(2), bias = context.Range(4);
        float largest = Math.Max(input.Max, Math.Max(-input.Min, Math.Max(bias.Max, -bias.Min))) * (1 << 17);
        var range = new QuantizedRange(-largest, largest);
        int zero = range.Quantize(0, Sum);
        ReadOnlySpan<int> x = context.Integers(0);
        Rescaling inputReal = Rescaling.ToReal(input, context.Type(0)), biasReal = Rescaling.ToReal(bias, context.Type(1)), sum = Rescaling.ToQuantized(range, Sum);
        int[] offsets = context.Integers(1).ToArray();
        for (int c = 0; c < offsets.Length; c++)
            offsets[c] = sum.Quantize(biasReal.Real(offsets[c]), Sum) + zero;
        Span<int> y = context.Integers(shape);
        for (int i = 0; i < y.Length; i++)
            y[i] = sum.Quantize(inputReal.Real(x[i]), Sum) + offsets[i % offsets.Length];
        context.Store(0, DType.QInt32, shape, y);
        context.Give(range);
    }
}
