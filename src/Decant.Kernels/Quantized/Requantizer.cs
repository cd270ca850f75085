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

    private const int WideFields = 4;

    /// <summary>One in so many channels may be loose until all are stored one by one.</summary>
    private const int LooseShare = 4;

    /// <summary>Of a zero point in front of the last shift, so that it fits beside a product of 62 bits and behind 31 others.</summary>
    private const long MostWideOffset = 1 << 30;

    /// <summary>Zeros behind the channels of a field, for registers that are not full.</summary>
    private const int Room = 16;

    /// <summary>Channels that fill any register.</summary>
    private const int Wide = 16;

    private readonly FixedPoint[] factors;
    private readonly int[] parameters;
    private readonly int length;

    /// <summary>Channels before they are repeated.</summary>
    private readonly int ownChannels;

    private bool isLeft;

    /// <summary>Whether sums have to be cut first, where all results beyond are the least or the greatest anyhow.</summary>
    private bool isCut;

    /// <summary>Channels whose rounding may leave the range of 32 bits, such as those of next to no weights and a great bias: registers are not for them.</summary>
    private int[] loose = [];

    private int looseCount;

    /// <summary>Whether few channels are loose, so that they are stored once more behind what registers store.</summary>
    private bool isBounded;

    /// <summary>The parameters of <see cref="WideRequantization{TAway}"/>, of which <see cref="Requantization256{TAway}"/> takes the addends; null where 64 bits or sums have no room for them.</summary>
    private long[]? wideParameters;

    private bool isAway;

    /// <summary>For rows of few channels that lie one after another: as many of them at once as fill a register.</summary>
    private readonly Requantizer? wide;

    /// <summary>The memory of <see cref="wideParameters"/>; none where there are no registers for them.</summary>
    private readonly long[] wides = [];

    /// <summary>The biases that were given.</summary>
    private readonly int[] addends = [];

    /// <summary>For sums of an input and packed weights.</summary>
    /// <param name="factors">A factor for each channel, or one of all.</param>
    /// <param name="addends">A bias for each channel, or empty.</param>
    /// <param name="output">What results are cut to, and how they are rounded.</param>
    /// <param name="input">What the activations are.</param>
    /// <param name="weights">What is known of the packed weights.</param>
    public Requantizer(ReadOnlySpan<FixedPoint> factors, ReadOnlySpan<int> addends, in QuantizedOutput output, ActivationForm input, WeightSums weights)
    {
        int channels = weights.Sums.Length;
        (Output, length, ownChannels, this.factors, this.addends) = (output, channels + Room, channels, new FixedPoint[channels], addends.ToArray());
        for (int c = 0; c < channels; c++)
            this.factors[c] = factors[factors.Length == 1 ? 0 : c];

        // One after another: bias, mantissa, left shift, right shift, what is added before it (half of the last bit that is shifted out, and the
        // zero point), -1 where halves are shifted out and rounded away from zero, and what sums are cut to.
        parameters = GC.AllocateArray<int>(checked(length * Fields), pinned: true);
        if (IntegerLanes256.IsSupported)
            wides = GC.AllocateArray<long>(checked(channels * WideFields), pinned: true);
        Fill(input, weights);
        if (channels > 0 && channels < Wide && Wide % channels == 0)
            wide = new Requantizer(this, Wide / channels);
    }

    /// <summary>The same for other weights of as many channels.</summary>
    /// <param name="input">What the activations are.</param>
    /// <param name="weights">What is known of the packed weights.</param>
    public void Renew(ActivationForm input, WeightSums weights)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Sums.Length, factors.Length);
        Fill(input, weights);
        wide?.Repeat(this);
    }

    private void Fill(ActivationForm input, WeightSums weights)
    {
        QuantizedOutput output = Output;
        int channels = factors.Length;
        (isLeft, isCut, isAway) = (false, false, false);
        Span<int> bias = Field(0), mantissas = Field(1), left = Field(2), right = Field(3), offset = Field(4), away = Field(5), cut = Field(6);
        bias.Clear();
        addends.CopyTo(bias);
        int zero = input.StoredZeroPoint(weights.Form);
        bool isWide = IntegerLanes256.IsSupported;
        looseCount = 0;
        for (int c = 0; c < channels; c++)
        {
            FixedPoint factor = factors[c];
            long most = (weights.AbsoluteSums[c] * input.MostMagnitude) + Math.Abs((long)bias[c]), added = Added(factor);

            // A channel that is dead, or as good as that, has one result for all sums.
            bool isConstant = weights.AbsoluteSums[c] == 0 || factor.Mantissa == 0 || (factor.Shift < 0 && most < 1L << (-factor.Shift - 1));
            bool isLoose = !isConstant && !Fits(c, factor, most, added);
            if (isLoose)
            {
                if (loose.Length == 0)
                    loose = new int[channels];
                loose[looseCount++] = c;
            }

            if (isConstant || isLoose)
                (factor, most, added) = (default, 0, isConstant ? One(c, bias[c]) : 0);
            (mantissas[c], left[c], right[c], offset[c]) = (factor.Mantissa, Math.Max(factor.Shift, 0), Math.Max(-factor.Shift, 0), unchecked((int)added));
            away[c] = right[c] > 0 && !FixedPoint.IsUp(output.Rounding, c, channels) ? -1 : 0;
            isLeft |= left[c] > 0;
            isAway |= away[c] != 0;
            cut[c] = (int)Math.Max(0, MostSum(added));
            isCut |= left[c] == 0 && most > MostSum(added);

            // Σ (a - za)(b - zb) = Σ ab - zb Σ a - za Σ (b - zb); of that zb Σ a is told with the sums.
            long folded = bias[c] - ((long)zero * weights.Sums[c]);
            bias[c] = unchecked((int)folded);
            if (wides.Length == 0)
                continue;
            (wides[c], wides[channels + c], wides[(3 * channels) + c]) = (0, 0, 0);
            if (isConstant || isLoose)
                (wides[c], wides[channels + c]) = (31, added << 31);
            else if (left[c] == 0 && Math.Abs((long)output.ZeroPoint) << right[c] <= MostWideOffset && most <= int.MaxValue && bias[c] == folded && folded != int.MinValue && weights.AbsoluteSums[c] * Math.Max(byte.MaxValue, input.MostMagnitude) <= int.MaxValue)
            {
                long product = folded * mantissas[c];
                (wides[c], wides[channels + c], wides[(3 * channels) + c]) = (31 + right[c], product + (1L << 30) + (added << 31), -product);
            }
            else
                isWide = false;

            wides[(2 * channels) + c] = wides[channels + c] + ((long)away[c] << 31);
        }

        wideParameters = isWide ? wides : null;
        isBounded = looseCount <= channels / LooseShare;
    }

    /// <summary>What is added in front of the last shift: half of the last bit that is shifted out, and the zero point.</summary>
    private long Added(FixedPoint factor) => factor.Shift < 0 ? (1L << (-factor.Shift - 1)) + ((long)Output.ZeroPoint << -factor.Shift) : Output.ZeroPoint;

    /// <summary>The greatest sum for a register: its high product is no larger than itself, and what is added must find room beside it.</summary>
    private static long MostSum(long added) => int.MaxValue - Math.Abs(added) - 1;

    /// <summary>Whether 32 bits hold what is made of sums up to <paramref name="most"/>, cut to the room where all beyond are the least or the greatest result anyhow.</summary>
    private bool Fits(int channel, FixedPoint factor, long most, long added)
    {
        long room = MostSum(added);
        if (factor.Shift > 0)
            return Math.Abs(added) << 1 <= int.MaxValue && most <= room;
        return most <= room || (room > 0 && One(channel, (int)room) == Output.Max && One(channel, (int)-room) == Output.Min);
    }

    /// <summary>The same channels several times one after another.</summary>
    private Requantizer(Requantizer of, int times)
    {
        int channels = of.factors.Length;
        (Output, length, ownChannels) = (of.Output, (channels * times) + Room, channels);
        (factors, parameters) = (new FixedPoint[channels * times], GC.AllocateArray<int>(checked(length * Fields), pinned: true));
        if (of.wides.Length > 0)
            wides = GC.AllocateArray<long>(factors.Length * WideFields, pinned: true);
        Repeat(of);
    }

    private void Repeat(Requantizer of)
    {
        (isLeft, isCut, isBounded, isAway) = (of.isLeft, of.isCut, of.isBounded, of.isAway);
        wideParameters = of.wideParameters is null ? null : wides;
        int channels = ownChannels, times = factors.Length / channels;
        looseCount = times * of.looseCount;
        if (loose.Length < looseCount)
            loose = new int[factors.Length];
        for (int i = 0; i < times; i++)
        {
            of.factors.CopyTo(factors, i * channels);
            for (int k = 0; k < of.looseCount; k++)
                loose[(i * of.looseCount) + k] = (i * channels) + of.loose[k];
            for (int field = 0; field < Fields; field++)
                of.Field(field)[..channels].CopyTo(Field(field)[(i * channels)..]);
            for (int field = 0; field < WideFields && wideParameters is not null; field++)
                of.wideParameters.AsSpan(field * channels, channels).CopyTo(wideParameters.AsSpan(((field * times) + i) * channels));
        }
    }

    /// <summary>What results are cut to, and how they are rounded.</summary>
    public QuantizedOutput Output { get; }

    /// <summary>Stores results.</summary>
    /// <param name="sums">The sums.</param>
    /// <param name="to">The results of the first row, of the size of <see cref="QuantizedOutput.Kind"/>.</param>
    /// <param name="stride">Bytes between rows of results.</param>
    internal void Store(in DotSums sums, byte* to, nint stride)
    {
        if (wide is not null && sums.Count == factors.Length && sums.Terms == null)
        {
            DotSums joined = sums.Joined(Wide, out DotSums left);
            wide.Lanes(joined, to, Wide * Output.Size);
            if (left.RowCount > 0)
                Lanes(left, to + (joined.RowCount * (nint)Wide * Output.Size), stride);
            return;
        }

        Lanes(sums, to, stride);
    }

    private void Lanes(in DotSums sums, byte* to, nint stride)
    {
        if (!isBounded || !StoreRegisters(sums, to, stride))
        {
            for (int i = 0; i < sums.Count; i++)
                StoreChannel(sums, i, to, stride);
            return;
        }

        foreach (int channel in loose.AsSpan(0, looseCount))
        {
            if (channel >= sums.Channel && channel < sums.Channel + sums.Count)
                StoreChannel(sums, channel - sums.Channel, to, stride);
        }
    }

    /// <summary>Stores all channels in registers, those that are loose wrongly; or nothing, where there are no registers.</summary>
    private bool StoreRegisters(in DotSums sums, byte* to, nint stride)
    {
        int width = LaneWidth.Current;
        nint room = sums.Stride;
        if (wideParameters is not null && width >= 512 && IntegerLanes512.IsSupported && sums.Count >= Wide)
            WideStore(sums, to, stride);
        else if (wideParameters is not null && width >= 256 && !isCut && sums.Count >= Vector256<int>.Count && sums.Terms == null)
            Store256(sums, to, stride);
        else if (width >= 512 && IntegerLanes512.IsSupported && sums.Count > Vector256<int>.Count && room >= Vector512<int>.Count)
            Store<Vector512<int>, IntegerLanes512>(sums, to, stride);
        else if (width >= 256 && IntegerLanes256.IsSupported && sums.Count > Vector128<int>.Count && room >= Vector256<int>.Count)
            Store<Vector256<int>, IntegerLanes256>(sums, to, stride);
        else if (width >= 128 && IntegerLanes128.IsSupported && room >= Vector128<int>.Count)
            Store<Vector128<int>, IntegerLanes128>(sums, to, stride);
        else
            return false;
        return true;
    }

    private void StoreChannel(in DotSums sums, int i, byte* to, nint stride)
    {
        int channel = sums.Channel + i;
        for (int r = 0; r < sums.RowCount; r++)
        {
            int value = One(channel, unchecked(sums.Values[(r * sums.Stride) + i] - (sums.Terms == null ? 0 : sums.Terms[r]) + parameters[channel]));
            byte* place = to + (r * stride);
            if (Output.Kind == IntegerKind.Int16)
                ((short*)place)[i] = (short)value;
            else
                place[i] = (byte)value;
        }
    }

    private int One(int channel, int sum) =>
        Math.Clamp(unchecked(factors[channel].Times(sum, Output.Rounding, channel % ownChannels, ownChannels) + Output.ZeroPoint), Output.Min, Output.Max);

    private Span<int> Field(int field) => parameters.AsSpan(field * length, length);

    private void WideStore(in DotSums sums, byte* to, nint stride)
    {
        int* mantissas = (int*)Marshal.UnsafeAddrOfPinnedArrayElement(parameters, length) + sums.Channel;
        long* first = (long*)Marshal.UnsafeAddrOfPinnedArrayElement(wideParameters!, 0) + sums.Channel;
        if (isAway)
            WideRequantization<Away>.Run(sums, mantissas, first, factors.Length, Output, to, stride);
        else
            WideRequantization<Up>.Run(sums, mantissas, first, factors.Length, Output, to, stride);
    }

    private void Store256(in DotSums sums, byte* to, nint stride)
    {
        int* first = (int*)Marshal.UnsafeAddrOfPinnedArrayElement(parameters, 0) + sums.Channel;
        long* addends = (long*)Marshal.UnsafeAddrOfPinnedArrayElement(wideParameters!, factors.Length) + sums.Channel;
        if (isAway)
            Requantization256<Away>.Run(sums, first, length, addends, Output, to, stride);
        else
            Requantization256<Up>.Run(sums, first, length, addends, Output, to, stride);
    }

    private void Store<V, TLanes>(in DotSums sums, byte* to, nint stride)
        where V : unmanaged
        where TLanes : struct, IIntegerLanes<V>
    {
        int* first = (int*)Marshal.UnsafeAddrOfPinnedArrayElement(parameters, 0) + sums.Channel;
        if (isAway)
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
