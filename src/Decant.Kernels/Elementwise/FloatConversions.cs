using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Decant.Kernels.Elementwise;

/// <summary>Converts between widths of floats: exact where it widens, to nearest with ties to even where it narrows.</summary>
public static class FloatConversions
{
    // Bits of floats: 2^112, which is the distance of the exponents' biases; infinity; the first float that rounds to an infinite
    // half (2^16); the smallest normal half (2^-14); 0.5, in which a subnormal half is counted in units of 2^-24.
    private const uint BiasDistance = (127 + 112) << 23, Infinity = 255 << 23, HalfOverflow = (127 + 16) << 23, HalfNormal = (127 - 14) << 23, HalfUnits = (127 - 1) << 23;

    // What a half is with its exponent full, among a float's bits; the bits of an infinite half and of a half that is no number.
    private const uint FullExponent = 0x7C00 << 13, InfiniteHalf = 0x7C00, NotANumberHalf = 0x7E00;

    /// <summary>float16 to float32.</summary>
    public static void Widen(ReadOnlySpan<Half> from, Span<float> to)
    {
        Guard.Length(to, from.Length);
        ReadOnlySpan<ushort> bits = MemoryMarshal.Cast<Half, ushort>(from);
        int i = 0;
        for (; i <= bits.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(bits[i..]), out Vector<uint> low, out Vector<uint> high);
            Widen(low).CopyTo(to[i..]);
            Widen(high).CopyTo(to[(i + Vector<float>.Count)..]);
        }

        for (; i < from.Length; i++)
            to[i] = (float)from[i];
    }

    /// <summary>float32 to float16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Narrow(ReadOnlySpan<float> from, Span<Half> to)
    {
        Guard.Length(to, from.Length);
        Span<ushort> bits = MemoryMarshal.Cast<Half, ushort>(to);
        int i = 0;
        for (; i <= bits.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
            Vector.Narrow(Narrow(new Vector<float>(from[i..])), Narrow(new Vector<float>(from[(i + Vector<float>.Count)..]))).CopyTo(bits[i..]);
        for (; i < from.Length; i++)
            to[i] = (Half)from[i];
    }

    /// <summary>float32 to float64.</summary>
    public static void Widen(ReadOnlySpan<float> from, Span<double> to)
    {
        Guard.Length(to, from.Length);
        int i = 0;
        for (; i <= from.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(from[i..]), out Vector<double> low, out Vector<double> high);
            low.CopyTo(to[i..]);
            high.CopyTo(to[(i + Vector<double>.Count)..]);
        }

        for (; i < from.Length; i++)
            to[i] = from[i];
    }

    /// <summary>float64 to float32.</summary>
    public static void Narrow(ReadOnlySpan<double> from, Span<float> to)
    {
        Guard.Length(to, from.Length);
        int i = 0;
        for (; i <= from.Length - Vector<float>.Count; i += Vector<float>.Count)
            Vector.Narrow(new Vector<double>(from[i..]), new Vector<double>(from[(i + Vector<double>.Count)..])).CopyTo(to[i..]);
        for (; i < from.Length; i++)
            to[i] = (float)from[i];
    }

    // The exponent and mantissa of a half in the place of a float's are the value times 2^-112, subnormal or not.
    private static Vector<float> Widen(Vector<uint> half)
    {
        Vector<uint> magnitude = (half & new Vector<uint>(0x7FFF)) << 13;
        Vector<uint> finite = Vector.AsVectorUInt32(Vector.AsVectorSingle(magnitude) * Vector.AsVectorSingle(new Vector<uint>(BiasDistance)));
        Vector<uint> full = Vector.GreaterThanOrEqual(magnitude, new Vector<uint>(FullExponent)) & new Vector<uint>(Infinity);
        return Vector.AsVectorSingle(finite | full | ((half & new Vector<uint>(0x8000)) << 16));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> Narrow(Vector<float> value)
    {
        Vector<uint> bits = Vector.AsVectorUInt32(value);
        Vector<uint> magnitude = bits & new Vector<uint>(0x7FFF_FFFF);

        // Half a unit of the last place, less one unless the last place is odd; then the biases' distance.
        Vector<uint> normal = (magnitude - new Vector<uint>(HalfNormal - (1 << 23)) + new Vector<uint>(0xFFF) + ((magnitude >>> 13) & Vector<uint>.One)) >>> 13;

        // The addition rounds to units of 2^-24, and leaves their count in the mantissa.
        Vector<uint> units = new(HalfUnits);
        Vector<uint> subnormal = Vector.AsVectorUInt32(Vector.AsVectorSingle(magnitude) + Vector.AsVectorSingle(units)) - units;
        Vector<uint> unlimited = Vector.ConditionalSelect(Vector.GreaterThan(magnitude, new Vector<uint>(Infinity)), new Vector<uint>(NotANumberHalf), new Vector<uint>(InfiniteHalf));
        Vector<uint> half = Vector.ConditionalSelect(Vector.LessThan(magnitude, new Vector<uint>(HalfNormal)), subnormal, normal);
        half = Vector.ConditionalSelect(Vector.GreaterThanOrEqual(magnitude, new Vector<uint>(HalfOverflow)), unlimited, half);
        return half | ((bits & new Vector<uint>(0x8000_0000)) >>> 16);
    }
}
