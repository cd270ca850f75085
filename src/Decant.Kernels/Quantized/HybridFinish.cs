namespace Decant.Kernels.Quantized;

/// <summary>What makes floats of the sums of a hybrid product: times the scale of the batch and of the channel, plus the bias, clamped.</summary>
/// <param name="weights">What is known of the packed weights.</param>
/// <param name="scales">A scale per channel of the weights, or one of all.</param>
/// <param name="bias">A bias per channel, or empty.</param>
/// <param name="low">The least result.</param>
/// <param name="high">The greatest result.</param>
public readonly ref struct HybridFinish(WeightSums weights, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, float low, float high)
{
    public WeightSums Weights { get; } = weights;

    public ReadOnlySpan<float> Scales { get; } = scales;

    public ReadOnlySpan<float> Bias { get; } = bias;

    public float Low { get; } = low;

    public float High { get; } = high;

    internal void Guard(int channels, int rowScales, int zeroPoints, int batch)
    {
        if ((Scales.Length != 1 && Scales.Length < channels) || (!Bias.IsEmpty && Bias.Length < channels) || rowScales < batch || zeroPoints < batch)
            throw new ArgumentException($"{Scales.Length} scales and {Bias.Length} biases for {channels} channels, {rowScales} scales and {zeroPoints} zero points for {batch} batches");
    }
}
