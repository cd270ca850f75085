namespace Decant.Ops.TFLite;

/// <summary>Floats that are made 8-bit integers as an operator runs, because its weights are integers: a scale per row.</summary>
internal sealed class HybridRows
{
    private HybridRows(int rows, int size) => (Values, Scales, ZeroPoints) = (new short[rows * size], new float[rows], new int[rows]);

    /// <summary>The integers, without their zero points.</summary>
    public short[] Values { get; }

    public float[] Scales { get; }

    public int[] ZeroPoints { get; }

    /// <summary>Quantizes rows of a size each.</summary>
    /// <param name="x">The floats.</param>
    /// <param name="size">How many floats a row has.</param>
    /// <param name="isAsymmetric">Whether a row has a zero point; else 0 stands for 0.</param>
    public static HybridRows Of(ReadOnlySpan<float> x, int size, bool isAsymmetric)
    {
        int rows = size == 0 ? 0 : x.Length / size;
        var quantized = new HybridRows(rows, size);
        for (int r = 0; r < rows; r++)
        {
            ReadOnlySpan<float> row = x.Slice(r * size, size);
            Span<short> to = quantized.Values.AsSpan(r * size, size);
            if (isAsymmetric)
                (quantized.Scales[r], quantized.ZeroPoints[r]) = Asymmetric(row, to);
            else
                quantized.Scales[r] = Symmetric(row, to);
        }

        return quantized;
    }

    private static float Symmetric(ReadOnlySpan<float> x, Span<short> to)
    {
        float range = 0;
        foreach (float v in x)
            range = MathF.Max(range, MathF.Abs(v));
        if (range == 0)
            return 1;
        float inverse = 127 / range;
        for (int i = 0; i < x.Length; i++)
            to[i] = (short)Math.Clamp(MathF.Round(x[i] * inverse, MidpointRounding.AwayFromZero), -127, 127);
        return range / 127;
    }

    // Of the zero points that follow from the least and the greatest value, the one with the smaller error is taken.
    private static (float, int) Asymmetric(ReadOnlySpan<float> x, Span<short> to)
    {
        double low = 0, high = 0;
        foreach (float v in x)
            (low, high) = (Math.Min(low, v), Math.Max(high, v));
        if (low == high)
            return (1, 0);
        double scale = (high - low) / 255;
        double fromLow = -128 - (low / scale), fromHigh = 127 - (high / scale);
        double errorLow = 128 + Math.Abs(low / scale), errorHigh = 127 + Math.Abs(high / scale);
        double best = errorLow < errorHigh ? fromLow : fromHigh;
        int zero = best <= -128 ? -128 : best >= 127 ? 127 : (int)Math.Round(best, MidpointRounding.AwayFromZero);
        float single = (float)scale, inverse = 1 / single;
        for (int i = 0; i < x.Length; i++)
            to[i] = (short)(Math.Clamp((int)MathF.Round(zero + (x[i] * inverse), MidpointRounding.AwayFromZero), -128, 127) - zero);
        return (single, zero);
    }
}
