using System.Numerics;
using System.Runtime.CompilerServices;
using Decant.Runtime;

namespace Decant.Passes.Compress;

/// <summary>
/// float32 to 8 bits with one range for the whole tensor, as the Graph Transform Tool's <c>quantize_weights</c> does it. The range holds
/// 0, so 0 stays 0. TensorFlow's <c>Dequantize</c> in mode MIN_FIRST makes values of it that are at most half a <see cref="Step"/> off.
/// </summary>
internal static class QuantizeTensor
{
    private const int Steps = 256;

    /// <summary>The smallest normal float32, from which the tool searches for the maximum.</summary>
    public const float LeastMax = 1.17549435e-38f;

    /// <summary>The range that is stored beside the integers: that of the elements and 0. It is never empty, as its maximum is positive.</summary>
    /// <param name="tensor">float32; a NaN among the elements makes the range NaN.</param>
    public static (float Min, float Max) Range(Tensor tensor)
    {
        (float min, float max) = FloatStream.Extremes(tensor);
        return Range(min, max);
    }

    /// <summary>The same for elements between these.</summary>
    public static (float Min, float Max) Range(float min, float max) => (Math.Min(min, 0f), Math.Max(max, LeastMax));

    /// <summary>How far apart the values of adjacent integers are.</summary>
    public static float Step(float min, float max) => (max - min) / (Steps - 1);

    /// <summary>The integers, a quint8 tensor: round(x·scale) - round(min·scale) with scale = 255 / (max - min), halves away from 0.</summary>
    public static Tensor ToQuint8(Tensor tensor, float min, float max)
    {
        const double adjust = Steps / (Steps - 1.0);
        double scale = Steps / ((max - min) * adjust);
        double lowest = Away(min * scale);
        return FloatStream.Convert<byte>(tensor, DType.QUInt8, (from, to, _) =>
        {
            for (int i = Vectors(from, to, scale, lowest); i < from.Length; i++)
                to[i] = (byte)Math.Clamp(Away(from[i] * scale) - lowest, 0.0, Steps - 1.0);
        });
    }

    /// <summary>The same for as many elements as fill whole vectors; tells how many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Vectors(ReadOnlySpan<float> from, Span<byte> to, double scale, double lowest)
    {
        int at = 0;
        for (int width = Vector<float>.Count; at <= from.Length - Vector<byte>.Count; at += Vector<byte>.Count)
        {
            Vector<ushort> low = Vector.Narrow(Integers(from.Slice(at, width)), Integers(from.Slice(at + width, width)));
            Vector<ushort> high = Vector.Narrow(Integers(from.Slice(at + (2 * width), width)), Integers(from.Slice(at + (3 * width), width)));
            Vector.Narrow(low, high).CopyTo(to[at..]);
        }

        return at;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        Vector<uint> Integers(ReadOnlySpan<float> values)
        {
            Vector.Widen(new Vector<float>(values), out Vector<double> low, out Vector<double> high);
            return Vector.ConvertToInt32(Vector.Narrow(Round(low), Round(high))).As<int, uint>();
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        Vector<double> Round(Vector<double> values)
        {
            values *= scale;
            // What Math.Round does too: the largest number below a half, so that it is not rounded up itself.
            values = Vector.Truncate(values + Vector.CopySign(new Vector<double>(0.49999999999999994), values)) - new Vector<double>(lowest);
            return Vector.Min(Vector.Max(values, Vector<double>.Zero), new Vector<double>(Steps - 1));
        }
    }

    private static double Away(double value) => Math.Round(value, MidpointRounding.AwayFromZero);
}
