using Decant.IR;
using Decant.Quantizing.Calibration;

namespace Decant.Quantizing.Integers;

/// <summary>The real numbers that the integers of an activation stand for: scale * (integer - zero point).</summary>
internal readonly record struct Grid(DType Type, float Scale, int ZeroPoint)
{
    // A range that is narrower is widened, as the original converter does.
    private const float Narrowest = 1e-6f;

    /// <summary>The grid of a range, to which 0 is added: of 256 steps for int8, and symmetric for int16.</summary>
    public static Grid Of(ValueRange range, DType type)
    {
        (float low, float high) = (Math.Min(range.Min, 0), Math.Max(range.Max, 0));

        // What is always 0 has any scale; a tiny one would overflow the factors of what computes it.
        if (low == high)
            return new Grid(type, 1, type == DType.Int8 ? sbyte.MinValue : 0);
        if (type == DType.Int16)
            return new Grid(type, Math.Max(Math.Max(-low, high), Narrowest / 2) / short.MaxValue, 0);
        if (high - low <= Narrowest)
            (low, high) = (Math.Min(low, -Narrowest / 2), Math.Max(high, Narrowest / 2));
        float scale = (high - low) / byte.MaxValue;
        return new Grid(type, scale, (int)Math.Clamp(MathF.Round(sbyte.MinValue - (low / scale), MidpointRounding.AwayFromZero), sbyte.MinValue, sbyte.MaxValue));
    }

    /// <summary>The least and the greatest number of the grid.</summary>
    public ValueRange Range => Type switch
    {
        DType.Int16 => new ValueRange(Scale * (short.MinValue - ZeroPoint), Scale * (short.MaxValue - ZeroPoint)),
        DType.UInt8 => new ValueRange(Scale * (byte.MinValue - ZeroPoint), Scale * (byte.MaxValue - ZeroPoint)),
        _ => new ValueRange(Scale * (sbyte.MinValue - ZeroPoint), Scale * (sbyte.MaxValue - ZeroPoint)),
    };

    /// <summary>The same numbers in uint8.</summary>
    public Grid Unsigned => this with { Type = DType.UInt8, ZeroPoint = ZeroPoint + 128 };

    public Quantization Quantization => new([Scale], [ZeroPoint]);

    /// <summary>The fact of a tensor of these integers.</summary>
    public Fact Fact(Shape shape) => new(Type, shape, null, Quantization);
}
