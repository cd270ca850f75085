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
        V zeroA = TLanes.Create(of.A.ZeroPoint), zeroB = TLanes.Create(of.B.ZeroPoint), bits = TLanes.Create(of.Bits);
        V zero = TLanes.Create(of.Output.ZeroPoint), low = TLanes.Create(of.Output.Min), high = TLanes.Create(of.Output.Max);
        Factor fa = new(of.FactorA), fb = new(of.FactorB), fy = new(of.FactorY);
        V one = strideA == 0 ? Single(of.A.Kind, a) : default, other = strideB == 0 ? Single(of.B.Kind, b) : default;
        for (int i = 0; ; i = Math.Min(i + lanes, last))
        {
            V x = TLanes.Subtract(strideA == 0 ? one : Load(of.A.Kind, a, i), zeroA), z = TLanes.Subtract(strideB == 0 ? other : Load(of.B.Kind, b, i), zeroB);
            V value;
            if (isProduct)
                value = TLanes.Multiply(x, z);
            else
            {
                (x, z) = (fa.Times(TLanes.ShiftLeft(x, bits)), fb.Times(TLanes.ShiftLeft(z, bits)));
                value = isDifference ? TLanes.Subtract(x, z) : TLanes.Add(x, z);
            }

            value = TLanes.Min(high, TLanes.Max(low, TLanes.Add(fy.Times(value), zero)));
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

    /// <summary>A <see cref="FixedPoint"/> in registers; its shift to the right is small enough to round in 32 bits.</summary>
    private readonly struct Factor
    {
        private readonly V mantissa, odd, left, right, half, oddHalf, away;

        public Factor(FixedPoint factor)
        {
            int shift = Math.Max(-factor.Shift, 0);
            (mantissa, left, right) = (TLanes.Create(factor.Mantissa), TLanes.Create(Math.Max(factor.Shift, 0)), TLanes.Create(shift));
            V offset = TLanes.Create(shift > 0 ? 1 << (shift - 1) : 0);
            (odd, half, oddHalf, away) = (TLanes.Odd(mantissa), TLanes.Addend(offset, false), TLanes.Addend(offset, true), TLanes.Create(shift > 0 ? -1 : 0));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Times(V x)
        {
            x = TLanes.ShiftLeft(x, left);
            V scaled = TLanes.Rescale(x, mantissa, odd, half, oddHalf);
            return TLanes.ShiftRight(TLanes.Add(scaled, TLanes.And(TLanes.Sign(x), away)), right);
        }
    }
}
