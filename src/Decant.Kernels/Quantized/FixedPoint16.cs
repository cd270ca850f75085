namespace Decant.Kernels.Quantized;

/// <summary>
/// The gemmlowp library's functions on 16-bit fixed-point numbers, as TensorFlow Lite's integer LSTM uses them. A number with b integer
/// bits is its integer times 2^(b - 15); results have none.
/// </summary>
public static class FixedPoint16
{
    private const short One = short.MaxValue;

    // Constants with 2 integer bits, and exp(-2^i) for the bits of the argument from -2 on, all of 31 bits.
    private const int ConstantOf48Over17 = 1515870810, ConstantOfMinus32Over17 = -1010580540;
    private static readonly int[] Exponentials = [1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242];

    /// <summary>1 / (1 + exp(-x)).</summary>
    /// <param name="x">The number.</param>
    /// <param name="integerBits">Its integer bits.</param>
    public static short Logistic(short x, int integerBits)
    {
        if (x == 0)
            return 1 << 14;
        short positive = Reciprocal(Exponential(x > 0 ? Negated(x) : x, integerBits));
        return x > 0 ? positive : (short)(One - positive);
    }

    /// <summary>The hyperbolic tangent.</summary>
    /// <param name="x">The number.</param>
    /// <param name="integerBits">Its integer bits.</param>
    public static short Tanh(short x, int integerBits)
    {
        if (x == 0)
            return 0;

        // (1 - e) / (1 + e) with e = exp(-2 |x|): twice the number is the same integer with a bit more in front.
        short magnitude = Newton(Exponential(x > 0 ? Negated(x) : x, integerBits + 1));
        short result = Rescale((short)(magnitude - (1 << 13)), 2);
        return x < 0 ? Negated(result) : result;
    }

    /// <summary>x * 2^exponent, rounded half away from zero to the right and saturated to the left.</summary>
    public static short Rescale(short x, int exponent) => exponent >= 0
        ? (short)Math.Clamp(x << exponent, short.MinValue, short.MaxValue) : (short)FixedPoint.RoundingShift(x, -exponent);

    /// <summary>The sum, saturated.</summary>
    public static short SaturatingSum(short a, short b) => (short)Math.Clamp(a + b, short.MinValue, short.MaxValue);

    /// <summary>exp of a number that is not positive.</summary>
    private static short Exponential(short x, int integerBits)
    {
        if (x == 0)
            return One;
        int fractionBits = 15 - integerBits;
        int quarter = fractionBits >= 2 ? 1 << (fractionBits - 2) : 0;
        short rest = (short)((x & (quarter - 1)) - quarter);
        short result = ExponentialOfQuarter(Rescale(rest, integerBits));
        int remainder = rest - x;
        for (int i = 0; i < Exponentials.Length; i++)
        {
            int exponent = i - 2, bit = fractionBits + exponent;
            if (integerBits > exponent && bit >= 0 && (remainder & (1 << bit)) != 0)
                result = FixedPoint.HighProduct(result, Narrow(Exponentials[i]));
        }

        return integerBits > 5 && x < -(1 << (fractionBits + 5)) ? (short)0 : result;
    }

    // exp on [-1/4, 0): a Taylor polynomial around -1/8.
    private static short ExponentialOfQuarter(short a)
    {
        short constant = Narrow(1895147668), third = Narrow(715827883);
        short x = (short)(a + (1 << 12));
        short x2 = FixedPoint.HighProduct(x, x), x3 = FixedPoint.HighProduct(x2, x), x4 = FixedPoint.HighProduct(x2, x2);
        short quarter = Rescale(x4, -2);
        short higher = Rescale((short)(FixedPoint.HighProduct((short)(quarter + x3), third) + x2), -1);
        return SaturatingSum(constant, FixedPoint.HighProduct(constant, (short)(x + higher)));
    }

    /// <summary>1 / (1 + a) for a in [0, 1].</summary>
    private static short Reciprocal(short a) => Rescale(Newton(a), 1);

    /// <summary>2 / (1 + a) with 2 integer bits: three Newton-Raphson steps.</summary>
    private static short Newton(short a)
    {
        int sum = a + One;
        short half = (short)((sum + (sum >= 0 ? 1 : -1)) / 2);
        short x = (short)(Narrow(ConstantOf48Over17) + FixedPoint.HighProduct(half, Narrow(ConstantOfMinus32Over17)));
        for (int i = 0; i < 3; i++)
        {
            short oneMinus = (short)((1 << 13) - FixedPoint.HighProduct(half, x));
            x = (short)(x + Rescale(FixedPoint.HighProduct(x, oneMinus), 2));
        }

        return x;
    }

    private static short Narrow(int constant) => (short)FixedPoint.RoundingShift(constant, 16);

    private static short Negated(short x) => unchecked((short)-x);
}
