namespace Decant.Ops.Quantized;

/// <summary>Integers of one range to integers of another.</summary>
internal static class Requantization
{
    private const int FractionBits = 16;

    /// <summary>Converts every element; qint32 to quint8 in TensorFlow's fixed-point arithmetic, the others through float32.</summary>
    public static void Run(ReadOnlySpan<int> x, QuantizedType from, QuantizedRange input, Span<int> y, QuantizedType to, QuantizedRange output)
    {
        if (from.Bits == 32 && to is { Bits: 8, IsSigned: false })
        {
            FixedPoint(x, input, y, output);
            return;
        }

        var toReal = Rescaling.ToReal(input, from);
        var toQuantized = Rescaling.ToQuantized(output, to);
        for (int i = 0; i < x.Length; i++)
            y[i] = toQuantized.Quantize(toReal.Real(x[i]), to);
    }

    private static void FixedPoint(ReadOnlySpan<int> x, QuantizedRange input, Span<int> y, QuantizedRange output)
    {
        const int one = 1 << FractionBits;
        float inputRange = input.Max - input.Min, outputRange = output.Max - output.Min;
        float inverse = outputRange == 0 ? 0 : (float)(255.0 / outputRange);
        float middle = (float)((input.Min + input.Max) / 2.0);
        long scale = outputRange == 0 ? 0 : (long)(255.0 * one * inputRange / outputRange);
        long inputOffset = (long)(middle * inverse * one);
        long outputOffset = outputRange == 0 ? 0 : (long)(one * (output.Min * 255.0) / outputRange);
        long offset = inputOffset - outputOffset + (one >> 1);
        for (int i = 0; i < x.Length; i++)
            y[i] = (int)Math.Clamp((((x[i] * scale) >> 32) + offset) >> FractionBits, 0, 255);
    }
}
