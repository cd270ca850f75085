using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Quantized;

/// <summary>
/// Makes quantized results of 32-bit sums of products, per output channel: clamp(zeroPoint + factor · (sum + bias)), the factor as a
/// <see cref="FixedPoint"/>, rounded as that does, bit for bit.
/// </summary>
public sealed unsafe class Requantizer
{
    private const int Fields = 7;

    /// <summary>Zeros behind the channels of a field, for registers that are not full.</summary>
    private const int Room = 16;

    private readonly FixedPoint[] factors;
    private readonly int[] parameters;
    private readonly int length;
    private readonly bool isLeft;

    /// <summary>Whether sums have to be cut first, where all results beyond are the least or the greatest anyhow.</summary>
    private readonly bool isCut;

    /// <summary>Whether no rounding can leave the range of 32 bits, so that lanes need not be wider.</summary>
    private readonly bool isBounded;

    /// <summary>For sums of an input and packed weights.</summary>
    /// <param name="factors">A factor for each channel, or one of all.</param>
    /// <param name="addends">A bias for each channel, or empty.</param>
    /// <param name="output">What results are cut to, and how they are rounded.</param>
    /// <param name="input">What the activations are.</param>
    /// <param name="weights">What is known of the packed weights.</param>
    public Requantizer(ReadOnlySpan<FixedPoint> factors, ReadOnlySpan<int> addends, in QuantizedOutput output, ActivationForm input, WeightSums weights)
    {
        int channels = weights.Sums.Length;
        (Output, length, this.factors, isBounded) = (output, channels + Room, new FixedPoint[channels], true);

        // One after another: bias, mantissa, left shift, right shift, what is added before it (half of the last bit that is shifted out, and the
        // zero point), -1 where halves are shifted out and rounded away from zero, and what sums are cut to.
        parameters = GC.AllocateArray<int>(checked(length * Fields), pinned: true);
        Span<int> bias = Field(0), mantissas = Field(1), left = Field(2), right = Field(3), offset = Field(4), away = Field(5), cut = Field(6);
        addends.CopyTo(bias);
        int zero = input.StoredZeroPoint(weights.Form);
        for (int c = 0; c < channels; c++)
        {
            FixedPoint factor = this.factors[c] = factors[factors.Length == 1 ? 0 : c];
            (mantissas[c], left[c], right[c]) = (factor.Mantissa, Math.Max(factor.Shift, 0), Math.Max(-factor.Shift, 0));
            long added = (right[c] > 0 ? 1L << (right[c] - 1) : 0) + ((long)output.ZeroPoint << right[c]);
            offset[c] = unchecked((int)added);
            away[c] = right[c] > 0 && !FixedPoint.IsUp(output.Rounding, c, channels) ? -1 : 0;
            isLeft |= left[c] > 0;

            // The high product of a sum is no larger than the sum; what is added must find room beside it.
            long most = (weights.AbsoluteSums[c] * input.MostMagnitude) + Math.Abs((long)bias[c]), room = int.MaxValue - Math.Abs(added) - 1;
            cut[c] = (int)Math.Max(0, room);
            if (left[c] > 0)
                isBounded &= Math.Abs(added) << 1 <= int.MaxValue;
            else if (most > room)
            {
                isBounded &= room > 0 && One(c, cut[c]) == output.Max && One(c, -cut[c]) == output.Min;
                isCut = true;
            }

            // Σ (a - za)(b - zb) = Σ ab - zb Σ a - za Σ (b - zb); of that zb Σ a is told with the sums.
            bias[c] = unchecked(bias[c] - (zero * weights.Sums[c]));
        }

        isBounded &= !isCut || !isLeft;
    }

    /// <summary>What results are cut to, and how they are rounded.</summary>
    public QuantizedOutput Output { get; }

    /// <summary>Stores results.</summary>
    /// <param name="sums">The sums.</param>
    /// <param name="to">The results of the first row, of the size of <see cref="QuantizedOutput.Kind"/>.</param>
    /// <param name="stride">Bytes between rows of results.</param>
    internal void Store(in DotSums sums, byte* to, nint stride)
    {
        int width = isBounded ? LaneWidth.Current : 0;
        nint room = sums.Stride;
        if (width >= 512 && IntegerLanes512.IsSupported && sums.Count > Vector256<int>.Count && room >= Vector512<int>.Count)
            Store<Vector512<int>, IntegerLanes512>(sums, to, stride);
        else if (width >= 256 && IntegerLanes256.IsSupported && sums.Count > Vector128<int>.Count && room >= Vector256<int>.Count)
            Store<Vector256<int>, IntegerLanes256>(sums, to, stride);
        else if (width >= 128 && IntegerLanes128.IsSupported && room >= Vector128<int>.Count)
            Store<Vector128<int>, IntegerLanes128>(sums, to, stride);
        else
            StoreOneByOne(sums, to, stride);
    }

    private void StoreOneByOne(in DotSums sums, byte* to, nint stride)
    {
        for (int r = 0; r < sums.RowCount; r++, to += stride)
        {
            for (int i = 0; i < sums.Count; i++)
            {
                int channel = sums.Channel + i, sum = unchecked(sums.Values[(r * sums.Stride) + i] - (sums.Terms == null ? 0 : sums.Terms[r]) + parameters[channel]);
                int value = One(channel, sum);
                if (Output.Kind == IntegerKind.Int16)
                    ((short*)to)[i] = (short)value;
                else
                    to[i] = (byte)value;
            }
        }
    }

    private int One(int channel, int sum) =>
        Math.Clamp(unchecked(factors[channel].Times(sum, Output.Rounding, channel, factors.Length) + Output.ZeroPoint), Output.Min, Output.Max);

    private Span<int> Field(int field) => parameters.AsSpan(field * length, length);

    private void Store<V, TLanes>(in DotSums sums, byte* to, nint stride)
        where V : unmanaged
        where TLanes : struct, IIntegerLanes<V>
    {
        int* first = (int*)Marshal.UnsafeAddrOfPinnedArrayElement(parameters, 0) + sums.Channel;
        if (Output.Rounding != Rounding.HalfUp)
            Requantization<V, TLanes, Away>.Run(sums, first, length, isLeft, isCut, Output, to, stride);
        else
            Requantization<V, TLanes, Up>.Run(sums, first, length, isLeft, isCut, Output, to, stride);
    }

    internal readonly struct Away : IIsAway { public static bool Value => true; }

    internal readonly struct Up : IIsAway { public static bool Value => false; }

    /// <summary>Whether halves are rounded away from zero, as a type.</summary>
    internal interface IIsAway
    {
        static abstract bool Value { get; }
    }
}
