using System.Numerics;
using System.Runtime.CompilerServices;
using Decant.IR;
using Decant.Runtime;

namespace Decant.Passes.Optimize;

/// <summary>
/// Weights with each multiplied by the factor of its channel, in float64 and rounded once. Large ones of float32 are computed when they are
/// read: a model whose weights are all folded takes no memory for them.
/// </summary>
internal static class ScaledWeights
{
    // Smaller ones are read often, as a whole.
    private const long LargestMade = 256 << 10;

    /// <summary>The weights; null when one of them is not finite.</summary>
    /// <param name="weights">float32 or float64.</param>
    /// <param name="factors">The factor of each channel.</param>
    /// <param name="stride">The weight at index i is of channel <c>i / stride % factors.Length</c>.</param>
    public static TensorAttr? Of(TensorAttr weights, double[] factors, long stride)
    {
        if (weights.DType == DType.Float32 && weights.Shape.ElementCount * sizeof(float) > LargestMade)
        {
            Tensor Scaled() => FloatStream.Convert<float>(weights.Value, DType.Float32, (from, to, at) => Scale(from, to, factors, stride, at));
            if (!Array.TrueForAll(factors, double.IsFinite))
                return null;
            double bound = Magnitude(weights.Value) * factors.Max(Math.Abs);
            if (!float.IsFinite((float)bound))
                bound = Magnitude(Scaled());
            return float.IsFinite((float)bound) ? new ComputedTensor(DType.Float32, weights.Shape, Scaled) { Bound = (float)bound } : null;
        }

        double[] elements = FloatElements.Read(weights.Value)!;
        for (long i = 0; i < elements.Length; i++)
            elements[i] *= factors[i / stride % factors.Length];
        return FloatElements.Make(elements, weights.DType, weights.Shape) is { } made ? new TensorAttr(made) : null;
    }

    /// <summary>The largest magnitude of an element; NaN if there is one.</summary>
    private static double Magnitude(Tensor tensor)
    {
        (float min, float max) = FloatStream.Extremes(tensor);
        return Math.Max(Math.Abs(min), Math.Abs(max));
    }

    // Optimized at once, as the walk over extremes.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(ReadOnlySpan<float> from, Span<float> to, double[] factors, long stride, long at)
    {
        for (int count; from.Length > 0; from = from[count..], to = to[count..], at += count)
        {
            int channel = (int)(at / stride % factors.Length);
            count = (int)Math.Min(stride == 1 ? factors.Length - channel : stride - (at % stride), from.Length);
            int i = 0;
            for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector.Widen(new Vector<float>(from[i..]), out Vector<double> low, out Vector<double> high);
                Vector<double> first = stride == 1 ? new(factors, channel + i) : new(factors[channel]), second = stride == 1 ? new(factors, channel + i + Vector<double>.Count) : first;
                Vector.Narrow(low * first, high * second).CopyTo(to[i..]);
            }

            for (; i < count; i++)
                to[i] = (float)(from[i] * factors[stride == 1 ? channel + i : channel]);
        }
    }
}
