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
            WindowGeometry geometry = PoolRule.Geometry(options, 2, context.Shape(0));
            ReadOnlySpan<float> x = context.Input(0).Span<float>();
            Span<float> y = context.Output<float>(0, geometry.Output);
            if (y.IsEmpty)
                return;
            PoolGeometry g = geometry.Pool();
            for (int i = 0; i < y.Length; i++)
            {
                float sum = 0;
                int count = 0;
                foreach (int at in Window(g, i))
                {
                    sum += x[at] * x[at];
                    count++;
                }

                y[i] = MathF.Sqrt(sum / Math.Max(1, count));
            }

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

    /// <summary>The elements of the input in the window of an element of the output.</summary>
    private static IEnumerable<int> Window(PoolGeometry g, int output)
    {
        int c = output % g.Channels, pixel = output / g.Channels;
        int ox = pixel % g.Width.Output, oy = pixel / g.Width.Output % g.Height.Output, n = pixel / g.Width.Output / g.Height.Output;
        for (int ky = 0; ky < g.Height.Kernel; ky++)
        {
            int iy = (oy * g.Height.Stride) - g.Height.PadBefore + ky;
            if ((uint)iy >= (uint)g.Height.Input)
                continue;
            for (int kx = 0; kx < g.Width.Kernel; kx++)
            {
                int ix = (ox * g.Width.Stride) - g.Width.PadBefore + kx;
                if ((uint)ix < (uint)g.Width.Input)
                    yield return ((((n * g.Height.Input) + iy) * g.Width.Input + ix) * g.Channels) + c;
            }
        }
    }
}
