namespace Decant.Ops.Quantized;

/// <summary>The bias of a quantized convolution or matrix product: float32 numbers, or qint32 that are added to the sums as they are.</summary>
internal static class QuantizedBias
{
    /// <summary>The elements of a vector of this many.</summary>
    public static double[] Read(KernelContext context, int index, int count)
    {
        Tensor bias = context.Input(index);
        if (bias.Shape != new Shape(count))
            throw context.Fail($"has a bias {bias}, expected {count} elements");
        double[] values = new double[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = bias.DType switch
            {
                DType.Float32 => bias.Span<float>()[i],
                DType.QInt32 => bias.Span<int>()[i],
                _ => throw context.Fail($"has a bias {bias}, expected float32 or qint32"),
            };
        }

        return values;
    }
}
