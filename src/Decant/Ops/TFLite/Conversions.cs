using Decant.IR;
using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite;

/// <summary>Operators between element types, and between integers and the real numbers they stand for.</summary>
internal static class Conversions
{
    public static IEnumerable<Op> All =>
    [
        new TFLiteOp("BITCAST", r => new Translation(r, "Bitcast").In(0).Type("T", 0).Set("type", r.OutputType()).Prepare()),
        new TFLiteOp("BUCKETIZE", r => new Translation(r, "Bucketize").In(0).Type("T", 0).Set("boundaries", new ListAttr { Floats = r.Attributes.Floats("boundaries") }).Prepare()),
        new TFLiteOp("CAST", Cast.Prepare),
        new TFLiteOp("COMPLEX_ABS", r => new Translation(r, "ComplexAbs").In(0).Type("T", 0).Set("Tout", r.OutputType()).Prepare()),
        new TFLiteOp("DEQUANTIZE", Dequantize),
        new TFLiteOp("FAKE_QUANT", FakeQuant),
        new TFLiteOp("IMAG", r => new Translation(r, "Imag").In(0).Type("T", 0).Set("Tout", r.OutputType()).Prepare()),
        new TFLiteOp("QUANTIZE", Quantize),
        new TFLiteOp("REAL", r => new Translation(r, "Real").In(0).Type("T", 0).Set("Tout", r.OutputType()).Prepare()),
    ];

    /// <summary>For each element the number of its channel, along the axis of scales per channel.</summary>
    public static Func<int, int> Channel(Shape shape, int axis)
    {
        long inner = 1;
        for (int d = axis + 1; d < shape.Rank; d++)
            inner *= shape[d];
        (int size, int step) = ((int)shape[axis], (int)Math.Max(1, inner));
        return i => i / step % size;
    }

    private static Kernel Dequantize(KernelRequest request)
    {
        TensorSpec spec = request.InputSpec(0) ?? throw request.Fail("has an input of which no quantization is known");
        if (request.InputType(0).IsFloating())
            return new Translation(request, "Cast").In(0).Set("SrcT", request.InputType(0)).Set("DstT", request.OutputType()).Set("Truncate", false).Prepare();
        Quantization quantization = spec.Quantization ?? throw request.Fail($"the input '{spec.Name}' has no scale");
        if (quantization.Details is not null)
            throw request.NoKernel("for blockwise or custom quantization");
        if (!quantization.HasScale)
            throw request.Fail($"the input '{spec.Name}' has no scale");
        DType to = request.OutputType();
        if (to is not (DType.Float32 or DType.Float16 or DType.BFloat16))
            throw request.NoKernel($"to {to.Name()}");
        return Kernel.Of(context =>
        {
            Tensor input = context.Input(0);
            Tensor output = context.Allocate(0, to, input.Shape);
            Span<float> y = output.DType == DType.Float32 ? context.Writable<float>(output) : context.Writable<float>(context.Scratch(DType.Float32, input.Shape));
            Real(context, input, quantization, y);
            if (output.DType != DType.Float32)
                context.Round(y, output);
        });
    }

    /// <summary>The real numbers that integers stand for.</summary>
    public static void Real(KernelContext context, Tensor input, Quantization quantization, Span<float> y)
    {
        if (quantization.Scales.Count == 1)
        {
            Real(context, input, new QuantParams(quantization.Scales[0], quantization.ZeroPoints.Count > 0 ? (int)quantization.ZeroPoints[0] : 0), y);
            return;
        }

        ReadOnlySpan<int> x = input.DType == DType.Int64 ? default : Integers.Wide(context, input);
        if (quantization.Axis < 0 || quantization.Axis >= input.Shape.Rank || input.Shape[quantization.Axis] != quantization.Scales.Count)
            throw context.Fail($"has {quantization.Scales.Count} scales along dimension {quantization.Axis} of {input}");
        Func<int, int> channel = Channel(input.Shape, quantization.Axis);
        for (int i = 0; i < y.Length; i++)
        {
            int c = channel(i);
            long zero = c < quantization.ZeroPoints.Count ? quantization.ZeroPoints[c] : 0;
            y[i] = quantization.Scales[c] * ((input.DType == DType.Int64 ? input.Span<long>()[i] : x[i]) - zero);
        }
    }

    private static void Real(KernelContext context, Tensor input, QuantParams quantization, Span<float> y)
    {
        (float scale, int zero) = quantization;
        switch (input.DType)
        {
            case DType.Int8 or DType.Int4 or DType.Int2:
                RealConversion.Dequantize(input.Span<sbyte>(), y, scale, zero, context.Pool);
                break;
            case DType.UInt8 or DType.UInt4:
                RealConversion.Dequantize(input.Span<byte>(), y, scale, zero, context.Pool);
                break;
            case DType.Int16:
                RealConversion.Dequantize(input.Span<short>(), y, scale, zero, context.Pool);
                break;
            case DType.Int64:
                ReadOnlySpan<long> x = input.Span<long>();
                for (int i = 0; i < x.Length; i++)
                    y[i] = scale * (x[i] - zero);
                break;
            default:
                RealConversion.Dequantize(input.Span<int>(), y, scale, zero, context.Pool);
                break;
        }
    }

    private static Kernel Quantize(KernelRequest request)
    {
        DType from = request.InputType(0), to = request.OutputType();
        QuantParams output = request.OutputQuant();
        if (from.IsInteger())
        {
            QuantParams input = request.InputQuant(0);
            FixedPoint factor = FixedPoint.Of((double)input.Scale / output.Scale);
            return Integers.Map(request, x => factor.Times(x - input.ZeroPoint) + output.ZeroPoint);
        }

        Quantization quantization = request.OutputSpec().Quantization is { HasScale: true } q ? q : throw request.Fail("has an output without a scale");
        (int min, int max) = Quantizing.Range(to);
        (float scale, int zeroPoint) = output;
        return Kernel.Of(context =>
        {
            Tensor input = context.Input(0);
            ReadOnlySpan<float> x = context.Float32(input).Span<float>();
            Tensor result = context.Allocate(0, to, input.Shape);
            if (quantization.Scales.Count == 1 && to is DType.Int8 or DType.UInt8 or DType.Int16)
            {
                if (to == DType.Int8)
                    RealConversion.Quantize(x, context.Writable<sbyte>(result), scale, zeroPoint, min, max, context.Pool);
                else if (to == DType.UInt8)
                    RealConversion.Quantize(x, context.Writable<byte>(result), scale, zeroPoint, min, max, context.Pool);
                else
                    RealConversion.Quantize(x, context.Writable<short>(result), scale, zeroPoint, min, max, context.Pool);
                return;
            }

            Func<int, int> channel = quantization.Scales.Count == 1 ? _ => 0
                : quantization.Axis < input.Shape.Rank && input.Shape[quantization.Axis] == quantization.Scales.Count ? Channel(input.Shape, quantization.Axis)
                : throw context.Fail($"has {quantization.Scales.Count} scales along dimension {quantization.Axis} of {input}");
            for (int i = 0; i < x.Length; i++)
            {
                int c = channel(i);
                float scaled = MathF.Round(x[i] / quantization.Scales[c], MidpointRounding.AwayFromZero);
                long zero = c < quantization.ZeroPoints.Count ? quantization.ZeroPoints[c] : 0;
                Integers.Store(result, i, (int)Math.Clamp((float.IsNaN(scaled) ? 0 : (long)Math.Clamp(scaled, int.MinValue, int.MaxValue)) + zero, min, max));
            }
        });
    }

    // Ranges are moved so that 0 is one of the steps; then values are rounded to the steps.
    private static Kernel FakeQuant(KernelRequest request)
    {
        (float min, float max) = (request.Attributes.Float("min"), request.Attributes.Float("max"));
        int low = request.Attributes.Bool("narrow_range") ? 1 : 0, high = (int)((1L << (int)Math.Clamp(request.Attributes.Int("num_bits"), 2, 16)) - 1);
        float scale = (max - min) / (high - low);
        float fromMin = low - (min / scale);
        int zero = fromMin < low ? low : fromMin > high ? high : (int)MathF.Round(fromMin, MidpointRounding.AwayFromZero);
        (float nudgedMin, float nudgedMax) = ((low - zero) * scale, (high - zero) * scale);
        float inverse = 1 / scale;
        return Elementwise.Floats(request, x =>
        {
            float shifted = Math.Clamp(x, nudgedMin, nudgedMax) - nudgedMin;
            return (MathF.Round(shifted * inverse, MidpointRounding.AwayFromZero) * scale) + nudgedMin;
        });
    }
}
