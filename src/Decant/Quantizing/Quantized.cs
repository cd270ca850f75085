using Decant.IR;

namespace Decant.Quantizing;

/// <summary>Real numbers as integers of a scale and back, as the operators QUANTIZE and DEQUANTIZE do it.</summary>
internal static class Quantized
{
    /// <summary>The integers nearest to float32 numbers, halves away from zero, within the type: int8, uint8 or int16.</summary>
    public static Tensor Quantize(Tensor values, DType type, Quantization quantization)
    {
        ReadOnlySpan<float> from = values.Span<float>();
        (float scale, long zero) = (quantization.Scales[0], quantization.ZeroPoints[0]);
        switch (type)
        {
            case DType.Int8:
                sbyte[] signed = new sbyte[from.Length];
                for (int i = 0; i < signed.Length; i++)
                    signed[i] = (sbyte)Nearest(from[i], scale, zero, sbyte.MinValue, sbyte.MaxValue);
                return Tensor.Wrap(signed, values.Shape);
            case DType.UInt8:
                byte[] bytes = new byte[from.Length];
                for (int i = 0; i < bytes.Length; i++)
                    bytes[i] = (byte)Nearest(from[i], scale, zero, byte.MinValue, byte.MaxValue);
                return Tensor.Wrap(bytes, values.Shape);
            default:
                short[] shorts = new short[from.Length];
                for (int i = 0; i < shorts.Length; i++)
                    shorts[i] = (short)Nearest(from[i], scale, zero, short.MinValue, short.MaxValue);
                return Tensor.Wrap(shorts, values.Shape);
        }
    }

    /// <summary>The float32 numbers that integers stand for.</summary>
    public static Tensor Dequantize(Tensor values, Quantization quantization)
    {
        (float scale, int zero) = (quantization.Scales[0], (int)quantization.ZeroPoints[0]);
        float[] to = new float[values.ElementCount];
        for (int i = 0; i < to.Length; i++)
        {
            int integer = values.DType switch { DType.Int8 => values.Span<sbyte>()[i], DType.UInt8 => values.Span<byte>()[i], _ => values.Span<short>()[i] };
            to[i] = scale * (integer - zero);
        }

        return Tensor.Wrap(to, values.Shape);
    }

    private static int Nearest(float value, float scale, long zero, int least, int most) => float.IsNaN(value) ? (int)zero : (int)Math.Clamp(zero + Math.Round((double)(value / scale), MidpointRounding.AwayFromZero), least, most);
}
