namespace Decant.Kernels.Quantized;

/// <summary>Makes quantized results of 64-bit sums of 16-bit activations: clamp(zeroPoint + factor · (sum + bias)), rounded once.</summary>
/// <param name="factors">A factor for each channel, or one of all.</param>
/// <param name="bias">A bias for each channel, or empty.</param>
/// <param name="output">What results are cut to.</param>
public sealed unsafe class LongRequantizer(FixedPoint[] factors, long[] bias, QuantizedOutput output)
{
    /// <summary>What results are cut to.</summary>
    public QuantizedOutput Output => output;

    /// <summary>Stores the results of consecutive channels.</summary>
    internal void Store(int channel, ReadOnlySpan<long> sums, byte* to)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            FixedPoint factor = factors[factors.Length == 1 ? 0 : channel + i];
            int value = Math.Clamp(unchecked(factor.Times(sums[i] + (bias.Length == 0 ? 0 : bias[channel + i])) + output.ZeroPoint), output.Min, output.Max);
            if (output.Kind == IntegerKind.Int16)
                ((short*)to)[i] = (short)value;
            else
                to[i] = (byte)value;
        }
    }
}
