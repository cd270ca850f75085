namespace Decant.Ops.Quantized;

/// <summary>Clips at 0 and, with a limit, above: quint8, qint8 or qint32, in the range of the input.</summary>
/// <param name="name">The op's name.</param>
/// <param name="limit">The upper limit, or null for none; <c>QuantizedReluX</c> has it as input 1.</param>
internal sealed class QuantizedRelu(string name, float? limit = null) : QuantizedOp(name)
{
    private bool LimitIsInput => Name.Name == "QuantizedReluX";

    public override Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.OutputType("out_type", DType.QUInt8, DType.QInt8, DType.QInt32);
        request.RequireType(0, dtype);
        return Kernel.Of(context => Run(context, dtype));
    }

    protected override Shape OutputShape(InferenceContext context) => context.Shape(0);

    private void Run(KernelContext context, DType dtype)
    {
        if (context.Input(0).DType != dtype)
            throw context.Fail($"input 0 is {context.Input(0)}, expected {dtype.Name()}");
        QuantizedType type = context.Type(0);
        QuantizedRange range = context.Range(LimitIsInput ? 2 : 1);
        int least = range.Quantize(0, type);
        int most = (LimitIsInput ? context.Number(1) : limit) is { } top ? range.Quantize(top, type) : type.Highest;
        ReadOnlySpan<int> x = context.Integers(0);
        Span<int> y = context.Integers(context.Shape(0));
        for (int i = 0; i < y.Length; i++)
            y[i] = Math.Min(Math.Max(x[i], least), most);
        context.Store(0, dtype, context.Shape(0), y);
        context.Give(range);
    }
}
