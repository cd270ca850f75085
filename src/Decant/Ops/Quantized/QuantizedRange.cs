namespace Decant.Ops.Quantized;

/// <summary>
/// The real numbers that the lowest and the highest integer of a quantized tensor stand for. Conversions are those of TensorFlow's
/// reference kernels (quantization_utils.h), in the same precision at each step: x ≈ Min + (q - lowest)·(Max - Min) / (2^bits - 1), with
/// Min moved so that 0 is one of the values.
/// </summary>
internal readonly record struct QuantizedRange(float Min, float Max)
{
    /// <summary>Adjacent integers stand for numbers this far apart.</summary>
    public float Level(QuantizedType type) => (Max - Min) / ((long)type.Highest - type.Lowest);

    /// <summary>The same where the range is symmetric around 0, as oneDNN quantizes weights.</summary>
    public float SymmetricLevel(QuantizedType type) => (Max - Min) / ((long)type.Highest - type.SymmetricLowest);

    /// <summary>The largest magnitude.</summary>
    public float Magnitude => Math.Max(Math.Abs(Min), Math.Abs(Max));

    /// <summary>The range of integers that are this far apart.</summary>
    public static QuantizedRange OfLevel(float level, QuantizedType type) => new(level * type.Lowest, level * type.Highest);

    /// <summary>The integer that stands for a number, which may be outside the type.</summary>
    public long Unclamped(float value, QuantizedType type)
    {
        if (Min == Max)
            return type.Lowest;
        double scale = (1L << type.Bits) / ((Max - Min) * ((1L << type.Bits) / type.Steps));
        return (long)(Away(value * scale) - Away(Min * scale)) + type.Lowest;
    }

    /// <summary>The integer of the type that stands for a number best.</summary>
    public int Quantize(float value, QuantizedType type) => type.Saturate(Unclamped(value, type));

    /// <summary>The number that an integer stands for.</summary>
    public float Real(int value, QuantizedType type)
    {
        if (Min == Max)
            return Min;
        double scale = (Max - Min) * ((1L << type.Bits) / type.Steps) / (1L << type.Bits);
        float rounding = (float)scale;
        double min = (float)Away(Min / rounding) * rounding;
        return (float)(min + (((double)value - type.Lowest) * scale));
    }

    private static double Away(double value) => Math.Round(value, MidpointRounding.AwayFromZero);
}
