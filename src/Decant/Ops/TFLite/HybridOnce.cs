using System.Runtime.InteropServices;
using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite;

/// <summary>FULLY_CONNECTED of floats, quantized per row, and constant bytes for a kernel that runs once: the bytes are read where they are, and not packed.</summary>
internal sealed class HybridOnce : Kernel
{
    /// <summary>Multiply-adds that pay for handing out a part.</summary>
    private const int PartWork = 1 << 16;

    private readonly PackedWeights _weights;
    private readonly float[] _scales;
    private readonly string _activation;
    private readonly bool _hasBias, _isAsymmetric, _keep;

    public HybridOnce(KernelRequest request, bool keep)
    {
        (_weights, _scales, _keep) = (new PackedWeights(request), HybridSink.Scales(request, 1), keep);
        (_activation, _hasBias, _isAsymmetric) = (request.Activation(), request.HasInput(2), request.Attributes.Bool("asymmetric_quantize_inputs"));
    }

    public override bool Reads(int input) => input != 1;

    public override void Run(KernelContext context)
    {
        (int rows, int depth, int columns, Shape shape) = FullyConnected.Geometry(context, _weights.Shape, _keep);
        if (_scales.Length > 1 && _scales.Length != columns)
            throw context.Fail($"has {_scales.Length} scales for {columns} channels");
        if (_hasBias)
            FloatConvolution.Bias(context, 2, columns);
        Tensor output = context.Allocate(0, DType.Float32, shape);
        if (depth == 0)
        {
            context.Writable<float>(output).Clear();
            return;
        }

        HybridRows x = HybridRows.Of(context.Input(0).Span<float>(), depth, _isAsymmetric);
        int[] sums = [.. Enumerable.Range(0, rows).Select(r => IntegerDot.Sum(x.Values.AsSpan(r * depth, depth)))];
        Tensor? bias = _hasBias ? context.Input(2) : null;
        context.Pool.For(columns, Math.Max(1, PartWork / depth / Math.Max(1, rows)), (start, end) =>
        {
            ReadOnlySpan<sbyte> weights = MemoryMarshal.Cast<byte, sbyte>(_weights.Read());
            Span<float> y = context.Writable<float>(output);
            ReadOnlySpan<float> biases = bias is null ? default : bias.Span<float>();
            for (int column = start; column < end; column++)
            {
                ReadOnlySpan<sbyte> w = weights.Slice(column * depth, depth);
                for (int row = 0; row < rows; row++)
                {
                    int sum = IntegerDot.Sum(x.Values.AsSpan(row * depth, depth), w) - (_weights.ZeroPoint * sums[row]);
                    float value = sum * (x.Scales[row] * _scales[_scales.Length == 1 ? 0 : column]);
                    y[(row * columns) + column] = bias is null ? value : value + biases[column];
                }
            }
        });
        Activated.Apply(_activation, context.Writable<float>(output));
    }
}
