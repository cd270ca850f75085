using System.Numerics;
using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite;

/// <summary>DIV of quantized elements: by a reciprocal in fixed point.</summary>
internal static class Quotient
{
    public static Kernel Prepare(KernelRequest request)
    {
        (QuantParams a, QuantParams b, QuantParams output) = (request.InputQuant(0), request.InputQuant(1), request.OutputQuant());
        FixedPoint factor = FixedPoint.Of((double)(a.Scale / (b.Scale * output.Scale)));
        return Pairs.Integers(request, (x, y) =>
        {
            (int left, int right) = (x - a.ZeroPoint, y - b.ZeroPoint);
            if (right == 0)
                return output.ZeroPoint;
            if (right < 0)
                (left, right) = (-left, -right);
            (int inverse, int shift) = Gemmlowp.Reciprocal(right, 31);
            int headroom = BitOperations.LeadingZeroCount((uint)(left < 0 ? ~left : left)) - 1;
            int quotient = FixedPoint.HighProduct(left << headroom, inverse);
            int total = factor.Shift - shift - headroom;
            return output.ZeroPoint + FixedPoint.RoundingShift(FixedPoint.HighProduct(quotient, factor.Mantissa), -total);
        }, Quantizing.Clamp(request.OutputType(), output, request.Activation()));
    }
}
