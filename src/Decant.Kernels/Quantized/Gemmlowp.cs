using System.Numerics;

namespace Decant.Kernels.Quantized;

/// <summary>The fixed-point functions of the gemmlowp library, on which TensorFlow Lite's integer kernels rest.</summary>
public static class Gemmlowp
{
    /// <summary>1 / x as a mantissa of 31 bits and a shift: TensorFlow Lite's GetReciprocal.</summary>
    /// <param name="x">Positive.</param>
    /// <param name="integerDigits">The bits of x in front of its binary point.</param>
    public static (int Mantissa, int Shift) Reciprocal(int x, int integerDigits)
    {
        int headroom = BitOperations.LeadingZeroCount((uint)x);
        int fraction = (int)(((uint)x << headroom) - (1U << 31));
        return (OneOverOnePlus(fraction), integerDigits - headroom);
    }

    /// <summary>1 / (1 + a) for a in [0, 1), both with 31 fractional bits: three Newton-Raphson steps.</summary>
    public static int OneOverOnePlus(int a)
    {
        const int One = int.MaxValue;
        const int ConstantOf48Over17 = 1515870810, ConstantOfMinus32Over17 = -1010580540;
        int halfDenominator = RoundingHalfSum(a, One);
        int x = ConstantOf48Over17 + FixedPoint.HighProduct(halfDenominator, ConstantOfMinus32Over17);
        for (int i = 0; i < 3; i++)
        {
            int product = FixedPoint.HighProduct(halfDenominator, x);
            int oneMinus = (1 << 29) - product;
            x += FixedPoint.SaturatingShift(FixedPoint.HighProduct(x, oneMinus), 2);
        }

        return FixedPoint.SaturatingShift(x, 1);
    }

    /// <summary>1 / sqrt(x) as a mantissa of 31 bits and a shift: TensorFlow Lite's GetInvSqrtQuantizedMultiplierExp.</summary>
    /// <param name="x">Not negative.</param>
    /// <param name="reverseShift">-1 for a shift that is positive to the left.</param>
    public static (int Mantissa, int Shift) InverseSquareRoot(int x, int reverseShift)
    {
        if (x <= 1)
            return (int.MaxValue, 0);
        int shift = 11;
        while (x >= 1 << 29)
        {
            x /= 4;
            shift++;
        }

        int maxLeft = BitOperations.LeadingZeroCount((uint)x) - 1;
        int leftPairs = (maxLeft / 2) - 1;
        shift -= leftPairs;
        x <<= 2 * leftPairs;

        // Newton-Raphson in Q3.28: y = y (3 - x y^2) / 2.
        const int One = 1 << 28;
        const int HalfOfThree = One + (One >> 1);
        int input = x >> 1;
        int half = FixedPoint.SaturatingShift(input, -1);
        int y = One;
        for (int i = 0; i < 5; i++)
        {
            int square = FixedPoint.HighProduct(y, y);
            int cube = FixedPoint.SaturatingShift(FixedPoint.HighProduct(square, y), 6);
            y = FixedPoint.SaturatingShift(unchecked(FixedPoint.HighProduct(HalfOfThree, y) - FixedPoint.HighProduct(half, cube)), 3);
        }

        const int HalfOfRootOfTwo = 1518500250;
        int mantissa = FixedPoint.HighProduct(y, HalfOfRootOfTwo);
        if (shift < 0)
            (mantissa, shift) = (mantissa << -shift, 0);
        return (mantissa, shift * reverseShift);
    }

    private static int RoundingHalfSum(int a, int b)
    {
        long sum = (long)a + b;
        return (int)((sum + (sum >= 0 ? 1 : -1)) / 2);
    }
}
