using System.Runtime.CompilerServices;

namespace Decant.Kernels.Quantized;

/// <summary>The loop of <see cref="IntegerBinary"/> over a row of at least as many elements as a register has lanes.</summary>
internal static unsafe class IntegerBinaryLoop<V, TLanes>
    where V : unmanaged
    where TLanes : struct, IIntegerLanes<V>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(IntegerBinary of, byte* a, nint strideA, byte* b, nint strideB, byte* y, int count)
    {
        int lanes = sizeof(V) / sizeof(int), last = count - lanes, size = of.Output.Size;
        bool isProduct = of.Op == IntegerBinaryOp.Multiply, isDifference = of.Op == IntegerBinaryOp.Subtract;
        V zeroA = TLanes.Create(of.A.ZeroPoint), zeroB = TLanes.Create(of.B.ZeroPoint);
        V zero = TLanes.Create(of.Output.ZeroPoint), low = TLanes.Create(of.Output.Min), high = TLanes.Create(of.Output.Max);
        Factor fa = new(of.FactorA, of.Bits), fb = new(of.FactorB, of.Bits), fy = new(of.FactorY, 0);

        // A structure of so many fields would stay in memory.
        V leftA = fa.Left, mantissaA = fa.Mantissa, oddA = fa.Odd, halfA = fa.Half, oddHalfA = fa.OddHalf, awayA = fa.Away, rightA = fa.Right;
        V leftB = fb.Left, mantissaB = fb.Mantissa, oddB = fb.Odd, halfB = fb.Half, oddHalfB = fb.OddHalf, awayB = fb.Away, rightB = fb.Right;
        V leftY = fy.Left, mantissaY = fy.Mantissa, oddY = fy.Odd, halfY = fy.Half, oddHalfY = fy.OddHalf, awayY = fy.Away, rightY = fy.Right;
        V one = strideA == 0 ? Single(of.A.Kind, a) : default, other = strideB == 0 ? Single(of.B.Kind, b) : default;
        for (int i = 0; ; i = Math.Min(i + lanes, last))
        {
            V x = TLanes.Subtract(strideA == 0 ? one : Load(of.A.Kind, a, i), zeroA), z = TLanes.Subtract(strideB == 0 ? other : Load(of.B.Kind, b, i), zeroB);
            V value;
            if (isProduct)
                value = TLanes.Multiply(x, z);
            else
            {
                x = Times(x, leftA, mantissaA, oddA, halfA, oddHalfA, awayA, rightA);
                z = Times(z, leftB, mantissaB, oddB, halfB, oddHalfB, awayB, rightB);
                value = isDifference ? TLanes.Subtract(x, z) : TLanes.Add(x, z);
            }

            value = TLanes.Min(high, TLanes.Max(low, TLanes.Add(Times(value, leftY, mantissaY, oddY, halfY, oddHalfY, awayY, rightY), zero)));
            if (size == 2)
                TLanes.StoreShorts(value, (short*)y + i);
            else
                TLanes.StoreBytes(value, y + i);
            if (i == last)
                return;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Load(IntegerKind kind, byte* from, int at) => kind == IntegerKind.Int16 ? TLanes.LoadShorts((short*)from + at) : TLanes.LoadBytes(from + at, kind == IntegerKind.Int8);

    private static V Single(IntegerKind kind, byte* from) => TLanes.Create(kind switch { IntegerKind.UInt8 => *from, IntegerKind.Int8 => *(sbyte*)from, _ => *(short*)from });

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Times(V x, V left, V mantissa, V odd, V half, V oddHalf, V away, V right)
    {
        x = TLanes.ShiftLeft(x, left);
        V scaled = TLanes.Rescale(x, mantissa, odd, half, oddHalf);
        return TLanes.ShiftRight(TLanes.Add(scaled, TLanes.And(TLanes.Sign(x), away)), right);
    }

    /// <summary>A <see cref="FixedPoint"/> as registers, behind a shift to the left; its shift to the right is small enough to round in 32 bits.</summary>
    private readonly struct Factor
    {
        public readonly V Mantissa, Odd, Left, Right, Half, OddHalf, Away;

        public Factor(FixedPoint factor, int bits)
        {
            int shift = Math.Max(-factor.Shift, 0);
            (Mantissa, Left, Right) = (TLanes.Create(factor.Mantissa), TLanes.Create(bits + Math.Max(factor.Shift, 0)), TLanes.Create(shift));
            V offset = TLanes.Create(shift > 0 ? 1 << (shift - 1) : 0);
            (Odd, Half, OddHalf, Away) = (TLanes.Odd(Mantissa), TLanes.Addend(offset, false), TLanes.Addend(offset, true), TLanes.Create(shift > 0 ? -1 : 0));
        }
    }
}
