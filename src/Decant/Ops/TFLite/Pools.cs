using Decant.IR;
using Decant.Kernels.Conv;
using Decant.Kernels.Pool;
using Decant.Kernels.Quantized;
using Decant.Ops.NN;

namespace Decant.Ops.TFLite;

/// <summary>Pools over windows: the kernels of TensorFlow for floats, loops over integers.</summary>
internal static class Pools
{
    public static Kernel Prepare(KernelRequest request, bool isMax)
    {
        Node options = WindowOptions.TensorFlowNode(request, isMax ? "MaxPool" : "AvgPool");
        if (request.InputType(0) is DType.Float32 or DType.Float16)
        {
            Translation translation = new Translation(request, isMax ? "MaxPool" : "AvgPool").In(0).Type("T", 0);
            foreach ((string name, AttrValue value) in options.Attributes)
            {
                if (name != "dilations")
                    translation.Set(name, value);
            }

            return Activated.Of(request, translation.Prepare());
        }

        (int low, int high) = Quantizing.Clamp(request.OutputType(), request.OutputQuant(), request.Activation());
        return Kernel.Of(context => Run(context, options, isMax, low, high));
    }

    /// <summary>L2_POOL_2D: the square root of the mean of squares.</summary>
    public static Kernel PrepareL2(KernelRequest request)
    {
        Node options = WindowOptions.TensorFlowNode(request, "AvgPool");
        string activation = request.Activation();
        return Kernel.Of(context =>
        {
            WindowGeometry geometry = context.Derived(options, static (node, c) => PoolRule.Geometry(node, 2, c.Shape(0)));
            ReadOnlySpan<float> x = context.Input(0).Span<float>();
            Span<float> y = context.Output<float>(0, geometry.Output);
            if (y.IsEmpty)
                return;
            PoolGeometry g = geometry.Pool();
            for (int i = 0; i < y.Length; i++)
                y[i] = Root(x, g, i);
            Activated.Apply(activation, y);
        });
    }

    private static void Run(KernelContext context, Node options, bool isMax, int low, int high)
    {
        WindowGeometry geometry = context.Derived(options, static (node, c) => PoolRule.Geometry(node, 2, c.Shape(0)));
        Tensor input = context.Input(0), output = context.Allocate(0, input.DType, geometry.Output);
        if (output.ElementCount == 0)
            return;
        switch (input.DType)
        {
            case DType.Int8:
                IntegerPool.Run(input.Span<sbyte>(), context.Writable<sbyte>(output), geometry.Pool(), isMax, low, high, context.Pool);
                break;
            case DType.UInt8:
                IntegerPool.Run(input.Span<byte>(), context.Writable<byte>(output), geometry.Pool(), isMax, low, high, context.Pool);
                break;
            case DType.Int16:
                IntegerPool.Run(input.Span<short>(), context.Writable<short>(output), geometry.Pool(), isMax, low, high, context.Pool);
                break;
            default:
                throw context.Fail($"pools {input}, expected floats or integers of 8 or 16 bits");
        }
    }

    /// <summary>The square root of the mean of the squares that are in the window of an element of the output.</summary>
    private static float Root(ReadOnlySpan<float> x, in PoolGeometry g, int output)
    {
        int c = output % g.Channels, pixel = output / g.Channels;
        int ox = pixel % g.Width.Output, oy = pixel / g.Width.Output % g.Height.Output, n = pixel / g.Width.Output / g.Height.Output;
        (int top, int bottom) = Inside(g.Height, oy);
        (int left, int right) = Inside(g.Width, ox);
        float sum = 0;
        for (int iy = top; iy < bottom; iy++)
        {
            for (int ix = left; ix < right; ix++)
            {
                float value = x[((((n * g.Height.Input) + iy) * g.Width.Input + ix) * g.Channels) + c];
                sum += value * value;
            }
        }

        return MathF.Sqrt(sum / Math.Max(1, Math.Max(0, bottom - top) * Math.Max(0, right - left)));
    }

    /// <summary>The part of a window that is inside of the input.</summary>
    private static (int First, int End) Inside(in WindowAxis axis, int output)
    {
        int first = (output * axis.Stride) - axis.PadBefore;
        return (Math.Max(0, first), Math.Min(axis.Input, first + axis.Kernel));
    }
}
