using Decant.Kernels.Elementwise;
using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite;

/// <summary>Operators on single elements: the kernels of TensorFlow's ops for floats, tables of 256 results for 8-bit integers.</summary>
internal static class Elementwise
{
    public static IEnumerable<Op> All =>
    [
        new TFLiteOp("ABS", Abs),
        Unary("CEIL", "Ceil", MathF.Ceiling),
        Unary("COS", "Cos", MathF.Cos),
        Unary("ELU", "Elu", x => x < 0 ? float.ExpM1(x) : x),
        Unary("EXP", "Exp", MathF.Exp),
        Unary("FLOOR", "Floor", MathF.Floor),
        new TFLiteOp("GELU", r => r.Attributes.Bool("approximate") ? Floats(r, GeluTanh) : Floats(r, GeluErf)),
        new TFLiteOp("HARD_SWISH", r => r.IsQuantized(0) ? HardSwish.Prepare(r) : Floats(r, x => x * MathF.Min(6, MathF.Max(0, x + 3)) / 6)),
        new TFLiteOp("LEAKY_RELU", LeakyRelu),
        Unary("LOG", "Log", MathF.Log),
        new TFLiteOp("LOGICAL_NOT", Moves.Translated("LogicalNot")),
        new TFLiteOp("LOGISTIC", r => Sigmoidal(r, "Sigmoid", x => 1f / (1f + MathF.Exp(-x)), isTanh: false)),
        new TFLiteOp("NEG", r => new Translation(r, "Neg").In(0).Type("T", 0).Prepare()),
        new TFLiteOp("PRELU", Prelu.Prepare),
        Rectifier("RELU", "RELU"),
        Rectifier("RELU_N1_TO_1", "RELU_N1_TO_1"),
        Rectifier("RELU6", "RELU6"),
        new TFLiteOp("RELU_0_TO_1", r => r.IsQuantized(0) ? Rectify(r, q => (Quantizing.Quantize(r.OutputType(), q, 0), Quantizing.Quantize(r.OutputType(), q, 1))) : Floats(r, x => x < 0 ? 0 : x > 1 ? 1 : x)),
        Unary("ROUND", "Round", x => MathF.Round(x, MidpointRounding.ToEven)),
        new TFLiteOp("RSQRT", r => !r.IsQuantized(0) ? new Translation(r, "Rsqrt").In(0).Type("T", 0).Prepare() : ReciprocalRoot(r)),
        Unary("SIGN", "Sign", x => MathF.Sign(x)),
        Unary("Sign", "Sign", x => MathF.Sign(x)),
        Unary("SIN", "Sin", MathF.Sin),
        new TFLiteOp("SQRT", r => r.IsQuantized(0) ? Root(r) : new Translation(r, "Sqrt").In(0).Type("T", 0).Prepare()),
        Unary("SQUARE", "Square", x => x * x),
        new TFLiteOp("TANH", r => Sigmoidal(r, "Tanh", MathF.Tanh, isTanh: true)),
    ];

    /// <summary>A kernel for floats by a function, and a table of it for 8-bit integers.</summary>
    public static Kernel Floats(KernelRequest request, Func<float, float> function)
    {
        if (request.IsQuantized(0))
            return Tables.Prepare(request, function);
        return request.InputType(0) is DType.Float32 or DType.Float16 or DType.BFloat16 ? ElementKernels.Choose(request, request.InputType(0), d => d != DType.Float32 ? null : Kernel.Of(context =>
        {
            ReadOnlySpan<float> x = context.Input(0).Span<float>();
            Span<float> y = context.Output<float>(0, context.Shape(0));
            for (int i = 0; i < y.Length; i++)
                y[i] = function(x[i]);
        })) : throw request.NoKernel($"for elements of type {request.InputType(0).Name()}");
    }

    private static TFLiteOp Unary(string name, string op, Func<float, float> function) => new(name, request =>
        request.IsQuantized(0) ? Tables.Prepare(request, function) : new Translation(request, op).In(0).Type("T", 0).Prepare());

    private static Kernel Sigmoidal(KernelRequest request, string op, Func<float, float> function, bool isTanh) =>
        request.IsQuantized(0) && request.InputType(0) == DType.Int16 ? Sigmoid16.Prepare(request, isTanh)
            : request.IsQuantized(0) ? Tables.Prepare(request, function) : new Translation(request, op).In(0).Type("T", 0).Prepare();

    private static TFLiteOp Rectifier(string name, string activation) => new(name, request =>
    {
        if (request.IsQuantized(0))
            return Rectify(request, q => Quantizing.Clamp(request.OutputType(), q, activation));
        (float low, float high) = Activated.Bounds(activation);
        return activation is "RELU_N1_TO_1" ? Floats(request, x => x < low ? low : x > high ? high : x)
            : new Translation(request, activation == "RELU" ? "Relu" : "Relu6").In(0).Type("T", 0).Prepare();
    });

    private static Kernel Rectify(KernelRequest request, Func<QuantParams, (int, int)> bounds)
    {
        (QuantParams input, QuantParams output) = (request.InputQuant(0), request.OutputQuant());
        FixedPoint factor = FixedPoint.Of((double)(input.Scale / output.Scale));
        (int low, int high) = bounds(output);
        if (request.InputType(0) == DType.Int16 && request.OutputType() == DType.Int16)
            return Scaled16(input, factor, new QuantizedOutput(IntegerKind.Int16, output.ZeroPoint, low, high, Rounding.AwayFromZero));
        return Integers.Map(request, x => Math.Clamp(output.ZeroPoint + factor.Times(x - input.ZeroPoint), low, high));
    }

    /// <summary>16-bit integers of another scale: their products with 1.</summary>
    private static Kernel Scaled16(QuantParams input, FixedPoint factor, QuantizedOutput output)
    {
        var form = new ActivationForm(IntegerKind.Int16, input.ZeroPoint);
        var product = new IntegerBinary(IntegerBinaryOp.Multiply, form, form with { ZeroPoint = 0 }, 0, default, default, factor, output);
        return Kernel.Of(context =>
        {
            BroadcastPlan plan = context.Derived(product, static (_, c) => BroadcastPlan.Create(c.Shape(0).Dims, []));
            Tensor y = context.Allocate(0, DType.Int16, context.Shape(0));
            product.Run(context.Input(0).Data.Span, [1, 0], y.Data.AsMutable<byte>(), plan, context.Pool);
        });
    }

    private static Kernel Abs(KernelRequest request)
    {
        if (!request.IsQuantized(0))
            return new Translation(request, "Abs").In(0).Type("T", 0).Prepare();
        (QuantParams input, QuantParams output) = (request.InputQuant(0), request.OutputQuant());
        FixedPoint factor = FixedPoint.Of((double)(input.Scale / output.Scale));
        bool isSame = input.Scale == output.Scale;
        return Integers.Map(request, x => (isSame ? Math.Abs(x - input.ZeroPoint) : factor.Times(Math.Abs(x - input.ZeroPoint))) + output.ZeroPoint);
    }

    private static Kernel LeakyRelu(KernelRequest request)
    {
        float alpha = request.Attributes.Float("alpha");
        if (!request.IsQuantized(0))
            return new Translation(request, "LeakyRelu").In(0).Type("T", 0).Set("alpha", alpha).Prepare();
        (QuantParams input, QuantParams output) = (request.InputQuant(0), request.OutputQuant());
        FixedPoint positive = FixedPoint.Of((double)(input.Scale / output.Scale));
        FixedPoint negative = FixedPoint.Of((double)(input.Scale * alpha / output.Scale));
        return Integers.Map(request, x => output.ZeroPoint + (x >= input.ZeroPoint ? positive : negative).Times(x - input.ZeroPoint));
    }

    // What is not positive has the greatest result.
    private static Kernel ReciprocalRoot(KernelRequest request)
    {
        float greatest = short.MaxValue * request.OutputQuant().Scale;
        return Tables.Prepare(request, x => x <= 0 ? greatest : 1 / MathF.Sqrt(x));
    }

    /// <summary>Roots of quantized elements, cut off and not rounded.</summary>
    private static Kernel Root(KernelRequest request)
    {
        (QuantParams input, QuantParams output) = (request.InputQuant(0), request.OutputQuant());
        return Integers.Map(request, x => x < input.ZeroPoint ? output.ZeroPoint : (int)(MathF.Sqrt(input.Scale * (x - input.ZeroPoint)) / output.Scale) + output.ZeroPoint);
    }

    private static float GeluErf(float x) => 0.5f * x * (1 + (float)default(ErfOperator<double>).Invoke(x * 0.70710678118654752));

    // The tanh form: 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))).
    private static float GeluTanh(float x) => 0.5f * x * (1 + MathF.Tanh(0.7978845608028654f * (x + (0.044715f * x * x * x))));
}
