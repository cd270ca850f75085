using Decant.Kernels.Elementwise;
using Decant.Kernels.Threading;

namespace Decant.Ops.TFLite;

/// <summary>Applies a fused activation to the float or integer results of a kernel, in place.</summary>
internal sealed class Activated : Kernel
{
    /// <summary>The attribute with the name of the activation.</summary>
    public const string Attribute = "fused_activation_function";

    private readonly Kernel _kernel;
    private readonly string _activation;
    private Catching? _last;

    private Activated(Kernel kernel, string activation) => (_kernel, _activation) = (kernel, activation);

    public static Kernel Of(KernelRequest request, Kernel kernel) => request.Activation() is "NONE" ? kernel : new Activated(kernel, request.Activation());

    public override bool MayOverwrite(int input) => _kernel.MayOverwrite(input);

    public override bool Reads(int input) => _kernel.Reads(input);

    public override void Run(KernelContext context)
    {
        // Planned runs come with the same context each time.
        Catching caught = _last is { } last && last.Wraps(context) ? last : new Catching(context);
        _last = caught;
        caught.Begin();
        _kernel.Run(caught);
        if (caught.Output is { } output)
            Apply(context, output);
    }

    /// <summary>Applies the activation to elements; without a pool on this thread alone.</summary>
    public static void Apply(string activation, Span<float> y, WorkerPool? pool = null)
    {
        switch (activation)
        {
            case "TANH":
                for (int i = 0; i < y.Length; i++)
                    y[i] = MathF.Tanh(y[i]);
                break;
            case "SIGN_BIT":
                for (int i = 0; i < y.Length; i++)
                    y[i] = float.IsNegative(y[i]) ? 1 : 0;
                break;
            case "RELU":
                Unary.Run(y, y, default(ReluOperator<float>), pool ?? WorkerPool.Inline);
                break;
            case "RELU6":
                Unary.Run(y, y, default(Relu6Operator<float>), pool ?? WorkerPool.Inline);
                break;
            case "RELU_N1_TO_1":
                Unary.Run(y, y, default(ReluN1To1Operator<float>), pool ?? WorkerPool.Inline);
                break;
        }
    }

    /// <summary>The bounds of the activations that only clamp.</summary>
    public static (float Low, float High) Bounds(string activation) => activation switch
    {
        "RELU" => (0, float.PositiveInfinity),
        "RELU6" => (0, 6),
        "RELU_N1_TO_1" => (-1, 1),
        _ => (float.NegativeInfinity, float.PositiveInfinity),
    };

    private void Apply(KernelContext context, Tensor output)
    {
        (float low, float high) = Bounds(_activation);
        switch (output.DType)
        {
            case DType.Float32:
                Apply(_activation, context.Writable<float>(output), context.Pool);
                break;
            case DType.Float16:
                foreach (ref Half x in context.Writable<Half>(output))
                    x = (Half)Math.Clamp((float)x, low, high);
                break;
            case DType.Int32:
                foreach (ref int x in context.Writable<int>(output))
                    x = (int)Math.Clamp((double)x, low, high);
                break;
            case DType.Int64:
                foreach (ref long x in context.Writable<long>(output))
                    x = low > x ? (long)low : high < x ? (long)high : x;
                break;
            case DType.Int16:
                foreach (ref short x in context.Writable<short>(output))
                    x = (short)Math.Clamp((float)x, low, high);
                break;
            default:
                throw context.Fail($"has the fused activation {_activation} on {output}, expected floats or integers");
        }
    }

    private sealed class Catching(KernelContext inner) : ContextWrapper(inner)
    {
        public Tensor? Output { get; private set; }

        public void Begin() => Output = null;

        public override Tensor Allocate(int port, DType dtype, Shape shape)
        {
            Tensor made = Inner.Allocate(port, dtype, shape);
            return port == 0 ? Output = made : made;
        }

        public override T Derived<TKernel, T>(TKernel own, Func<TKernel, KernelContext, T> derive, uint values = 0) => Inner.Derived(own, derive, values);
    }
}
