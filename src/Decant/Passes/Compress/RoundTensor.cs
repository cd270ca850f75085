using System.Runtime.CompilerServices;
using Decant.Runtime;

namespace Decant.Passes.Compress;

/// <summary>
/// float32 values moved to the middle of one of <c>steps</c> buckets of equal width, as the Graph Transform Tool's <c>round_weights</c>
/// does it: the tensor stays as large, but compresses well. Zeros do not stay zeros, and the maximum moves above itself.
/// </summary>
internal static class RoundTensor
{
    /// <summary>The range of the elements. The search for the maximum starts just above 0, so only a positive constant needs widening.</summary>
    public static (float Min, float Max) Range(Tensor tensor)
    {
        (float min, float max) = FloatStream.Extremes(tensor);
        max = Math.Max(max, QuantizeTensor.LeastMax);
        return min != max ? (min, max) : (min, min < 1e-6f ? min + 1 : 2 * min);
    }

    /// <summary>min + width·(⌊(x - min) / width⌋ + ½) with width = (max - min) / steps, in float32.</summary>
    /// <param name="tensor">float32.</param>
    /// <param name="steps">The number of buckets, from 1.</param>
    public static Tensor Round(Tensor tensor, int steps)
    {
        (float min, float max) = Range(tensor);
        float width = (max - min) / steps;
        return FloatStream.Convert<float>(tensor, DType.Float32, [MethodImpl(MethodImplOptions.AggressiveOptimization)] (from, to, _) =>
        {
            for (int i = 0; i < from.Length; i++)
                to[i] = min + (width * (MathF.Floor((from[i] - min) / width) + 0.5f));
        });
    }
}
