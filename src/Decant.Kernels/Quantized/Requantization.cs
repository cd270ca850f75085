using System.Runtime.CompilerServices;

namespace Decant.Kernels.Quantized;

/// <summary>The loop of <see cref="Requantizer"/>: a register of channels after another, whose parameters stay in registers for all rows.</summary>
internal static unsafe class Requantization<V, TLanes, TAway>
    where V : unmanaged
    where TLanes : struct, IIntegerLanes<V>
    where TAway : struct, Requantizer.IIsAway
{
    /// <summary>Stores results; there are as many channels as a register has lanes, or more, the last ones of which are computed twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(in DotSums sums, int* parameters, nint length, bool isLeft, in QuantizedOutput output, byte* to, nint stride)
    {
        int lanes = sizeof(V) / sizeof(int), size = output.Size, last = sums.Count - lanes;
        V low = TLanes.Create(output.Min), high = TLanes.Create(output.Max);
        for (int i = 0; ; i = Math.Min(i + lanes, last))
        {
            int* p = parameters + i;
            V bias = *(V*)p, factor = *(V*)(p + length), odd = TLanes.Odd(factor), left = *(V*)(p + (2 * length));
            V right = *(V*)(p + (3 * length)), offset = *(V*)(p + (4 * length)), away = *(V*)(p + (5 * length));
            V addend = TLanes.Addend(offset, false), oddAddend = TLanes.Addend(offset, true);
            int* values = sums.Values + i, terms = sums.Terms;
            nint valueStride = sums.Stride;
            byte* place = to + (i * size);
            for (int r = sums.RowCount; r > 0; r--, values += valueStride, place += stride)
            {
                V x = TLanes.Add(*(V*)values, bias);
                if (terms != null)
                    x = TLanes.Subtract(x, TLanes.Create(*terms++));
                if (isLeft)
                    x = TLanes.ShiftLeft(x, left);
                V scaled = TLanes.Rescale(x, factor, odd, addend, oddAddend);

                // Half away from zero: 1 less before the shift where negative. What the product rounded to 0 stays 0 by it.
                if (TAway.Value)
                    scaled = TLanes.Add(scaled, TLanes.And(TLanes.Sign(x), away));
                V y = TLanes.Min(high, TLanes.Max(low, TLanes.ShiftRight(scaled, right)));
                if (size == 2)
                    TLanes.StoreShorts(y, (short*)place);
                else
                    TLanes.StoreBytes(y, place);
            }

            if (i == last)
                return;
        }
    }
}
