using Decant.IR;

namespace Decant.Ops.Quantized;

/// <summary>Integers of a quantized type to float32 or bfloat16, in the three modes of <see cref="QuantizeV2"/>.</summary>
internal sealed class Dequantize() : Op("Dequantize"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => context.Set(0, context.Attributes.Type("dtype"), context.Shape(0));

    public Kernel Prepare(KernelRequest request)
    {
        string mode = QuantizeMode.Read(request.Node);
        DType dtype = request.OutputType("dtype", DType.Float32, DType.BFloat16);
        if (dtype == DType.BFloat16 && mode != QuantizeMode.MinCombined)
            throw GraphErrors.BadAttribute.At(request.Node.At("mode"), $"is '{mode}', expected MIN_COMBINED for bfloat16");
        (bool narrow, long axis) = (request.Attributes.Bool("narrow_range"), request.Attributes.Int("axis"));
        return Kernel.Of(context => Run(context, mode, narrow, axis, dtype));
    }

    private static void Run(KernelContext context, string mode, bool narrow, long axis, DType dtype)
    {
        QuantizedType type = context.Type(0);
        if (mode == QuantizeMode.MinFirst && axis < 0 && context.Input(0).DType == DType.QUInt8)
        {
            Bytes(context, Rescaling.ToReal(context.Range(1), type), dtype);
            return;
        }

        ReadOnlySpan<int> x = context.Integers(0);
        (int slices, int run) = QuantizeMode.Slices(context, axis, mode);
        ReadOnlySpan<float> mins = context.Input(1).Span<float>(), maxes = context.Input(2).Span<float>();
        Tensor output = context.BeginOutput(0, dtype, context.Shape(0));
        Span<float> y = context.Writable<float>(output);
        for (int i = 0; i < y.Length;)
        {
            int slice = i / run % slices;
            var range = new QuantizedRange(mins[slice], maxes[slice]);
            Slice(x.Slice(i, run), y.Slice(i, run), range, type, mode, narrow);
            i += run;
        }

        context.EndOutput(0, dtype, output);
    }

    /// <summary>What weights in 8 bits are: no wider integers in between, and a block at a time.</summary>
    private static void Bytes(KernelContext context, Rescaling rescaling, DType dtype)
    {
        const int Block = 4096;
        Tensor output = context.BeginOutput(0, dtype, context.Shape(0));
        ReadOnlySpan<byte> x = context.Input(0).Span<byte>();
        Span<float> y = context.Writable<float>(output);
        for (int at = 0; at < y.Length; at += Block)
        {
            int length = Math.Min(Block, y.Length - at);
            rescaling.Real(x.Slice(at, length), y.Slice(at, length));
        }

        context.EndOutput(0, dtype, output);
    }

    private static void Slice(ReadOnlySpan<int> x, Span<float> y, QuantizedRange range, QuantizedType type, string mode, bool narrow)
    {
        switch (mode)
        {
            case QuantizeMode.MinFirst:
                var rescaling = Rescaling.ToReal(range, type);
                for (int i = 0; i < x.Length; i++)
                    y[i] = rescaling.Real(x[i]);
                break;
            case QuantizeMode.Scaled:
                int lowest = type.Lowest + (narrow ? 1 : 0);
                float fromMax = range.Max / type.Highest;
                float level = type.IsSigned ? Math.Max(range.Min / lowest, fromMax) : fromMax;
                for (int i = 0; i < x.Length; i++)
                    y[i] = x[i] * level;
                break;
            default:
                float half = type.IsSigned ? ((float)type.Highest - type.Lowest + 1) / 2 : 0;
                float scale = (range.Max - range.Min) / ((float)type.Highest - type.Lowest);
                for (int i = 0; i < x.Length; i++)
                    y[i] = ((x[i] + half) * scale) + range.Min;
                break;
        }
    }
}
