using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite;

/// <summary>HARD_SWISH x * relu6(x + 3) / 6 on 8-bit integers, in 16-bit fixed point.</summary>
internal static class HardSwish
{
    // The input is taken with 7 more bits; relu6(x + 3) / 6 is computed in Q0.15 of (x + 3) / 6 in [-1, 1), so x has the scale 3 / 32768.
    private const int HighBits = 7;

    public static Kernel Prepare(KernelRequest request)
    {
        (QuantParams input, QuantParams output) = (request.InputQuant(0), request.OutputQuant());
        float hires = 1f / 128 * input.Scale;
        float reluScale = 3f / 32768;
        (short outputMantissa, int outputShift) = Short(FixedPoint.Of((double)(hires / output.Scale)));
        (short reluMantissa, int reluShift) = Short(FixedPoint.Of((double)(hires / reluScale)));
        return Integers.Map(request, x =>
        {
            short value = (short)((x - input.ZeroPoint) << HighBits);
            short preshift = FixedPoint.HighProduct(value, outputMantissa);
            short relu = value;
            if (reluShift > 0)
                relu = Saturate(relu, reluShift - 1);
            relu = FixedPoint.HighProduct(relu, reluMantissa);
            if (reluShift > 0)
                relu = Saturate(relu, 1);
            if (reluShift < 0)
                relu = (short)FixedPoint.RoundingShift(relu, -reluShift);
            relu = (short)((relu + (1 << 15)) >> 1);
            short product = HighProductTruncating(relu, preshift);
            return (short)FixedPoint.RoundingShift(product, -outputShift) + output.ZeroPoint;
        });
    }

    private static (short, int) Short(FixedPoint factor) => ((short)Math.Min(short.MaxValue, (factor.Mantissa + (1L << 15)) >> 16), factor.Shift);

    private static short Saturate(short x, int shift) => (short)Math.Clamp(x * (1 << shift), short.MinValue, short.MaxValue);

    private static short HighProductTruncating(short a, short b) => a == b && a == short.MinValue ? short.MaxValue : (short)(a * b / (1 << 15));
}
