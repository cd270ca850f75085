using Decant.Kernels.Conv;
using Decant.Kernels.Quantized;
using Decant.Kernels.Transpose;

namespace Decant.Ops.TFLite;

/// <summary>
/// BATCH_MATMUL of bytes, or of floats that are quantized per row and constant bytes: the matrices on the right are packed, once where they
/// are constant.
/// </summary>
internal sealed class PackedBatchProduct : Kernel
{
    private readonly bool _adjX, _adjY, _isConstant, _isAsymmetric;
    private readonly Requantization? _requantization;
    private readonly float[] _scales = [];
    private readonly ActivationForm _form;
    private readonly (bool IsSigned, int ZeroPoint) _right;
    private readonly DType _output;
    private Packed?[] _packed = [];

    public PackedBatchProduct(KernelRequest request, bool adjX, bool adjY)
    {
        (_adjX, _adjY, _isConstant, _output) = (adjX, adjY, request.ConstantSource(1) is not null, request.OutputType());
        _right = (request.InputType(1) == DType.Int8, request.InputQuant(1).ZeroPoint);
        if (request.InputType(0) == DType.Float32)
        {
            (_scales, _isAsymmetric) = (HybridSink.Scales(request, 1), request.Attributes.Bool("asymmetric_quantize_inputs"));
            return;
        }

        _form = new ActivationForm(Quantizing.Kind(request.InputType(0)), request.InputQuant(0).ZeroPoint);
        _requantization = new Requantization(request, 0, 1, isFloatProduct: true);
    }

    /// <summary>Whether the operands are of these types, and no scale belongs to a channel where TensorFlow Lite gives zeros then.</summary>
    public static bool Takes(KernelRequest request, bool adjX) => request.InputType(0) == DType.Float32
        ? !adjX && request.ConstantSource(1) is not null && request.InputType(1) == DType.Int8 && AreBytes(request, 1)
        : AreBytes(request, 0) && AreBytes(request, 1) && request.OutputType() is DType.Int8 or DType.UInt8 && request.Scales(1).Length <= 1;

    public override void Run(KernelContext context)
    {
        BatchProduct.Layout layout = context.Derived(this, static (kernel, c) => kernel.Derive(c));
        if (_scales.Length > 1 && _scales.Length != layout.N)
            throw context.Fail($"has {_scales.Length} scales for {layout.N} columns");
        Tensor output = context.Allocate(0, _output, layout.Output);
        if (output.ElementCount == 0)
            return;
        if (_requantization is null)
            Hybrid(context, layout, context.Writable<float>(output));
        else
            Integers(context, layout, output.Data.AsMutable<byte>());
    }

    private static bool AreBytes(KernelRequest request, int input) =>
        request.InputType(input) is DType.Int8 or DType.UInt8 && PackedWeights.Fits(request.InputType(input), request.InputQuant(input).ZeroPoint);

    private BatchProduct.Layout Derive(KernelContext context) => BatchProduct.Layout.Of(context, _adjX, _adjY);

    private void Integers(KernelContext context, BatchProduct.Layout layout, Span<byte> y)
    {
        (int m, int k, int n) = (layout.M, layout.K, layout.N);
        ConvGeometry geometry = IntegerConv.Rows(m, k, n);
        ReadOnlySpan<byte> x = context.Input(0).Data.Span;
        Span<byte> rows = _adjX ? context.Writable<byte>(context.Scratch(DType.UInt8, layout.Rows)) : default;
        int held = -1;
        for (int b = 0; b < layout.Stacks.Length; b++)
        {
            (int l, int r) = layout.Stacks[b];
            ReadOnlySpan<byte> matrix = x.Slice(l * m * k, m * k);
            if (_adjX)
            {
                AxisPermutation.ChannelsLast(matrix, rows, 1, 1, k, m, context.Pool);
                matrix = rows;
            }

            Packed packed = _isConstant ? Constant(context, layout, r) : Held(context, layout, r, isSame: r == held);
            held = r;
            IntegerConv.Run(matrix, _form, geometry, packed.Matrix, packed.Requantizer!, y.Slice(b * m * n, m * n), context.Pool);
        }
    }

    private void Hybrid(KernelContext context, BatchProduct.Layout layout, Span<float> y)
    {
        (int m, int k, int n) = (layout.M, layout.K, layout.N);
        if (k == 0)
        {
            y.Clear();
            return;
        }

        ConvGeometry geometry = IntegerConv.Rows(m, k, n);
        HybridBytes rows = HybridBytes.Of(context, context.Input(0), (int)(context.Input(0).ElementCount / k), _isAsymmetric);
        for (int b = 0; b < layout.Stacks.Length; b++)
        {
            (int l, int r) = layout.Stacks[b];
            Packed packed = Constant(context, layout, r);
            var finish = new HybridFinish(packed.Weights, _scales, default, float.NegativeInfinity, float.PositiveInfinity);
            IntegerConv.RunHybrid(rows.Values.Slice(l * m * k, m * k), rows.ZeroPoints.Slice(l * m, m), rows.Scales.Slice(l * m, m), geometry, packed.Matrix, finish, y.Slice(b * m * n, m * n), context.Pool);
        }
    }

    private Packed Constant(KernelContext context, BatchProduct.Layout layout, int index)
    {
        if (index >= _packed.Length)
            Array.Resize(ref _packed, index + 1);
        return _packed[index] ??= Pack(context, layout, index);
    }

    /// <summary>Packs activations over those before them.</summary>
    private Packed Held(KernelContext context, BatchProduct.Layout layout, int index, bool isSame)
    {
        if (_packed is [{ Matrix: [var matrix] } last] && matrix.K == layout.K && matrix.N == layout.N)
        {
            if (isSame)
                return last;
            matrix.Repack(Columns(context, layout, index), _right.IsSigned, _right.ZeroPoint);
            last.Requantizer!.Renew(_form, last.Weights);
            return last;
        }

        if (_packed is [{ } other])
            other.Matrix[0].Dispose();
        Packed packed = Pack(context, layout, index);
        _packed = [packed];
        return packed;
    }

    private Packed Pack(KernelContext context, BatchProduct.Layout layout, int index)
    {
        (int k, int n) = (layout.K, layout.N);
        IntegerMatrix[] matrix = [IntegerMatrix.Pack(Columns(context, layout, index), _right.IsSigned, _right.ZeroPoint, k, n)];
        WeightSums weights = WeightSums.Of(matrix);
        return new Packed(matrix, weights, _requantization?.Vector(context, null, n, Rounding.HalfUp, _form, weights));
    }

    /// <summary>The columns of a matrix on the right, one after another.</summary>
    private ReadOnlySpan<byte> Columns(KernelContext context, BatchProduct.Layout layout, int index)
    {
        (int k, int n) = (layout.K, layout.N);
        ReadOnlySpan<byte> right = context.Input(1).Data.Span.Slice(index * k * n, k * n);
        if (!_adjY)
        {
            Span<byte> columns = context.Writable<byte>(context.Scratch(DType.UInt8, layout.Columns));
            AxisPermutation.ChannelsLast(right, columns, 1, 1, k, n, context.Pool);
            right = columns;
        }

        return right;
    }

    private sealed record Packed(IntegerMatrix[] Matrix, WeightSums Weights, Requantizer? Requantizer);
}
