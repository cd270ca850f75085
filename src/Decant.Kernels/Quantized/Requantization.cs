using System.Runtime.CompilerServices;

namespace Decant.Kernels.Quantized;

/// <summary>The loop of <see cref="Requantizer"/>: a register of channels after another, whose parameters stay in registers for all rows.</summary>
internal static unsafe class Requantization<V, TLanes, TAway>
    where V : unmanaged
    where TLanes : struct, IIntegerLanes<V>
    where TAway : struct, Requantizer.IIsAway
{
    /// <summary>Rows whose results are packed together.</summary>
    private const int Together = 4;

    private const int MostBytes = 64;

    /// <summary>
    /// Stores results. The last channels are computed twice where they do not fill a register; where all do not, there are sums for a register
    /// nevertheless.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(in DotSums sums, int* parameters, nint length, bool isLeft, bool isCut, in QuantizedOutput output, byte* to, nint stride)
    {
        int lanes = sizeof(V) / sizeof(int), size = output.Size, last = Math.Max(0, sums.Count - lanes), few = sums.Count < lanes ? sums.Count * size : 0;
        bool isSigned = output.Kind == IntegerKind.Int8;
        V low = TLanes.Create(output.Min), high = TLanes.Create(output.Max), lowBytes = TLanes.CreateBytes(output.Min), highBytes = TLanes.CreateBytes(output.Max);
        byte* whole = stackalloc byte[MostBytes];
        for (int i = 0; ; i = Math.Min(i + lanes, last))
        {
            int* p = parameters + i;
            V bias = *(V*)p, factor = *(V*)(p + length), odd = TLanes.Odd(factor), left = *(V*)(p + (2 * length));
            V right = *(V*)(p + (3 * length)), offset = *(V*)(p + (4 * length)), away = *(V*)(p + (5 * length)), cut = *(V*)(p + (6 * length));
            V addend = TLanes.Addend(offset, false), oddAddend = TLanes.Addend(offset, true);
            int* values = sums.Values + i, terms = sums.Terms;
            nint valueStride = sums.Stride;
            byte* place = to + (i * size);
            int rows = sums.RowCount;
            if (size == 1 && few == 0)
            {
                for (; rows >= Together; rows -= Together, values += Together * valueStride, place += Together * stride)
                {
                    V a = Scaled(Sum(values, bias, terms), factor, odd, left, right, addend, oddAddend, away, cut, isLeft, isCut);
                    V b = Scaled(Sum(values + valueStride, bias, terms == null ? null : terms + 1), factor, odd, left, right, addend, oddAddend, away, cut, isLeft, isCut);
                    V c = Scaled(Sum(values + (2 * valueStride), bias, terms == null ? null : terms + 2), factor, odd, left, right, addend, oddAddend, away, cut, isLeft, isCut);
                    V d = Scaled(Sum(values + (3 * valueStride), bias, terms == null ? null : terms + 3), factor, odd, left, right, addend, oddAddend, away, cut, isLeft, isCut);
                    TLanes.StoreRows(a, b, c, d, lowBytes, highBytes, isSigned, place, stride);
                    if (terms != null)
                        terms += Together;
                }
            }

            for (; rows > 0; rows--, values += valueStride, place += stride)
            {
                V y = TLanes.Min(high, TLanes.Max(low, Scaled(Sum(values, bias, terms), factor, odd, left, right, addend, oddAddend, away, cut, isLeft, isCut)));
                if (terms != null)
                    terms++;
                byte* target = few == 0 ? place : whole;
                if (size == 2)
                    TLanes.StoreShorts(y, (short*)target);
                else
                    TLanes.StoreBytes(y, target);
                if (few != 0)
                    CopyFew(whole, place, few);
            }

            if (i == last)
                return;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Sum(int* values, V bias, int* term) => term == null ? TLanes.Add(*(V*)values, bias) : TLanes.Subtract(TLanes.Add(*(V*)values, bias), TLanes.Create(*term));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Scaled(V x, V factor, V odd, V left, V right, V addend, V oddAddend, V away, V cut, bool isLeft, bool isCut)
    {
        if (isCut)
            x = TLanes.Min(cut, TLanes.Max(TLanes.Subtract(default, cut), x));
        if (isLeft)
            x = TLanes.ShiftLeft(x, left);
        V scaled = TLanes.Rescale(x, factor, odd, addend, oddAddend);

        // Half away from zero: 1 less before the shift where negative. What the product rounded to 0 stays 0 by it.
        if (TAway.Value)
            scaled = TLanes.Add(scaled, TLanes.And(TLanes.Sign(x), away));
        return TLanes.ShiftRight(scaled, right);
    }

    /// <summary>Less than a register: two moves that overlap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyFew(byte* from, byte* to, int count)
    {
        if (count >= 16)
        {
            Buffer.MemoryCopy(from, to, count, count);
        }
        else if (count >= 8)
        {
            ulong tail = *(ulong*)(from + count - 8);
            *(ulong*)to = *(ulong*)from;
            *(ulong*)(to + count - 8) = tail;
        }
        else if (count >= 4)
        {
            uint tail = *(uint*)(from + count - 4);
            *(uint*)to = *(uint*)from;
            *(uint*)(to + count - 4) = tail;
        }
        else
        {
            for (int i = 0; i < count; i++)
                to[i] = from[i];
        }
    }
}
