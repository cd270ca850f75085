using Decant.IR;
using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite;

/// <summary>Stores sums of integer products as floats: times the scale of the row and of the channel, plus the bias.</summary>
internal readonly struct HybridSink(Tensor output, float[] rowScales, long perRow, float[] channelScales, Tensor? bias, long first = 0) : IIntegerSink
{
    public void Store(long position, int channel, long sum)
    {
        float scale = rowScales[position / perRow] * (channelScales.Length == 1 ? channelScales[0] : channelScales[channel]);
        float value = sum * scale;
        output.Mutable<float>()[(int)(first + position)] = bias is null ? value : value + bias.Span<float>()[channel];
    }

    /// <summary>The scales of weights, checked against the number of channels.</summary>
    public static float[] Scales(KernelRequest request, int weights)
    {
        float[] scales = request.Scales(weights);
        return scales.Length > 0 && request.InputSpec(weights)?.Quantization is { Details: null } ? scales : throw request.NoKernel("for weights without scales, or with blockwise ones");
    }
}
