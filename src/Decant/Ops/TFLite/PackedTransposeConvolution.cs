using Decant.Kernels.Conv;
using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite;

/// <summary>TRANSPOSE_CONV of integers with constant weights, packed once; what the packed kernel does not take is computed plainly.</summary>
internal sealed class PackedTransposeConvolution(KernelRequest request, string padding, (int H, int W) strides) : Kernel
{
    private const int Bias = 3;

    private readonly PackedWeights _weights = new(request, activations: 2);
    private readonly IntegerWeights _plain = new(request, 1);
    private readonly Requantization _requantization = new(request, 2, 1, isFloatProduct: false);
    private readonly ActivationForm _form = new(Quantizing.Kind(request.InputType(2)), request.InputType(2) == DType.Int16 ? 0 : request.InputQuant(2).ZeroPoint);
    private readonly DType _output = request.OutputType();
    private readonly bool _hasBias = request.HasInput(Bias);
    private IntegerMatrix[]? _packed;
    private Requantizer? _requantizer;
    private LongRequantizer? _long;

    public override void Run(KernelContext context)
    {
        Sizes sizes = context.Derived(this, static (kernel, c) => kernel.Derive(c), values: 1u << 0);
        Tensor output = context.Allocate(0, _output, sizes.Output), x = context.Input(2);
        ConvGeometry g = sizes.Geometry;
        Span<byte> y = output.Data.AsMutable<byte>();
        if (_packed is null)
            Prepare(context, g);
        if (_requantizer is not null && IntegerTransposeConv.Takes(g))
            IntegerTransposeConv.Run(x.Data.Span, _form, g, _packed!, _requantizer, y, context.Pool);
        else if (_long is { HasShortSums: true } && IntegerTransposeConv.Takes(g))
            IntegerTransposeConv.Run(x.Span<short>(), g, _packed!, _long, y, context.Pool);
        else
            TransposeConvolution.Plain(context, output, g, _requantization, Shorts.Of(x, _form.ZeroPoint), _plain.Read(context), _hasBias);
    }

    private Sizes Derive(KernelContext context)
    {
        ConvGeometry geometry = TransposeConvolution.Geometry(context, context.Shape(1), padding, strides.H, strides.W, out Shape output);
        return new Sizes(geometry, output);
    }

    private void Prepare(KernelContext context, in ConvGeometry g)
    {
        _packed = IntegerTransposeConv.Pack(_weights.Read(), _weights.IsSigned, _weights.ZeroPoint, g, _weights.IsWide);
        WeightSums sums = IntegerTransposeConv.Weights(_packed, g);
        Tensor? bias = _hasBias ? context.Input(Bias) : null;
        if (_requantization.IsLong(bias))
            _long = _requantization.Long(context, bias, g.InChannels, sums);
        else
            _requantizer = _requantization.Vector(context, bias, g.InChannels, Rounding.AwayFromZero, _form, sums);
    }

    private sealed record Sizes(ConvGeometry Geometry, Shape Output);
}
