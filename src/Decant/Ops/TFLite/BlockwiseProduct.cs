using Decant.IR;
using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite;

/// <summary>FULLY_CONNECTED of floats with integer weights that have a scale per block along each row; activations are quantized per row.</summary>
internal static class BlockwiseProduct
{
    public static Kernel Prepare(KernelRequest request, BlockwiseQuantization blocks, bool keep)
    {
        var weights = new IntegerWeights(request, 1, isHybrid: true);
        Tensor scales = blocks.ScaleTensor?.Value is { DType: DType.Float16 } found ? found : throw request.NoKernel("for weights whose scales per block are no float16 constant");
        bool hasBias = request.HasInput(2);
        string activation = request.Activation();
        float[] factors = [.. scales.Span<Half>().ToArray().Select(s => (float)s)];
        int size = blocks.BlockSize;
        return Kernel.Of(context =>
        {
            (int rows, int depth, int columns, Shape shape) = FullyConnected.Geometry(context, context.Shape(1), keep);
            if (size < 1 || depth % size != 0 || factors.Length != (long)columns * (depth / size))
                throw context.Fail($"has the weights {context.Input(1)} in blocks of {size} with {factors.Length} scales, expected blocks that divide the rows and a scale for each");
            ReadOnlySpan<float> bias = hasBias ? FloatConvolution.Bias(context, 2, columns) : default;
            Span<float> y = context.Output<float>(0, shape);
            HybridRows x = HybridRows.Of(context.Input(0).Span<float>(), depth, isAsymmetric: true);
            short[] w = weights.Read(context);
            int perRow = depth / size;
            for (int i = 0; i < y.Length; i++)
            {
                (int row, int column) = (i / columns, i % columns);
                float sum = 0;
                for (int block = 0; block < perRow; block++)
                    sum += IntegerDot.Sum(w.AsSpan((column * depth) + (block * size), size), x.Values.AsSpan((row * depth) + (block * size), size)) * factors[(column * perRow) + block];
                y[i] = (sum * x.Scales[row]) + (bias.IsEmpty ? 0 : bias[column]);
            }

            Activated.Apply(activation, y);
        });
    }
}
