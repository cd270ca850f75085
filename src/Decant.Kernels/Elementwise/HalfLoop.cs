using System.Runtime.CompilerServices;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Elementwise;

/// <summary>float16 from and to float32, by arithmetic on the bits: .NET has no instruction for it. The last register overlaps the one before.</summary>
internal static unsafe class HalfLoop
{
    // Bits of floats: 2^112, which is the distance of the exponents' biases; infinity; the first float that rounds to an infinite
    // half (2^16); the smallest normal half (2^-14); 0.5, in which a subnormal half is counted in units of 2^-24.
    private const int BiasDistance = (127 + 112) << 23, Infinity = 255 << 23, HalfOverflow = (127 + 16) << 23, HalfNormal = (127 - 14) << 23, HalfUnits = (127 - 1) << 23;

    // What a half is with its exponent full, among a float's bits; the bits of an infinite half and of a half that is no number.
    private const int FullExponent = 0x7C00 << 13, InfiniteHalf = 0x7C00, NotANumberHalf = 0x7E00;

    public static void Widen(ushort* from, float* to, int n)
    {
        int bits = LaneWidth.Current;
        if (bits >= 512 && n >= Lanes512<float>.Count)
            Widen<Lanes512<float>>(from, to, n);
        else if (bits >= 256 && n >= Lanes256<float>.Count)
            Widen<Lanes256<float>>(from, to, n);
        else if (bits >= 128 && n >= Lanes128<float>.Count)
            Widen<Lanes128<float>>(from, to, n);
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
            Narrow<Lanes512<float>>(from, to, n);
        else if (bits >= 256 && n >= Lanes256<float>.Count)
            Narrow<Lanes256<float>>(from, to, n);
        else if (bits >= 128 && n >= Lanes128<float>.Count)
            Narrow<Lanes128<float>>(from, to, n);
        else
        {
            for (int i = 0; i < n; i++)
                to[i] = BitConverter.HalfToUInt16Bits((Half)from[i]);
        }
    }

    // The exponent and mantissa of a half in the place of a float's are the value times 2^-112, subnormal or not.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Widen<V>(ushort* from, float* to, int n)
        where V : struct, ILanes<V, float>
    {
        for (int i = 0; i < n; i += V.Count)
        {
            i = Math.Min(i, n - V.Count);
            V half = V.LoadUInt16(from + i), magnitude = V.ShiftLeft32(half & V.Int32(0x7FFF), 13);
            V full = V.LessOrEqual(V.Int32(FullExponent), magnitude) & V.Int32(Infinity);
            V finite = magnitude * V.Int32(BiasDistance);
            (finite | full | V.ShiftLeft32(half & V.Int32(0x8000), 16)).Store(to + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Narrow<V>(float* from, ushort* to, int n)
        where V : struct, ILanes<V, float>
    {
        for (int i = 0; i < n; i += V.Count)
        {
            i = Math.Min(i, n - V.Count);
            V value = V.Load(from + i), magnitude = V.Abs(value);

            // Half a unit of the last place, less one unless the last place is odd; then the biases' distance.
            V odd = V.ShiftRight32(magnitude, 13) & V.Int32(1);
            V normal = V.ShiftRight32(V.AddInt32(V.AddInt32(magnitude, V.Int32(0xFFF - HalfNormal + (1 << 23))), odd), 13);

            // The addition rounds to units of 2^-24, and leaves their count in the mantissa.
            V subnormal = V.AddInt32(magnitude + V.Int32(HalfUnits), V.Int32(-HalfUnits));
            V unlimited = V.Select(V.LessOrEqual(magnitude, V.Int32(Infinity)), V.Int32(InfiniteHalf), V.Int32(NotANumberHalf));
            V half = V.Select(V.Less(magnitude, V.Int32(HalfNormal)), subnormal, normal);
            half = V.Select(V.Less(magnitude, V.Int32(HalfOverflow)), half, unlimited);
            (half | (V.ShiftRight32(value, 16) & V.Int32(0x8000))).StoreUInt16(to + i);
        }
    }
}
