namespace Decant.Ops.TFLite.Recurrent;

/// <summary>Rows that weights are multiplied with; those with integer weights share one quantization.</summary>
internal sealed class RecurrentVectors(float[] values, int depth, bool isAsymmetric)
{
    private HybridRows? _quantized;

    public int Rows => depth == 0 ? 0 : values.Length / depth;

    public int Depth => depth;

    public ReadOnlySpan<float> Row(int row) => values.AsSpan(row * depth, depth);

    /// <summary>The rows as 8-bit integers.</summary>
    public HybridRows Quantized => _quantized ??= HybridRows.Of(values, depth, isAsymmetric);
}
