using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite.Recurrent;

/// <summary>Layer normalization of an integer LSTM's gates.</summary>
internal static class LayerNormalization16
{
    // Means have 10 more bits, variances 20.
    private const int MeanBits = 10, VarianceScale = 1 << (2 * MeanBits);

    // Results have 3 integer bits.
    private const int GateBits = 12;

    /// <summary>Normalizes each row, multiplies it by coefficients and adds a bias.</summary>
    /// <param name="context">The run.</param>
    /// <param name="values">The rows, which are changed.</param>
    /// <param name="coefficients">16-bit coefficients.</param>
    /// <param name="bias">A bias for each, of the coefficients' scale times 2^-10.</param>
    /// <param name="scale">The scale of the coefficients.</param>
    /// <param name="guard">The variance in the place of one of zero.</param>
    public static void Apply(KernelContext context, short[] values, Tensor coefficients, ReadOnlySpan<int> bias, FixedPoint scale, int guard)
    {
        int size = bias.Length;
        if (coefficients.DType != DType.Int16 || coefficients.ElementCount != size)
            throw context.Fail($"has the coefficients {coefficients}, expected int16[{size}]");
        ReadOnlySpan<short> weights = coefficients.Span<short>();
        var factor = new FixedPoint(scale.Mantissa, scale.Shift + GateBits);
        for (int start = 0; start < values.Length; start += size)
        {
            Span<short> row = values.AsSpan(start, size);
            (long sum, long squares) = (0, 0);
            foreach (short v in row)
                (sum, squares) = (sum + v, squares + (v * v));
            int mean = (int)(sum * (1 << MeanBits) / size);
            int variance = (int)(((squares * (VarianceScale / size)) - ((long)mean * mean)) / VarianceScale);
            (int mantissa, int shift) = Gemmlowp.InverseSquareRoot(variance < 1 ? guard : variance, -1);
            var inverse = new FixedPoint(mantissa, shift);
            for (int i = 0; i < size; i++)
            {
                long weighted = unchecked((inverse.Times(((1 << MeanBits) * row[i]) - mean) * weights[i]) + bias[i]);
                int rounded = (int)((weighted > 0 ? weighted + 512 : weighted - 512) / 1024);
                row[i] = (short)Math.Clamp(factor.Times(rounded), short.MinValue, short.MaxValue);
            }
        }
    }
}
