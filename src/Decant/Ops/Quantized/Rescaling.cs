using System.Numerics.Tensors;

namespace Decant.Ops.Quantized;

/// <summary>
/// Whole tensors from integers to numbers and back, in the float32 arithmetic of TensorFlow's vectorized kernels, which rounds
/// otherwise than <see cref="QuantizedRange"/> does element by element.
/// </summary>
internal readonly struct Rescaling
{
    private Rescaling(float scale, float offset) => (Scale, Offset) = (scale, offset);

    private float Scale { get; }

    private float Offset { get; }

    /// <summary>Integers to numbers: q·scale + offset.</summary>
    public static Rescaling ToReal(QuantizedRange range, QuantizedType type)
    {
        float scale = (float)((range.Max - range.Min) / type.Steps);
        float min = range.Min == range.Max ? range.Min : Away(range.Min / scale) * scale;
        return new Rescaling(scale, min - (type.Lowest * scale));
    }

    /// <summary>Numbers to integers: round(x·scale) - offset.</summary>
    public static Rescaling ToQuantized(QuantizedRange range, QuantizedType type)
    {
        float scale = range.Min == range.Max ? 0 : (float)(type.Steps / (range.Max - range.Min));
        return new Rescaling(scale, Away(range.Min * scale) - type.Lowest);
    }

    /// <summary>The number of an integer.</summary>
    public float Real(int value) => Offset + (value * Scale);

    /// <summary>The numbers of integers.</summary>
    public void Real(ReadOnlySpan<byte> values, Span<float> numbers)
    {
        TensorPrimitives.ConvertTruncating(values, numbers);
        TensorPrimitives.Multiply(numbers, Scale, numbers);
        TensorPrimitives.Add(numbers, Offset, numbers);
    }

    /// <summary>The integer of a number. A qint32 stops at the largest float32 that is one.</summary>
    public int Quantize(float value, QuantizedType type)
    {
        float bounded = Math.Min(Math.Max(Away(value * Scale) - Offset, type.Lowest), type.Bits == 32 ? 2147483520f : type.Highest);
        return float.IsNaN(bounded) ? type.Lowest : (int)bounded;
    }

    private static float Away(float value) => MathF.Round(value, MidpointRounding.AwayFromZero);
}
