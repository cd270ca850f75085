using System.Numerics;
using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite;

/// <summary>SOFTMAX of 16-bit elements: tables of exp on [-10, 0] and of 1 / (1 + x) on [0, 1].</summary>
internal static class Softmax16
{
    private static readonly short[] Exponentials = Tables.Table16<double>(Math.Exp, -10, 0, -1, 1);
    private static readonly short[] Reciprocals = Tables.Table16<double>(x => 1 / (1 + x), 0, 1, -1, 1);

    public static Kernel Prepare(KernelRequest request, float beta)
    {
        // Differences to the largest element are scaled so that the 16 bits stand for [-10, 0].
        FixedPoint factor = FixedPoint.Of(request.InputQuant(0).Scale * (double)beta / (10.0 / 65535.0));
        return Softmax.Quantized(DType.Int16, (x, output, start) =>
        {
            int largest = x[0];
            foreach (int v in x)
                largest = Math.Max(largest, v);
            Span<short> exponentials = output.Mutable<short>().Slice(start, x.Length);
            int sum = 0;
            for (int i = 0; i < x.Length; i++)
            {
                int scaled = Math.Clamp(factor.Times(x[i] - largest) + short.MaxValue, short.MinValue, short.MaxValue);
                exponentials[i] = (short)Tables.Look16(Exponentials, scaled);
                sum += exponentials[i];
            }

            int headroom = BitOperations.LeadingZeroCount((uint)sum);
            int shifted = (int)((((long)sum << (headroom - 1)) + (1 << 13)) >> 14);
            int symmetric = (int)(short)Math.Clamp(shifted - (1 << 15) - (1 << 16), short.MinValue, short.MaxValue);
            short reciprocal = (short)Tables.Look16(Reciprocals, symmetric);
            int right = 31 - headroom;
            long round = 1L << (right - 1);
            for (int i = 0; i < x.Length; i++)
                exponentials[i] = (short)Math.Clamp((((long)exponentials[i] * reciprocal) + round) >> right, 0, short.MaxValue);
        });
    }
}
