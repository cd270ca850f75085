using System.Numerics;
using Decant.Ops.Arrays;

namespace Decant.Ops.Quantized;

/// <summary>Passes the gradient where the input (input 1) lay within the range (inputs 2 and 3, per slice of an axis); the range's own gradients are 0.</summary>
internal sealed class QuantizeAndDequantizeV4Grad() : Op("QuantizeAndDequantizeV4Grad"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        context.Set(0, context.Input(0).DType, context.Shape(0));
        context.Set(1, context.Input(0).DType, context.Shape(2));
        context.Set(2, context.Input(0).DType, context.Shape(3));
    }

    public Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.ElementType();
        return NumberKernel.Of(request, dtype, new Code(request.Attributes.Int("axis"), dtype));
    }

    private sealed record Code(long Axis, DType DType) : IFloatKernel
    {
        public void Run<T>(KernelContext context)
            where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            Shape shape = context.Shape(0);
            if (shape != context.Shape(1) || Axis < -1 || Axis >= shape.Rank)
                throw context.Fail($"has gradients {shape} for an input {context.Shape(1)} with axis {Axis}, expected equal shapes and an axis of them or -1");
            int slices = Axis < 0 ? 1 : (int)shape[(int)Axis];
            int run = Axis < 0 ? (int)shape.ElementCount : Axes.Product(shape, (int)Axis + 1, shape.Rank);
            if (context.Input(2).ElementCount != slices || context.Input(3).ElementCount != slices)
                throw context.Fail($"has a range of {context.Input(2)} and {context.Input(3)}, expected {slices} elements each");
            ReadOnlySpan<T> gradients = context.WorkInput(0).Span<T>(), x = context.WorkInput(1).Span<T>();
            ReadOnlySpan<T> min = context.WorkInput(2).Span<T>(), max = context.WorkInput(3).Span<T>();
            Tensor output = context.BeginOutput(0, DType, shape);
            Span<T> y = context.Writable<T>(output);
            for (int i = 0; i < y.Length; i++)
            {
                int slice = i / run % slices;
                y[i] = x[i] >= min[slice] && x[i] <= max[slice] ? gradients[i] : T.Zero;
            }

            context.EndOutput(0, DType, output);
            for (int port = 1; port < 3; port++)
            {
                Tensor zero = context.BeginOutput(port, DType, context.Shape(port + 1));
                context.Writable<T>(zero).Clear();
                context.EndOutput(port, DType, zero);
            }
        }
    }
}
