using Decant.Kernels.Conv;
using Decant.Kernels.Quantized;
using Decant.Ops.NN;

namespace Decant.Ops.TFLite;

/// <summary>CONV_2D and DEPTHWISE_CONV_2D of integers, or of floats that are quantized per batch, with constant weights, packed once.</summary>
internal sealed class PackedConvolution : Kernel
{
    private readonly WindowRule _rule;
    private readonly bool _isDepthwise;
    private readonly PackedWeights _weights;
    private readonly PackedFinish _finish;
    private readonly HybridOnce? _once;
    private IntegerMatrix[]? _dense;
    private IntegerDepthwiseFilter? _depthwise;

    public PackedConvolution(KernelRequest request, bool isDepthwise)
    {
        (_rule, _isDepthwise) = (WindowOptions.Rule(request), isDepthwise);
        _weights = new PackedWeights(request);
        _finish = new PackedFinish(request, isFloatProduct: false);
        _once = request.RunsOnce && !isDepthwise && request.InputType(0) == DType.Float32 ? new HybridOnce(request) : null;
    }

    public override bool Reads(int input) => input != 1;

    public override void Run(KernelContext context)
    {
        Sizes sizes = context.Derived(this, static (kernel, c) => kernel.Derive(c));
        Tensor output = context.Allocate(0, _finish.OutputType, sizes.Output);
        if (output.ElementCount == 0)
            return;
        if (_once is not null && sizes.Dense is { IsProduct: true, OutputPixels: <= HybridOnce.MostRows } product)
        {
            _once.Multiply(context, output, (int)product.OutputPixels, product.InChannels, product.OutChannels, product.Batch, _finish.IsPerChannel);
            return;
        }

        Rounding rounding = Requantization.OfConvolution(context.Input(0).DType, _isDepthwise, sizes.Dense.Groups > 1);
        if (sizes.IsDepthwise)
        {
            _depthwise ??= IntegerDepthwiseFilter.Pack(_weights.Read(), _weights.IsSigned, _weights.ZeroPoint, sizes.Depthwise, _weights.IsWide);
            _finish.Prepare(context, sizes.Dense.OutChannels, rounding, _depthwise.Weights);
            _finish.Run(context, output, _depthwise, sizes.Depthwise, isAsymmetric: true);
            return;
        }

        if (_dense is not { } packed || !IntegerConv.IsPackedFor(packed, sizes.Dense))
        {
            _dense = packed = IntegerConv.Pack(_isDepthwise ? OutputsFirst(_weights.Read(), sizes.Dense) : _weights.Read(), _weights.IsSigned, _weights.ZeroPoint, sizes.Dense, _weights.IsWide);
            _finish.Reset();
        }

        _finish.Prepare(context, sizes.Dense.OutChannels, rounding, packed);
        _finish.Run(context, output, packed, sizes.Dense, isAsymmetric: _isDepthwise || _finish.IsPerChannel);
    }

    // [height, width, channels * multiplier] as [channels * multiplier, height, width].
    private static byte[] OutputsFirst(ReadOnlySpan<byte> filter, in ConvGeometry g)
    {
        byte[] first = new byte[filter.Length];
        for (int i = 0; i < filter.Length; i++)
            first[(i % g.OutChannels * g.Taps) + (i / g.OutChannels)] = filter[i];
        return first;
    }

    private Sizes Derive(KernelContext context)
    {
        Shape filter = _weights.Shape, input = context.Shape(0);
        WindowGeometry geometry = _isDepthwise ? WindowOptions.Depthwise(_rule, context.Node, input, filter) : WindowOptions.Geometry(_rule, context.Node, input, filter);
        if (geometry.Output.TryElementCount(out long count) && count == 0)
            return new Sizes(geometry.Output, default, default, false);
        if (!_isDepthwise)
            return new Sizes(geometry.Output, geometry.Convolution(input[3] / filter[3]), default, false);

        // Where a channel of the input has several of the output, each is a group.
        DepthwiseGeometry depthwise = geometry.Depthwise();
        return new Sizes(geometry.Output, ConvGeometry.Create2D(depthwise.Batch, depthwise.Height, depthwise.Width, depthwise.Channels, depthwise.OutChannels, depthwise.Channels), depthwise, IntegerDepthwise.Takes(depthwise));
    }

    private sealed record Sizes(Shape Output, ConvGeometry Dense, DepthwiseGeometry Depthwise, bool IsDepthwise);
}
