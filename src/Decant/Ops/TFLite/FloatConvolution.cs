using System.Runtime.InteropServices;
using Decant.Kernels.Conv;
using Decant.Kernels.Copy;
using Decant.Kernels.Gemm;
using Decant.Kernels.Threading;
using Decant.Ops.NN;

namespace Decant.Ops.TFLite;

/// <summary>CONV_2D and DEPTHWISE_CONV_2D of floats, on the kernels of TensorFlow's convolutions.</summary>
internal sealed class FloatConvolution : Kernel
{
    private readonly WindowRule _rule;
    private readonly bool _isDepthwise;
    private readonly bool _hasBias;
    private readonly string _activation;
    private readonly Weights _weights;
    private (int Groups, ConvFilter Filter)? _packed;

    public FloatConvolution(KernelRequest request, bool isDepthwise)
    {
        (_rule, _isDepthwise, _hasBias, _activation) = (WindowOptions.Rule(request), isDepthwise, request.HasInput(2), request.Activation());
        _weights = new Weights(request, 1);
    }

    public override bool Reads(int input) => input != 1 || _isDepthwise || !(_weights.IsConstant || _weights.Once is not null);

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
        Tensor output = context.Allocate(0, DType.Float32, sizes.Output);
        Span<float> y = context.Writable<float>(output);
        if (y.IsEmpty)
            return;
        ReadOnlySpan<float> x = context.Input(0).Span<float>();
        ReadOnlySpan<float> bias = _hasBias ? Bias(context, 2, (int)sizes.Output[3]) : default;
        var epilogue = new Epilogue<float>(bias, Fused(_activation));
        if (_isDepthwise)
            Depthwise.Run(x, context.Input(1).Span<float>(), y, sizes.Depthwise, epilogue, context.Pool);
        else if (_weights.Once is { } read && sizes.Convolution.Groups == 1)
            WeightBlocks.Convolution(context, read(), sizes.Convolution, output, epilogue.Activation, _hasBias ? 2 : -1);
        else if (_weights.Once?.Invoke() is { } whole)
            Convolution.Run(x, ToHwio(whole.Span<float>(), whole.Shape), y, sizes.Convolution, epilogue, context.Pool);
        else if (_weights.IsConstant)
            Convolution.Run(x, Packed(context, sizes.Convolution), y, sizes.Convolution, epilogue, context.Pool);
        else
            Convolution.Run(x, ToHwio(context.Input(1).Span<float>(), context.Shape(1)), y, sizes.Convolution, epilogue, context.Pool);
        if (Fused(_activation) == Activation.None)
            Activated.Apply(_activation, y);
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
        return _isDepthwise ? new Sizes(geometry.Output, default, geometry.Depthwise()) : new Sizes(geometry.Output, geometry.Convolution(input[3] / filter[3]), default);
    }

    private ConvFilter Packed(KernelContext context, in ConvGeometry geometry)
    {
        if (_packed is not { } packed || packed.Groups != geometry.Groups)
            _packed = packed = (geometry.Groups, Pack(context, geometry));

        return packed.Filter;
    }

    private ConvFilter Pack(KernelContext context, ConvGeometry geometry) =>
        _weights.Packed(context, ConvFilter.FormFor(geometry), filter => ConvFilter.Pack(ToHwio(filter.Span<float>(), filter.Shape), geometry, Plain), static filter => filter.Bytes);

    private sealed record Sizes(Shape Output, ConvGeometry Convolution, DepthwiseGeometry Depthwise);
}
