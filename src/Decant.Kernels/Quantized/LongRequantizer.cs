using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Quantized;

/// <summary>Makes quantized results of sums of 16-bit activations with biases of 64 bits: clamp(zeroPoint + factor · (sum + bias)), rounded once.</summary>
public sealed unsafe class LongRequantizer
{
    /// <summary>Results before they are cut, with room for a zero point.</summary>
    private const double MostResult = 1 << 30;

    /// <summary>Sums whose product with 16 bits is exact in the 53 bits of a double, and has room for a half.</summary>
    private const double MostSum = 1L << 37;

    /// <summary>Down to this the bits of a product have room beside a zero point of 16 bits.</summary>
    private const int LeastShift = -22;

    private const int MostActivation = 1 << 15;

    /// <summary>Up to this a zero point of 16 bits in front of the shift has room in 62 bits.</summary>
    private const int MostWideShift = 45;

    private const int WideFields = 4;

    /// <summary>Channels that fill a register of AVX-512.</summary>
    private const int Wide = 16;

    private readonly FixedPoint[] factors;
    private readonly long[] bias;
    private readonly double[] realBias;
    private readonly double[] realFactors;

    /// <summary>The channels of a row of <see cref="WideRequantization{TAway}"/>, which are those of several pixels where few fill a register; 0 where 64 bits have no room.</summary>
    private readonly int wideLength;

    private readonly int[] wideMantissas = [];
    private readonly long[] wideParameters = [];

    /// <param name="factors">A factor for each channel, or one of all.</param>
    /// <param name="bias">A bias for each channel, or empty.</param>
    /// <param name="output">What results are cut to.</param>
    /// <param name="weights">What is known of the packed weights.</param>
    public LongRequantizer(ReadOnlySpan<FixedPoint> factors, ReadOnlySpan<long> bias, QuantizedOutput output, WeightSums weights)
    {
        int channels = weights.Sums.Length;
        (Output, this.factors, this.bias) = (output, new FixedPoint[channels], new long[channels]);
        (realBias, realFactors, IsBounded, HasShortSums) = (new double[channels], new double[channels], true, true);
        bias.CopyTo(this.bias);
        for (int c = 0; c < channels; c++)
        {
            FixedPoint factor = this.factors[c] = factors[factors.Length == 1 ? 0 : c];
            long most = weights.AbsoluteSums[c] * MostActivation;
            realFactors[c] = Math.ScaleB(factor.Rounded16, factor.Shift - 15);
            realBias[c] = this.bias[c];
            HasShortSums &= most <= int.MaxValue;
            double sum = most + Math.Abs(realBias[c]);
            IsBounded &= sum < MostSum && sum * realFactors[c] < MostResult && (output.ZeroPoint == 0 || factor.Shift >= LeastShift);
        }

        if (!IsBounded || !IntegerLanes512.IsSupported || !Array.TrueForAll(this.factors, f => 15 - f.Shift is >= 1 and <= MostWideShift))
            return;
        wideLength = channels is > 0 and < Wide && Wide % channels == 0 ? Wide : channels;
        wideMantissas = GC.AllocateArray<int>(wideLength, pinned: true);
        wideParameters = GC.AllocateArray<long>(checked(wideLength * WideFields), pinned: true);
        for (int i = 0; i < wideLength; i++)
        {
            (FixedPoint factor, long addend) = (this.factors[i % channels], this.bias[i % channels]);
            int shift = 15 - factor.Shift;
            (wideMantissas[i], wideParameters[i]) = (factor.Rounded16, shift);
            wideParameters[wideLength + i] = (addend * factor.Rounded16) + (1L << (shift - 1)) + ((long)output.ZeroPoint << shift);
        }
    }

    /// <summary>What results are cut to.</summary>
    public QuantizedOutput Output { get; }

    /// <summary>Whether no sum of products leaves the range of 32 bits.</summary>
    public bool HasShortSums { get; }

    /// <summary>Whether sums with their biases, and results, are exact as doubles.</summary>
    private bool IsBounded { get; }

    /// <summary>Stores the results of sums of 32 bits.</summary>
    /// <param name="sums">The sums.</param>
    /// <param name="to">The results of the first row, of the size of <see cref="QuantizedOutput.Kind"/>.</param>
    /// <param name="stride">Bytes between rows of results.</param>
    internal void Store(in DotSums sums, byte* to, nint stride)
    {
        if (wideLength > factors.Length && sums.Count == factors.Length && LaneWidth.Current >= 512)
        {
            DotSums joined = sums.Joined(Wide, out DotSums left);
            WideStore(joined, to, Wide * Output.Size);
            if (left.RowCount > 0)
                Reals(left, to + (joined.RowCount * (nint)Wide * Output.Size), stride);
            return;
        }

        if (wideLength > 0 && sums.Count >= Wide && LaneWidth.Current >= 512)
            WideStore(sums, to, stride);
        else
            Reals(sums, to, stride);
    }

    /// <summary>Stores the results of consecutive channels.</summary>
    internal void Store(int channel, ReadOnlySpan<long> sums, byte* to)
    {
        for (int i = 0; i < sums.Length; i++)
            Store(channel + i, sums[i], to, i);
    }

    private void WideStore(in DotSums sums, byte* to, nint stride)
    {
        int* mantissas = (int*)Marshal.UnsafeAddrOfPinnedArrayElement(wideMantissas, 0) + sums.Channel;
        long* parameters = (long*)Marshal.UnsafeAddrOfPinnedArrayElement(wideParameters, 0) + sums.Channel;
        WideRequantization<Requantizer.Up>.Run(sums, mantissas, parameters, wideLength, Output, to, stride);
    }

    private void Reals(in DotSums sums, byte* to, nint stride)
    {
        if (IsBounded && Vector256.IsHardwareAccelerated && sums.Count >= Vector256<int>.Count)
        {
            fixed (double* addends = realBias)
            fixed (double* scales = realFactors)
                Store(sums, addends + sums.Channel, scales + sums.Channel, to, stride);
            return;
        }

        for (int r = 0; r < sums.RowCount; r++, to += stride)
        {
            for (int i = 0; i < sums.Count; i++)
                Store(sums.Channel + i, sums.Values[(r * sums.Stride) + i], to, i);
        }
    }

    private void Store(int channel, long sum, byte* to, int at)
    {
        int value = Math.Clamp(unchecked(factors[channel].Times(sum + bias[channel]) + Output.ZeroPoint), Output.Min, Output.Max);
        if (Output.Kind == IntegerKind.Int16)
            ((short*)to)[at] = (short)value;
        else
            to[at] = (byte)value;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Store(in DotSums sums, double* addends, double* scales, byte* to, nint stride)
    {
        int lanes = Vector256<int>.Count, half = lanes / 2, last = sums.Count - lanes, size = Output.Size;
        Vector256<double> low = Vector256.Create((double)Output.Min), high = Vector256.Create((double)Output.Max);

        // Half up, and the zero point.
        Vector256<double> offset = Vector256.Create(Output.ZeroPoint + 0.5);
        for (int i = 0; ; i = Math.Min(i + lanes, last))
        {
            Vector256<double> lowerAddend = Vector256.Load(addends + i), upperAddend = Vector256.Load(addends + i + half);
            Vector256<double> lower = Vector256.Load(scales + i), upper = Vector256.Load(scales + i + half);
            int* values = sums.Values + i;
            byte* place = to + (i * size);
            for (int r = sums.RowCount; r > 0; r--, values += sums.Stride, place += stride)
            {
                Vector128<int> a = Integers(Cut(((Reals(Vector128.Load(values)) + lowerAddend) * lower) + offset, low, high));
                Vector128<int> b = Integers(Cut(((Reals(Vector128.Load(values + half)) + upperAddend) * upper) + offset, low, high));
                Vector128<short> shorts = Vector128.Narrow(a, b);
                if (size == 2)
                    shorts.Store((short*)place);
                else
                    *(ulong*)place = Vector128.Narrow(shorts, shorts).AsUInt64().ToScalar();
            }

            if (i == last)
                return;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Cut(Vector256<double> x, Vector256<double> low, Vector256<double> high) => Vector256.MinNative(high, Vector256.MaxNative(low, Vector256.Floor(x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Reals(Vector128<int> x) => Avx.IsSupported ? Avx.ConvertToVector256Double(x)
        : Vector256.Create(Vector128.ConvertToDouble(Vector128.WidenLower(x)), Vector128.ConvertToDouble(Vector128.WidenUpper(x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Integers(Vector256<double> x) => Avx.IsSupported ? Avx.ConvertToVector128Int32WithTruncation(x)
        : Vector128.Narrow(Vector128.ConvertToInt64(x.GetLower()), Vector128.ConvertToInt64(x.GetUpper()));
}
