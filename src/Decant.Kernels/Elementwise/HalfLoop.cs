using System.Runtime.CompilerServices;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Elementwise;

/// <summary>float16 from and to float32, by arithmetic on the bits: .NET has no instruction for it. The last register overlaps the one before.</summary>
internal static unsafe class HalfLoop
{
    // Bits of floats: 2^112, which is the distance of the exponents' biases; infinity; the first float that rounds to an infinite
    // half (2^16); the smallest normal half (2^-14); 0.5, in which a subnormal half is counted in units of 2^-24.
    private const int BiasDistance = (127 + 112) << 23, Infinity = 255 << 23, HalfOverflow = (127 + 16) << 23, HalfNormal = (127 - 14) << 23, HalfUnits = (127 - 1) << 23;

    // What a half is with its exponent full, among a float's bits; its bits where it is not a number; where its sign and its magnitude lie in a float.
    private const int FullExponent = 0x7C00 << 13, NotANumberHalf = 0x7E00, SignAndMagnitude = unchecked((int)0x8FFFE000);

    public static void Widen(ushort* from, float* to, int n)
    {
        int bits = LaneWidth.Current;
        if (bits >= 512 && n >= Lanes512<float>.Count)
            WidenPairs<Lanes512<float>>(from, to, n);
        else if (bits >= 256 && n >= Lanes256<float>.Count)
            WidenPairs<Lanes256<float>>(from, to, n);
        else if (bits >= 128 && n >= Lanes128<float>.Count)
            WidenPairs<Lanes128<float>>(from, to, n);
        else
        {
            for (int i = 0; i < n; i++)
                to[i] = (float)BitConverter.UInt16BitsToHalf(from[i]);
        }
    }

    public static void Narrow(float* from, ushort* to, int n)
    {
        int bits = LaneWidth.Current;
        if (bits >= 512 && n >= Lanes512<float>.Count)
            NarrowPairs<Lanes512<float>>(from, to, n);
        else if (bits >= 256 && n >= Lanes256<float>.Count)
            NarrowPairs<Lanes256<float>>(from, to, n);
        else if (bits >= 128 && n >= Lanes128<float>.Count)
            NarrowPairs<Lanes128<float>>(from, to, n);
        else
        {
            for (int i = 0; i < n; i++)
                to[i] = BitConverter.HalfToUInt16Bits((Half)from[i]);
        }
    }

    private static void WidenPairs<V>(ushort* from, float* to, int n)
        where V : struct, ILanes<V, float>
    {
        if (n >= 2 * V.Count)
            Widen<Twin<V, float>>(from, to, n);
        else
            Widen<V>(from, to, n);
    }

    private static void NarrowPairs<V>(float* from, ushort* to, int n)
        where V : struct, ILanes<V, float>
    {
        if (n >= 2 * V.Count)
            Narrow<Twin<V, float>>(from, to, n);
        else
            Narrow<V>(from, to, n);
    }

    // The exponent and mantissa of a half in the place of a float's are the value times 2^-112, subnormal or not.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Widen<V>(ushort* from, float* to, int n)
        where V : struct, ILanes<V, float>
    {
        for (int i = 0; i < n; i += V.Count)
        {
            i = Math.Min(i, n - V.Count);

            // The sign stays at the top, and comes along through the product.
            V half = V.ShiftRight32(V.ShiftLeft32(V.LoadUInt16(from + i), 16), 3) & V.Int32(SignAndMagnitude);
            V full = V.LessOrEqual(V.Int32(FullExponent), V.Abs(half)) & V.Int32(Infinity);
            ((half * V.Int32(BiasDistance)) | full).Store(to + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Narrow<V>(float* from, ushort* to, int n)
        where V : struct, ILanes<V, float>
    {
        for (int i = 0; i < n; i += V.Count)
        {
            i = Math.Min(i, n - V.Count);

            // What would be beyond infinity is 2^16, whose half is infinity; of NaN the second is taken.
            V value = V.Load(from + i), magnitude = V.MinOrSecond(V.Int32(HalfOverflow), V.Abs(value));

            // Half a unit of the last place, less one unless the last place is odd; then the biases' distance.
            V odd = V.ShiftRight32(magnitude, 13) & V.Int32(1);
            V normal = V.ShiftRight32(V.AddInt32(V.AddInt32(magnitude, V.Int32(0xFFF - HalfNormal + (1 << 23))), odd), 13);

            // The addition rounds to units of 2^-24, and leaves their count in the mantissa.
            V subnormal = V.AddInt32(magnitude + V.Int32(HalfUnits), V.Int32(-HalfUnits));
            V half = V.Select(V.Less(magnitude, V.Int32(HalfNormal)), subnormal, normal);

            // A NaN has become more than the half that stands for it: both, read as floats, are denormals in the order of their bits.
            half = V.MinOrSecond(half, V.Int32(NotANumberHalf));
            (half | (V.ShiftRight32(value, 16) & V.Int32(0x8000))).StoreUInt16(to + i);
        }
    }
}
