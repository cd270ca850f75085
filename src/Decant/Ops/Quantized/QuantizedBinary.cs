using Decant.Ops.Arithmetic;

namespace Decant.Ops.Quantized;

/// <summary>
/// The sum or product of two quint8 (or qint8) tensors that broadcast, as qint32. A sum's range is 2^14 times the larger of the inputs'
/// and symmetric; a product's one step is the product of the inputs' steps.
/// </summary>
internal sealed class QuantizedBinary(string name, bool multiplies) : QuantizedOp(name)
{
    public override Kernel Prepare(KernelRequest request)
    {
        request.OutputType("Toutput", DType.QInt32);
        request.RequireType(0, DType.QUInt8, DType.QInt8);
        request.RequireType(1, DType.QUInt8, DType.QInt8);
        return Kernel.Of(multiplies ? Multiply : Add);
    }

    protected override Shape OutputShape(InferenceContext context) => Broadcasting.Of(context, context.Shape(0), context.Shape(1));

    private static void Multiply(KernelContext context)
    {
        QuantizedRange a = context.ProperRange(2), b = context.ProperRange(4);
        (QuantizedType typeA, QuantizedType typeB) = (context.Type(0), context.Type(1));
        ReadOnlySpan<int> x = context.Integers(0, (int)a.Unclamped(0, typeA)), y = context.Integers(1, (int)b.Unclamped(0, typeB));
        Shape shape = Broadcasting.Of(context, context.Shape(0), context.Shape(1));
        long[] inX = BroadcastIndex.Of(context, context.Shape(0), shape), inY = BroadcastIndex.Of(context, context.Shape(1), shape);
        Span<int> z = context.Integers(shape);
        for (int i = 0; i < z.Length; i++)
            z[i] = x[(int)inX[i]] * y[(int)inY[i]];
        context.Store(0, DType.QInt32, shape, z);
        context.Give(QuantizedRange.OfLevel(a.Level(typeA) * b.Level(typeB), QuantizedType.Of(DType.QInt32)!.Value));
    }

    private static void Add(KernelContext context)
    {
        QuantizedRange a = context.ProperRange(2), b = context.ProperRange(4);
        float largest = Math.Max(Math.Abs(Math.Min(a.Min, b.Min)), Math.Abs(Math.Max(a.Max, b.Max))) * (1 << 14);
        var range = new QuantizedRange(-largest, largest);
        Line lineA = new(a, context.Type(0), range), lineB = new(b, context.Type(1), range);
        ReadOnlySpan<int> x = context.Integers(0), y = context.Integers(1);
        Shape shape = Broadcasting.Of(context, context.Shape(0), context.Shape(1));
        long[] inX = BroadcastIndex.Of(context, context.Shape(0), shape), inY = BroadcastIndex.Of(context, context.Shape(1), shape);
        Span<int> z = context.Integers(shape);
        for (int i = 0; i < z.Length; i++)
            z[i] = lineA.At(x[(int)inX[i]]) + lineB.At(y[(int)inY[i]]);
        context.Store(0, DType.QInt32, shape, z);
        context.Give(range);
    }

    /// <summary>8 bits in the sum's range: TensorFlow converts 0 and 1, and draws a line through them.</summary>
    private readonly struct Line
    {
        private readonly QuantizedType _sum = QuantizedType.Of(DType.QInt32)!.Value;
        private readonly long _zero;
        private readonly int _step;

        public Line(QuantizedRange range, QuantizedType type, QuantizedRange sum)
        {
            _zero = sum.Unclamped(range.Real(0, type), _sum);
            _step = (int)(sum.Unclamped(range.Real(1, type), _sum) - _zero);
        }

        public int At(int value) => _sum.Saturate(_zero + ((long)value * _step));
    }
}
