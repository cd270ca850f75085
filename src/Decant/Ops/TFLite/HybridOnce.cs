using System.Runtime.InteropServices;
using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite;

/// <summary>
/// Products of floats, quantized per row or batch, and constant bytes for a kernel that runs once: the bytes are read where they are, and not
/// packed.
/// </summary>
internal sealed class HybridOnce(KernelRequest request)
{
    /// <summary>Packed weights multiply more rows in less time, the packing included.</summary>
    public const int MostRows = 32;

    /// <summary>Multiply-adds that pay for handing out a part.</summary>
    private const int PartWork = 1 << 16;

    private readonly PackedWeights _weights = new(request);
    private readonly float[] _scales = HybridSink.Scales(request, 1);
    private readonly string _activation = request.Activation();
    private readonly bool _hasBias = request.HasInput(2);

    public Shape Weights => _weights.Shape;

    /// <summary>Input 0, [rows, depth], times the weights, [columns, depth].</summary>
    /// <param name="context">The node that runs.</param>
    /// <param name="output">The result, [rows, columns].</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="depth">Elements that are summed.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="scales">How many scales the input gets, each of as many rows.</param>
    /// <param name="isAsymmetric">Whether these have zero points.</param>
    public void Multiply(KernelContext context, Tensor output, int rows, int depth, int columns, int scales, bool isAsymmetric)
    {
        if (_scales.Length > 1 && _scales.Length != columns)
            throw context.Fail($"has {_scales.Length} scales for {columns} channels");
        if (_hasBias)
            FloatConvolution.Bias(context, 2, columns);
        if (depth == 0)
        {
            context.Writable<float>(output).Clear();
            return;
        }

        int rowsOfScale = rows / Math.Max(1, scales);
        HybridRows x = HybridRows.Of(context.Input(0).Span<float>(), rowsOfScale * depth, isAsymmetric);
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
                    float value = sum * (x.Scales[row / rowsOfScale] * _scales[_scales.Length == 1 ? 0 : column]);
                    y[(row * columns) + column] = bias is null ? value : value + biases[column];
                }
            }
        });
        Activated.Apply(_activation, context.Writable<float>(output));
    }
}
