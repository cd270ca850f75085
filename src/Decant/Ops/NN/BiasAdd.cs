using System.Numerics;
using Decant.IR;
using Decant.Kernels.Elementwise;

namespace Decant.Ops.NN;

/// <summary>Adds a vector along the channels: the last axis, or axis 1 of <c>data_format</c> NCHW. Any rank from 2 on, any number type.</summary>
internal sealed class BiasAdd(string name) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        (Shape value, Shape bias) = (context.Shape(0), context.Shape(1));
        if (value.HasRank && bias.HasRank)
            Check(context.Node, value, bias);
        context.Set(0, context.Input(0).DType, value);
    }

    public Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.ElementType();
        return dtype switch
        {
            DType.Complex64 => Kernel.Of(RunComplex64),
            DType.Complex128 => Kernel.Of(RunComplex128),
            _ => NumberKernel.Of(request, dtype, new Code(dtype)),
        };
    }

    /// <summary>The axis of the channels of a shape: NHWC stands for channels last at any rank, NCHW for axis 1.</summary>
    internal static int Axis(Node node, Shape value)
    {
        if (value.Rank < 2)
            throw OpErrors.BadInput.At(node.At(), $"has a value of shape {value}, expected rank 2 or more");
        var attributes = new NodeAttributes(node);
        string format = attributes.Has("data_format") ? attributes.String("data_format") : "NHWC";
        return format switch
        {
            "NHWC" => value.Rank - 1,
            "NCHW" => 1,
            _ => throw GraphErrors.BadAttribute.At(node.At("data_format"), $"is '{format}', expected NHWC or NCHW"),
        };
    }

    private static int Check(Node node, Shape value, Shape bias)
    {
        int axis = Axis(node, value);
        return bias.Rank == 1 && (bias[0] < 0 || value[axis] < 0 || bias[0] == value[axis]) ? axis
            : throw OpErrors.BadInput.At(node.At(), $"has a bias of shape {bias}, expected [{value[axis]}] for a value {value}");
    }

    private static int Step(KernelContext context) => context.Derived(0, static (_, c) => new Spread(c)).Step;

    /// <summary>How a bias is added to values of a shape.</summary>
    private sealed class Spread
    {
        public Spread(KernelContext context)
        {
            Shape value = context.Shape(0);
            long step = 1;
            foreach (long d in value.Dims[(Check(context.Node, value, context.Shape(1)) + 1)..])
                step *= d;
            Step = (int)step;
            if (step == 1)
                Plan = BroadcastPlan.Create(value.Dims, context.Shape(1).Dims);
        }

        /// <summary>The elements that share a bias.</summary>
        public int Step { get; }

        /// <summary>How the bias broadcasts where it is along the last axis.</summary>
        public BroadcastPlan? Plan { get; }
    }

    private static void RunComplex64(KernelContext context)
    {
        int step = Step(context);
        ReadOnlySpan<Complex64> x = context.Input(0).Span<Complex64>();
        ReadOnlySpan<Complex64> bias = context.Input(1).Span<Complex64>();
        Span<Complex64> y = context.Output<Complex64>(0, context.Shape(0));
        for (int i = 0; i < y.Length; i++)
            y[i] = new Complex64(x[i].Real + bias[i / step % bias.Length].Real, x[i].Imaginary + bias[i / step % bias.Length].Imaginary);
    }

    private static void RunComplex128(KernelContext context)
    {
        int step = Step(context);
        ReadOnlySpan<Complex> x = context.Input(0).Span<Complex>();
        ReadOnlySpan<Complex> bias = context.Input(1).Span<Complex>();
        Span<Complex> y = context.Output<Complex>(0, context.Shape(0));
        for (int i = 0; i < y.Length; i++)
            y[i] = x[i] + bias[i / step % bias.Length];
    }

    private sealed record Code(DType DType) : INumberKernel
    {
        public void Run<T>(KernelContext context)
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            Spread spread = context.Derived(0, static (_, c) => new Spread(c));
            int step = spread.Step;
            ReadOnlySpan<T> x = context.WorkInput(0).Span<T>();
            ReadOnlySpan<T> bias = context.WorkInput(1).Span<T>();
            Tensor output = context.BeginOutput(0, DType, context.Shape(0));
            Span<T> y = context.Writable<T>(output);
            if (spread.Plan is { } plan && !y.IsEmpty)
            {
                Binary.Run(x, bias, y, plan, default(AddOperator<T>), context.Pool);
                context.EndOutput(0, DType, output);
                return;
            }

            for (int i = 0; i < y.Length;)
            {
                T b = bias[i / step % bias.Length];
                for (int end = i + step; i < end; i++)
                    y[i] = x[i] + b;
            }

            context.EndOutput(0, DType, output);
        }
    }
}
