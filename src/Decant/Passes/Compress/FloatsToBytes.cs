using System.Numerics;

namespace Decant.Passes.Compress;

/// <summary>Whole float32 numbers as bytes; those outside of 0 to 255 become these.</summary>
internal static class FloatsToBytes
{
    private const float Highest = 255;

    /// <summary>Converts all elements.</summary>
    public static void Saturate(ReadOnlySpan<float> from, Span<byte> to)
    {
        int at = 0;
        for (int width = Vector<float>.Count; at <= from.Length - Vector<byte>.Count; at += Vector<byte>.Count)
        {
            Vector<ushort> low = Vector.Narrow(Integers(from.Slice(at, width)), Integers(from.Slice(at + width, width)));
            Vector<ushort> high = Vector.Narrow(Integers(from.Slice(at + (2 * width), width)), Integers(from.Slice(at + (3 * width), width)));
            Vector.Narrow(low, high).CopyTo(to[at..]);
        }

        for (; at < from.Length; at++)
            to[at] = (byte)Math.Clamp(from[at], 0, Highest);
    }

    private static Vector<uint> Integers(ReadOnlySpan<float> values) =>
        Vector.ConvertToInt32(Vector.Min(Vector.Max(new Vector<float>(values), Vector<float>.Zero), new Vector<float>(Highest))).As<int, uint>();
}
