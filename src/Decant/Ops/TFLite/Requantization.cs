using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite;

/// <summary>Makes results of sums of products: adds the bias, scales per channel, adds the zero point, clamps.</summary>
internal sealed class Requantization
{
    private readonly FixedPoint[] _factors;
    private readonly int _zeroPoint;
    private readonly (int Min, int Max) _bounds;
    private readonly DType _output;
    private readonly bool _isLong;

    /// <summary>For a product of input 0 (or another) and weights.</summary>
    /// <param name="request">The node.</param>
    /// <param name="input">The number of the activations.</param>
    /// <param name="weights">The number of the weights.</param>
    /// <param name="isFloatProduct">Whether one scale of the weights is multiplied in float, as in FULLY_CONNECTED.</param>
    public Requantization(KernelRequest request, int input, int weights, bool isFloatProduct)
    {
        QuantParams output = request.OutputQuant();
        float x = request.InputQuant(input).Scale;
        float[] scales = request.Scales(weights) is { Length: > 0 } given ? given : [1];
        _output = request.OutputType();
        _zeroPoint = output.ZeroPoint;
        _bounds = Quantizing.Clamp(_output, output, request.Activation());
        _factors = [.. scales.Select(w => isFloatProduct && scales.Length == 1
            ? Quantizing.Factor(x, w, output.Scale) : FixedPoint.Of((double)x * w / output.Scale))];
        _isLong = request.InputType(input) == DType.Int16;
    }

    /// <summary>How TensorFlow Lite rounds the results of CONV_2D, with or without groups, and DEPTHWISE_CONV_2D.</summary>
    public static Rounding OfConvolution(DType input, bool isDepthwise, bool isGrouped) =>
        isDepthwise ? input == DType.Int8 ? Rounding.HalfUpInEights : Rounding.AwayFromZero : isGrouped ? Rounding.AwayFromZero : Rounding.HalfUp;

    /// <summary>The number of channels that have a scale of their own; 1 for one scale of all.</summary>
    public int Channels => _factors.Length;

    /// <summary>Whether sums have 64 bits: those of 16-bit activations without a bias of 32 bits.</summary>
    public bool IsLong(Tensor? bias) => _isLong && bias is not { DType: DType.Int32 };

    /// <summary>The same for the kernels of packed weights.</summary>
    public Requantizer Vector(KernelContext context, Tensor? bias, int channels, Rounding rounding, ActivationForm form, WeightSums weights)
    {
        int[] addends = [.. (Biases(context, bias, channels) ?? []).Select(b => unchecked((int)b))];
        return new Requantizer(_factors, addends, Output(rounding), form, weights);
    }

    /// <summary>The same for sums of 64 bits.</summary>
    public LongRequantizer Long(KernelContext context, Tensor? bias, int channels, WeightSums weights) => new(_factors, Biases(context, bias, channels) ?? [], Output(Rounding.AwayFromZero), weights);

    /// <summary>Where results go.</summary>
    /// <param name="context">The run.</param>
    /// <param name="output">The results.</param>
    /// <param name="bias">A bias per channel, or null.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="rounding">
    /// How sums of 8-bit products are rounded: as in TensorFlow Lite's matrix products, which convolutions without groups and
    /// FULLY_CONNECTED go through, as in its depthwise convolution, or half away from zero. Those of 16-bit activations are rounded in one way.
    /// </param>
    public Sink Into(KernelContext context, Tensor output, Tensor? bias, int channels, Rounding rounding) =>
        new(this, output, Biases(context, bias, channels), IsLong(bias), channels, Effective(rounding));

    private Rounding Effective(Rounding rounding) => _isLong ? Rounding.AwayFromZero : rounding;

    private QuantizedOutput Output(Rounding rounding) => new(Quantizing.Kind(_output), _zeroPoint, _bounds.Min, _bounds.Max, Effective(rounding));

    private long[]? Biases(KernelContext context, Tensor? bias, int channels)
    {
        if (bias is not null && (bias.ElementCount != channels || bias.DType is not (DType.Int32 or DType.Int64)))
            throw context.Fail($"has the bias {bias}, expected {channels} integers");
        if (_factors.Length > 1 && _factors.Length != channels)
            throw context.Fail($"has {_factors.Length} scales for {channels} channels");
        long[]? biases = bias is null ? null : new long[channels];
        for (int i = 0; i < biases?.Length; i++)
            biases[i] = bias!.DType == DType.Int32 ? bias.Span<int>()[i] : bias.Span<long>()[i];
        return biases;
    }

    /// <summary>Stores results of one run.</summary>
    public readonly struct Sink(Requantization owner, Tensor output, long[]? bias, bool isLong, int channels, Rounding rounding) : IIntegerSink
    {
        public void Store(long position, int channel, long sum)
        {
            if (bias is not null)
                sum += bias[channel];
            FixedPoint factor = owner._factors.Length == 1 ? owner._factors[0] : owner._factors[channel];
            int scaled = isLong ? factor.Times(sum) : factor.Times((int)sum, rounding, channel, channels);
            int value = Math.Clamp(scaled + owner._zeroPoint, owner._bounds.Min, owner._bounds.Max);
            switch (owner._output)
            {
                case DType.Int8:
                    output.Mutable<sbyte>()[(int)position] = (sbyte)value;
                    break;
                case DType.UInt8:
                    output.Mutable<byte>()[(int)position] = (byte)value;
                    break;
                case DType.Int16:
                    output.Mutable<short>()[(int)position] = (short)value;
                    break;
                default:
                    output.Mutable<int>()[(int)position] = value;
                    break;
            }
        }
    }
}
