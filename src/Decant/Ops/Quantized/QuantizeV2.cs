using Decant.IR;

namespace Decant.Ops.Quantized;

/// <summary>
/// float32 to integers of a quantized type. The range always holds 0 and is at least <c>ensure_minimum_range</c> of its magnitude wide.
/// MIN_COMBINED divides it evenly; MIN_FIRST moves its least number so that 0 is one of the values; SCALED has 0 stand for 0. With an axis,
/// each slice has a range of its own.
/// </summary>
internal sealed class QuantizeV2() : QuantizedOp("QuantizeV2")
{
    private static readonly DType[] Types = [DType.QInt8, DType.QUInt8, DType.QInt16, DType.QUInt16, DType.QInt32];

    public override Kernel Prepare(KernelRequest request)
    {
        NodeAttributes attributes = request.Attributes;
        string mode = QuantizeMode.Read(request.Node);
        string rounding = attributes.String("round_mode");
        if (rounding is not ("HALF_AWAY_FROM_ZERO" or "HALF_TO_EVEN") || (rounding == "HALF_TO_EVEN" && mode != QuantizeMode.Scaled))
            throw GraphErrors.BadAttribute.At(request.Node.At("round_mode"), $"is '{rounding}', expected HALF_AWAY_FROM_ZERO, or HALF_TO_EVEN with mode SCALED");
        DType dtype = request.OutputType("T", Types);
        (bool narrow, long axis, float least) = (attributes.Bool("narrow_range"), attributes.Int("axis"), attributes.Float("ensure_minimum_range"));
        return Kernel.Of(context => Run(context, new Slice(mode, QuantizedType.Of(dtype)!.Value, rounding == "HALF_TO_EVEN", narrow, least), dtype, axis));
    }

    protected override Shape OutputShape(InferenceContext context) => context.Shape(0);

    protected override Shape RangeShape(InferenceContext context) =>
        context.Attributes.Int("axis") == -1 ? Shape.Scalar : Shape.Unknown;

    private static void Run(KernelContext context, Slice slice, DType dtype, long axis)
    {
        Tensor input = context.Input(0);
        if (input.DType != DType.Float32)
            throw context.Fail($"input 0 is {input}, expected float32");
        (int slices, int run) = QuantizeMode.Slices(context, axis, slice.Mode);
        ReadOnlySpan<float> x = input.Span<float>(), mins = context.Input(1).Span<float>(), maxes = context.Input(2).Span<float>();
        Span<int> y = context.Integers(input.Shape);
        Shape ranges = slices == 1 ? Shape.Scalar : context.Shape(1);
        Span<float> outMins = context.Output<float>(1, ranges), outMaxes = context.Output<float>(2, ranges);
        for (int s = 0; s < slices; s++)
        {
            if (maxes[s] < mins[s])
                throw context.Fail($"has the range {mins[s]} to {maxes[s]}, expected the second to be larger");
            float min = Math.Min(0, mins[s]);
            float epsilon = Math.Max(1, Math.Max(Math.Abs(mins[s]), Math.Abs(maxes[s]))) * slice.Least;
            var range = new QuantizedRange(min, Math.Max(0, Math.Max(maxes[s], min + epsilon)));
            for (int from = s * run; from < x.Length; from += slices * run)
                slice.Quantize(x.Slice(from, run), y.Slice(from, run), ref range);
            if (x.IsEmpty)
                slice.Quantize([], [], ref range);
            (outMins[s], outMaxes[s]) = (range.Min, range.Max);
        }

        context.Store(0, dtype, input.Shape, y);
    }

    private sealed record Slice(string Mode, QuantizedType Type, bool ToEven, bool Narrow, float Least)
    {
        public void Quantize(ReadOnlySpan<float> x, Span<int> y, ref QuantizedRange range)
        {
            switch (Mode)
            {
                case QuantizeMode.MinFirst:
                    var rescaling = Rescaling.ToQuantized(range, Type);
                    for (int i = 0; i < x.Length; i++)
                        y[i] = rescaling.Quantize(x[i], Type);
                    break;
                case QuantizeMode.Scaled:
                    Scale(x, y, ref range);
                    break;
                default:
                    Combine(x, y, range);
                    break;
            }
        }

        private void Combine(ReadOnlySpan<float> x, Span<int> y, QuantizedRange range)
        {
            float scale = (float)(Type.Steps / (range.Max - range.Min));
            float half = Type.IsSigned ? (float)((Type.Steps + 1) / 2) : 0;
            for (int i = 0; i < x.Length; i++)
            {
                float fromMin = (Math.Max(Math.Min(x[i], range.Max), range.Min) - range.Min) * scale;
                y[i] = Saturate(Type.IsSigned ? MathF.Round(fromMin - half, MidpointRounding.AwayFromZero) : fromMin + 0.5f);
            }
        }

        private void Scale(ReadOnlySpan<float> x, Span<int> y, ref QuantizedRange range)
        {
            int lowest = Type.Lowest + (Narrow ? 1 : 0);
            float fromMin = lowest * range.Min > 0 ? lowest / range.Min : float.MaxValue;
            float fromMax = Type.Highest * range.Max > 0 ? Type.Highest / range.Max : float.MaxValue;
            float scale = Math.Min(fromMin, fromMax);
            range = new QuantizedRange(lowest / scale, Type.Highest / scale);
            for (int i = 0; i < x.Length; i++)
            {
                float value = Math.Max(Math.Min(x[i], range.Max), range.Min) * scale;
                y[i] = Saturate(MathF.Round(value, ToEven ? MidpointRounding.ToEven : MidpointRounding.AwayFromZero));
            }
        }

        private int Saturate(float value) => float.IsNaN(value) ? Type.Lowest : Type.Saturate((long)value);
    }
}
