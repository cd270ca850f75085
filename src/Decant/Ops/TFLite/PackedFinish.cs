using System.Runtime.InteropServices;
using Decant.Kernels.Conv;
using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite;

/// <summary>Runs packed kernels: quantizes float activations first, and makes the results of the sums.</summary>
internal sealed class PackedFinish
{
    private readonly Requantization? _requantization;
    private readonly float[] _scales = [];
    private readonly ActivationForm _form;
    private readonly bool _hasBias;
    private readonly (float Low, float High) _bounds;
    private WeightSums? _weights;
    private Requantizer? _requantizer;
    private LongRequantizer? _long;

    /// <summary>For activations that are input 0, weights that are input 1 and a bias, if any, that is input 2.</summary>
    /// <param name="request">The node.</param>
    /// <param name="isFloatProduct">Whether one scale of the weights is multiplied in float, as in FULLY_CONNECTED.</param>
    public PackedFinish(KernelRequest request, bool isFloatProduct)
    {
        DType input = request.InputType(0);
        (_hasBias, OutputType, _bounds) = (request.HasInput(2), request.OutputType(), Activated.Bounds(request.Activation()));
        _form = new ActivationForm(Quantizing.Kind(input), input is DType.Int8 or DType.UInt8 ? request.InputQuant(0).ZeroPoint : 0);
        if (input == DType.Float32)
            (OutputType, _scales) = (DType.Float32, HybridSink.Scales(request, 1));
        else
            _requantization = new Requantization(request, 0, 1, isFloatProduct);
    }

    public DType OutputType { get; }

    /// <summary>Whether float activations meet weights with a scale per channel.</summary>
    public bool IsPerChannel => _scales.Length > 1;

    /// <summary>Whether the type of results is one that packed kernels store.</summary>
    public static bool Takes(KernelRequest request) => request.InputType(0) == DType.Float32 || request.OutputType() is DType.Int8 or DType.UInt8 or DType.Int16;

    /// <summary>Says that weights were packed anew.</summary>
    public void Reset() => _weights = null;

    public void Prepare(KernelContext context, int channels, Rounding rounding, IntegerMatrix[] groups)
    {
        if (_weights is null)
            Prepare(context, channels, rounding, WeightSums.Of(groups));
    }

    /// <summary>What is made once: factors, and biases with the weights' part of the zero points.</summary>
    /// <param name="context">A run.</param>
    /// <param name="channels">Channels of the output.</param>
    /// <param name="rounding">How results are rounded.</param>
    /// <param name="weights">What is known of the packed weights.</param>
    public void Prepare(KernelContext context, int channels, Rounding rounding, WeightSums weights)
    {
        if (_weights is not null)
            return;
        Tensor? bias = _hasBias ? context.Input(2) : null;
        if (_requantization is null)
        {
            if (_scales.Length > 1 && _scales.Length != channels)
                throw context.Fail($"has {_scales.Length} scales for {channels} channels");
            if (_hasBias)
                FloatConvolution.Bias(context, 2, channels);
        }
        else if (_requantization.IsLong(bias))
            _long = _requantization.Long(context, bias, channels, weights);
        else
            _requantizer = _requantization.Vector(context, bias, channels, rounding, _form, weights);
        _weights = weights;
    }

    public void Run(KernelContext context, Tensor output, IntegerMatrix[] groups, in ConvGeometry geometry, bool isAsymmetric)
    {
        Tensor input = context.Input(0);
        if (_requantization is null)
        {
            HybridBytes rows = HybridBytes.Of(context, input, geometry.Batch, isAsymmetric);
            IntegerConv.RunHybrid(rows.Values, rows.ZeroPoints, rows.Scales, geometry, groups, Finish(context), context.Writable<float>(output), context.Pool);
        }
        else if (_long is not null)
            IntegerConv.Run(input.Span<short>(), geometry, groups, _long, Bytes(output), context.Pool);
        else
            IntegerConv.Run(input.Data.Span, _form, geometry, groups, _requantizer!, Bytes(output), context.Pool);
    }

    public void Run(KernelContext context, Tensor output, IntegerDepthwiseFilter filter, in DepthwiseGeometry geometry, bool isAsymmetric)
    {
        Tensor input = context.Input(0);
        if (_requantization is null)
        {
            HybridBytes rows = HybridBytes.Of(context, input, geometry.Batch, isAsymmetric);
            IntegerDepthwise.RunHybrid(rows.Values, rows.ZeroPoints, rows.Scales, geometry, filter, Finish(context), context.Writable<float>(output), context.Pool);
        }
        else if (_long is not null)
            IntegerDepthwise.Run(input.Span<short>(), geometry, filter, _long, Bytes(output), context.Pool);
        else
            IntegerDepthwise.Run(input.Data.Span, _form, geometry, filter, _requantizer!, Bytes(output), context.Pool);
    }

    private static Span<byte> Bytes(Tensor output) => output.Data.AsMutable<byte>();

    private HybridFinish Finish(KernelContext context) => new(_weights!, _scales, _hasBias ? context.Input(2).Span<float>() : default, _bounds.Low, _bounds.High);
}
