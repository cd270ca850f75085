using System.Numerics;
using System.Runtime.CompilerServices;

namespace Decant.Kernels.Quantized;

/// <summary>
/// A positive real factor as TensorFlow Lite's integer kernels have it: mantissa * 2^(shift - 31), the mantissa in [2^30, 2^31).
/// Products round twice: first the doubled high half, then the shift.
/// </summary>
/// <param name="Mantissa">0, or from 2^30 to 2^31 - 1.</param>
/// <param name="Shift">Positive to the left.</param>
public readonly record struct FixedPoint(int Mantissa, int Shift)
{
    private const int LargestShift = 30;

    /// <summary>The upper 16 bits of the mantissa, rounded: the factor is Rounded16 * 2^(shift - 15).</summary>
    internal int Rounded16 => Mantissa < 0x7FFF0000 ? (Mantissa + (1 << 15)) >> 16 : 0x7FFF;

    /// <summary>The nearest factor: TensorFlow Lite's QuantizeMultiplier.</summary>
    public static FixedPoint Of(double factor)
    {
        if (factor == 0 || !double.IsFinite(factor))
            return default;
        int shift = Math.ILogB(Math.Abs(factor)) + 1;
        long mantissa = (long)Math.Round(Math.ScaleB(factor, 31 - shift), MidpointRounding.AwayFromZero);
        if (mantissa == 1L << 31)
        {
            mantissa /= 2;
            shift++;
        }

        return shift < -31 ? default : shift > LargestShift ? new FixedPoint(int.MaxValue, LargestShift) : new FixedPoint((int)mantissa, shift);
    }

    /// <summary>x times the factor, rounded to an integer: MultiplyByQuantizedMultiplier.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Times(int x) => RoundingShift(HighProduct(unchecked(x << Math.Max(Shift, 0)), Mantissa), Math.Max(-Shift, 0));

    /// <summary>As <see cref="Times(int)"/>, but the shift rounds half up: what TensorFlow Lite's matrix products with 16-bit results do.</summary>
    public int TimesHalfUp(int x)
    {
        long product = HighProduct(unchecked(x << Math.Max(Shift, 0)), Mantissa);
        int right = Math.Max(-Shift, 0);
        return (int)((product + (right > 0 ? 1L << (right - 1) : 0)) >> right);
    }

    /// <summary>x times the factor of a channel of <paramref name="channels"/>.</summary>
    public int Times(int x, Rounding rounding, int channel, int channels) => IsUp(rounding, channel, channels) ? TimesHalfUp(x) : Times(x);

    /// <summary>Whether the results of a channel are rounded half up.</summary>
    internal static bool IsUp(Rounding rounding, int channel, int channels) =>
        rounding == Rounding.HalfUp || (rounding == Rounding.HalfUpInEights && channel < (channels & ~7));

    /// <summary>As <see cref="Times(int)"/> for sums of 16-bit activations: the mantissa has 16 bits, and the result is rounded once.</summary>
    public int Times(long x)
    {
        int shift = 15 - Shift;
        return (int)(((x * Rounded16) + (1L << (shift - 1))) >> shift);
    }

    /// <summary>The doubled product's high 32 bits, rounded half up, saturated: SaturatingRoundingDoublingHighMul.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int HighProduct(int a, int b)
    {
        if (a == b && a == int.MinValue)
            return int.MaxValue;
        return (int)((((long)a * b) + (1L << 30)) >> 31);
    }

    /// <summary>As <see cref="HighProduct(int, int)"/> for 16 bits.</summary>
    public static short HighProduct(short a, short b)
    {
        if (a == b && a == short.MinValue)
            return short.MaxValue;
        return (short)(((a * b) + (1 << 14)) >> 15);
    }

    /// <summary>x / 2^exponent, rounded half away from zero: RoundingDivideByPOT.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RoundingShift(int x, int exponent)
    {
        int mask = (int)((1L << exponent) - 1);
        int remainder = x & mask;
        int threshold = (mask >> 1) + (x < 0 ? 1 : 0);
        return (exponent > 31 ? 0 : x >> exponent) + (remainder > threshold ? 1 : 0);
    }

    /// <summary>x * 2^exponent, saturated.</summary>
    public static int SaturatingShift(int x, int exponent) =>
        exponent <= 0 ? RoundingShift(x, -exponent) : (int)Math.Clamp((long)x << Math.Min(exponent, 31), int.MinValue, int.MaxValue);
}
