using System.Numerics;
using System.Runtime.CompilerServices;

namespace Decant.Passes.Compress;

/// <summary>
/// Ranges and integers of elements that belong to one channel, or each to its own. Optimized at once, as they are done before the
/// runtime would find that it pays.
/// </summary>
internal static class ChannelLoops
{
    private const float Highest = 255;

    /// <summary>Widens the range of one channel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(ReadOnlySpan<float> elements, ref float min, ref float max)
    {
        int i = 0;
        if (elements.Length >= Vector<float>.Count)
        {
            Vector<float> least = new(min), most = new(max);
            for (; i <= elements.Length - Vector<float>.Count; i += Vector<float>.Count)
            {
                var x = new Vector<float>(elements[i..]);
                (least, most) = (Vector.Min(least, x), Vector.Max(most, x));
            }

            for (int j = 0; j < Vector<float>.Count; j++)
                (min, max) = (Math.Min(min, least[j]), Math.Max(max, most[j]));
        }

        for (; i < elements.Length; i++)
            (min, max) = (Math.Min(min, elements[i]), Math.Max(max, elements[i]));
    }

    /// <summary>Widens the range of each element's channel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(ReadOnlySpan<float> elements, Span<float> min, Span<float> max)
    {
        int i = 0;
        for (; i <= elements.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var x = new Vector<float>(elements[i..]);
            Vector.Min(new Vector<float>(min[i..]), x).CopyTo(min[i..]);
            Vector.Max(new Vector<float>(max[i..]), x).CopyTo(max[i..]);
        }

        for (; i < elements.Length; i++)
            (min[i], max[i]) = (Math.Min(min[i], elements[i]), Math.Max(max[i], elements[i]));
    }

    /// <summary>round(x · inverse) + zero, between 0 and 255.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Quantize(ReadOnlySpan<float> from, float inverse, float zero, Span<byte> to)
    {
        int i = 0;
        (Vector<float> inverses, Vector<float> zeros) = (new(inverse), new(zero));
        for (int width = Vector<float>.Count; i <= from.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector<ushort> low = Vector.Narrow(Integers(from[i..], inverses, zeros), Integers(from[(i + width)..], inverses, zeros));
            Vector<ushort> high = Vector.Narrow(Integers(from[(i + (2 * width))..], inverses, zeros), Integers(from[(i + (3 * width))..], inverses, zeros));
            Vector.Narrow(low, high).CopyTo(to[i..]);
        }

        for (; i < from.Length; i++)
            to[i] = (byte)Math.Clamp(MathF.Round(from[i] * inverse) + zero, 0, Highest);
    }

    /// <summary>The same with numbers for each element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Quantize(ReadOnlySpan<float> from, ReadOnlySpan<float> inverses, ReadOnlySpan<float> zeros, Span<byte> to)
    {
        int i = 0;
        for (int width = Vector<float>.Count; i <= from.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector<ushort> low = Vector.Narrow(Integers(from[i..], inverses[i..], zeros[i..]), Integers(from[(i + width)..], inverses[(i + width)..], zeros[(i + width)..]));
            int second = i + (2 * width);
            Vector<ushort> high = Vector.Narrow(Integers(from[second..], inverses[second..], zeros[second..]), Integers(from[(second + width)..], inverses[(second + width)..], zeros[(second + width)..]));
            Vector.Narrow(low, high).CopyTo(to[i..]);
        }

        for (; i < from.Length; i++)
            to[i] = (byte)Math.Clamp(MathF.Round(from[i] * inverses[i]) + zeros[i], 0, Highest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> Integers(ReadOnlySpan<float> values, ReadOnlySpan<float> inverses, ReadOnlySpan<float> zeros) =>
        Integers(values, new Vector<float>(inverses), new Vector<float>(zeros));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> Integers(ReadOnlySpan<float> values, Vector<float> inverses, Vector<float> zeros)
    {
        Vector<float> rounded = Vector.Round(new Vector<float>(values) * inverses) + zeros;
        return Vector.ConvertToInt32(Vector.Min(Vector.Max(rounded, Vector<float>.Zero), new Vector<float>(Highest))).As<int, uint>();
    }
}
