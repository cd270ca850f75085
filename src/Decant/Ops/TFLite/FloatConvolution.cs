using System.Runtime.InteropServices;
using Decant.Kernels.Conv;
using Decant.Kernels.Copy;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Gemm;
using Decant.Kernels.Threading;
using Decant.Ops.NN;

namespace Decant.Ops.TFLite;

/// <summary>CONV_2D and DEPTHWISE_CONV_2D of floats, on the kernels of TensorFlow's convolutions.</summary>
internal sealed class FloatConvolution : Kernel
{
    /// <summary>Attributes that no file has, by which the engine tells what it has joined: the inputs that are named after them, and the hard swish.</summary>
    public const string Residual = "joined_residual", Slopes = "joined_slopes", Swish = "joined_swish";

    public const int ResidualInput = 3, SlopesInput = 4;

    private readonly WindowRule _rule;
    private readonly bool _isDepthwise;
    private readonly bool _hasBias;
    private readonly bool _hasResidual;
    private readonly bool _hasSlopes;
    private readonly bool _hasSwish;
    private readonly string _activation;
    private readonly Weights _weights;
    private (int Groups, ConvFilter Filter)? _packed;

    public FloatConvolution(KernelRequest request, bool isDepthwise)
    {
        (_rule, _isDepthwise, _hasBias, _activation) = (WindowOptions.Rule(request), isDepthwise, request.HasInput(2), request.Activation());
        (_hasResidual, _hasSlopes, _hasSwish) = (request.Attributes.Has(Residual), request.Attributes.Has(Slopes), request.Attributes.Has(Swish));
        _weights = new Weights(request, 1);
    }

    public override bool Reads(int input) => input != 1 || _isDepthwise || !(_weights.IsConstant || _weights.Once is not null);

    public override bool MayOverwrite(int input) => input == ResidualInput;

    /// <summary>Whether the kernels have the activation, or there is none.</summary>
    public static bool IsFused(string activation) => activation == "NONE" || Fused(activation) != Activation.None;

    /// <summary>The kernels' own activation, where they have it; the rest is applied afterwards.</summary>
    public static Activation Fused(string activation) => activation switch
    {
        "RELU" => Activation.Relu,
        "RELU6" => Activation.Relu6,
        "RELU_N1_TO_1" => Activation.ReluN1To1,
        _ => Activation.None,
    };

    /// <summary>A filter [out, height, width, in] as [height, width, in, out].</summary>
    public static float[] ToHwio(ReadOnlySpan<float> filter, Shape shape)
    {
        int outputs = (int)shape[0], inner = outputs == 0 ? 0 : filter.Length / outputs;
        float[] hwio = GC.AllocateUninitializedArray<float>(filter.Length);
        StridedCopy.Run(MemoryMarshal.AsBytes(filter), 0, [1, inner], MemoryMarshal.AsBytes(hwio.AsSpan()), 0, [outputs, 1], [inner, outputs], sizeof(float), WorkerPool.Shared);
        return hwio;
    }

    public override void Run(KernelContext context)
    {
        Sizes sizes = context.Derived(this, static (kernel, c) => kernel.Derive(c));
        ReadOnlySpan<float> bias = _hasBias && sizes.Output[3] > 0 ? Bias(context, 2, (int)sizes.Output[3]) : default;
        ReadOnlySpan<float> residual = _hasResidual ? context.Input(ResidualInput).Span<float>() : default;
        var epilogue = new Epilogue<float>(bias, Fused(_activation), residual)
        {
            Slopes = _hasSlopes ? context.Input(SlopesInput).Span<float>() : default,
            Swish = _hasSwish ? (3, 1f / 6) : default,
        };
        if (sizes.Broadcast is { } broadcast)
        {
            Span<float> product = context.Writable<float>(context.Scratch(DType.Float32, sizes.Output));
            Convolve(context, sizes, product, new Epilogue<float>(bias));
            Span<float> sum = context.Writable<float>(context.Allocate(0, DType.Float32, sizes.Sum));
            Kernels.Elementwise.Binary.Run(product, residual, sum, broadcast, default(AddOperator<float>), context.Pool);
            EpilogueTail.Apply(sum, epilogue, context.Pool);
            return;
        }

        Tensor output = context.Allocate(0, DType.Float32, sizes.Output);
        if (output.ElementCount == 0)
            return;
        if (_weights.Once is { } read && !_isDepthwise && sizes.Convolution.Groups == 1)
            WeightBlocks.Convolution(context, read(), sizes.Convolution, output, epilogue.Activation, _hasBias ? 2 : -1);
        else
            Convolve(context, sizes, context.Writable<float>(output), epilogue);
        if (!IsFused(_activation))
            Activated.Apply(_activation, context.Writable<float>(output));
    }

    private void Convolve(KernelContext context, Sizes sizes, Span<float> y, in Epilogue<float> epilogue)
    {
        ReadOnlySpan<float> x = context.Input(0).Span<float>();
        if (_isDepthwise)
            Depthwise.Run(x, context.Input(1).Span<float>(), y, sizes.Depthwise, epilogue, context.Pool);
        else if (_weights.Once?.Invoke() is { } whole)
            Convolution.Run(x, ToHwio(whole.Span<float>(), whole.Shape), y, sizes.Convolution, epilogue, context.Pool);
        else if (_weights.IsConstant)
            Convolution.Run(x, Packed(context, sizes.Convolution), y, sizes.Convolution, epilogue, context.Pool);
        else
            Convolution.Run(x, ToHwio(context.Input(1).Span<float>(), context.Shape(1)), y, sizes.Convolution, epilogue, context.Pool);
    }

    /// <summary>A bias, with one value per output channel.</summary>
    public static ReadOnlySpan<float> Bias(KernelContext context, int input, int channels)
    {
        ReadOnlySpan<float> bias = context.Input(input).Span<float>();
        return bias.Length == channels ? bias : throw context.Fail($"has {bias.Length} biases, expected {channels}");
    }

    private float[] Plain() => _weights.Again() is var filter ? ToHwio(filter.Span<float>(), filter.Shape) : [];

    private Sizes Derive(KernelContext context)
    {
        Shape filter = _weights.Shape ?? context.Shape(1), input = context.Shape(0);
        WindowGeometry geometry = _isDepthwise ? WindowOptions.Depthwise(_rule, context.Node, input, filter) : WindowOptions.Geometry(_rule, context.Node, input, filter);
        if (geometry.Output.TryElementCount(out long count) && count == 0)
            return new Sizes(geometry.Output, default, default);
        if (_isDepthwise)
            return new Sizes(geometry.Output, default, geometry.Depthwise());
        Shape residual = _hasResidual ? context.Shape(ResidualInput) : geometry.Output;
        return new Sizes(geometry.Output, geometry.Convolution(input[3] / filter[3]), default)
        {
            Sum = Broadcasting.Of(context, geometry.Output, residual),
            Broadcast = residual != geometry.Output ? BroadcastPlan.Create(geometry.Output.Dims, residual.Dims) : null,
        };
    }

    private ConvFilter Packed(KernelContext context, in ConvGeometry geometry)
    {
        if (_packed is not { } packed || packed.Groups != geometry.Groups)
            _packed = packed = (geometry.Groups, Pack(context, geometry));

        return packed.Filter;
    }

    private ConvFilter Pack(KernelContext context, ConvGeometry geometry) =>
        _weights.Packed(context, ConvFilter.FormFor(geometry), filter => ConvFilter.Pack(ToHwio(filter.Span<float>(), filter.Shape), geometry, Plain), static filter => filter.Bytes);

    private sealed record Sizes(Shape Output, ConvGeometry Convolution, DepthwiseGeometry Depthwise)
    {
        /// <summary>How the output and a residual of another shape are added, and what shape the sum has.</summary>
        public BroadcastPlan? Broadcast { get; init; }

        public Shape Sum { get; init; }
    }
}
