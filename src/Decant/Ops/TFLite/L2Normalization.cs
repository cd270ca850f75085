using System.Numerics;
using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite;

/// <summary>L2_NORMALIZATION along the last axis: x / sqrt(sum of squares).</summary>
internal static class L2Normalization
{
    private const float Epsilon = 1e-6f;

    public static Kernel Prepare(KernelRequest request)
    {
        string activation = request.Activation();
        if (!request.IsQuantized(0))
        {
            return Kernel.Of(context =>
            {
                ReadOnlySpan<float> x = context.Input(0).Span<float>();
                Span<float> y = context.Output<float>(0, context.Shape(0));
                int depth = context.Shape(0).Rank == 0 ? 1 : (int)context.Shape(0)[-1];
                for (int start = 0; start < x.Length; start += depth)
                {
                    float sum = 0;
                    foreach (float v in x.Slice(start, depth))
                        sum += v * v;
                    float norm = MathF.Max(MathF.Sqrt(sum), Epsilon);
                    for (int i = start; i < start + depth; i++)
                        y[i] = x[i] / norm;
                }

                Activated.Apply(activation, y);
            });
        }

        int zero = request.InputQuant(0).ZeroPoint;
        DType to = request.OutputType();
        (int min, int max, int offset) = to == DType.UInt8 ? (0, 255, 128) : (-128, 127, 0);
        return Softmax.Quantized(to, (x, output, start) =>
        {
            int sum = 0;
            foreach (int v in x)
                sum += (v - zero) * (v - zero);
            (int mantissa, int shift) = Gemmlowp.InverseSquareRoot(sum, -1);
            for (int i = 0; i < x.Length; i++)
            {
                int scaled = new FixedPoint(mantissa, shift).Times(128 * (x[i] - zero));
                Integers.Store(output, start + i, Math.Clamp(offset + scaled, min, max));
            }
        });
    }
}
