using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Kernels.Quantized;

/// <summary>Makes quantized results of sums of 16-bit activations with biases of 64 bits: clamp(zeroPoint + factor · (sum + bias)), rounded once.</summary>
public sealed unsafe class LongRequantizer
{
    /// <summary>Results that are cut to 16 bits, with room for a zero point.</summary>
    private const double MostResult = 1 << 30;

    private const int MostActivation = 1 << 15;

    private readonly FixedPoint[] factors;
    private readonly long[] bias;
    private readonly int[] shortBias;
    private readonly double[] realFactors;

    /// <param name="factors">A factor for each channel, or one of all.</param>
    /// <param name="bias">A bias for each channel, or empty.</param>
    /// <param name="output">What results are cut to.</param>
    /// <param name="weights">What is known of the packed weights.</param>
    public LongRequantizer(ReadOnlySpan<FixedPoint> factors, ReadOnlySpan<long> bias, QuantizedOutput output, WeightSums weights)
    {
        int channels = weights.Sums.Length;
        (Output, this.factors, this.bias) = (output, new FixedPoint[channels], new long[channels]);
        (shortBias, realFactors, IsBounded, HasShortSums) = (new int[channels], new double[channels], true, true);
        bias.CopyTo(this.bias);
        for (int c = 0; c < channels; c++)
        {
            FixedPoint factor = this.factors[c] = factors[factors.Length == 1 ? 0 : c];
            long most = weights.AbsoluteSums[c] * MostActivation;
            realFactors[c] = Math.ScaleB(factor.Rounded16, factor.Shift - 15);
            shortBias[c] = unchecked((int)this.bias[c]);
            HasShortSums &= most <= int.MaxValue;
            IsBounded &= most <= int.MaxValue - Math.Abs(Math.Clamp(this.bias[c], -int.MaxValue, int.MaxValue)) && this.bias[c] == shortBias[c] && factor.Shift < 15
                && (most + Math.Abs((double)this.bias[c])) * realFactors[c] < MostResult;
        }
    }

    /// <summary>What results are cut to.</summary>
    public QuantizedOutput Output { get; }

    /// <summary>Whether no sum of products leaves the range of 32 bits.</summary>
    internal bool HasShortSums { get; }

    /// <summary>Whether no sum with its bias does, nor a result.</summary>
    private bool IsBounded { get; }

    /// <summary>Stores the results of sums of 32 bits.</summary>
    /// <param name="sums">The sums.</param>
    /// <param name="to">The results of the first row, of the size of <see cref="QuantizedOutput.Kind"/>.</param>
    /// <param name="stride">Bytes between rows of results.</param>
    internal void Store(in DotSums sums, byte* to, nint stride)
    {
        if (IsBounded && Vector256.IsHardwareAccelerated && sums.Count >= Vector256<int>.Count)
        {
            fixed (int* addends = shortBias)
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

    /// <summary>Stores the results of consecutive channels.</summary>
    internal void Store(int channel, ReadOnlySpan<long> sums, byte* to)
    {
        for (int i = 0; i < sums.Length; i++)
            Store(channel + i, sums[i], to, i);
    }

    private void Store(int channel, long sum, byte* to, int at)
    {
        int value = Math.Clamp(unchecked(factors[channel].Times(sum + bias[channel]) + Output.ZeroPoint), Output.Min, Output.Max);
        if (Output.Kind == IntegerKind.Int16)
            ((short*)to)[at] = (short)value;
        else
            to[at] = (byte)value;
    }

    // The product of 32 and 16 bits, and a half beside it, are exact in the 53 bits of a double.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Store(in DotSums sums, int* addends, double* scales, byte* to, nint stride)
    {
        int lanes = Vector256<int>.Count, last = sums.Count - lanes, size = Output.Size;
        Vector256<int> low = Vector256.Create(Output.Min), high = Vector256.Create(Output.Max), zero = Vector256.Create(Output.ZeroPoint);
        Vector256<double> half = Vector256.Create(0.5);
        for (int i = 0; ; i = Math.Min(i + lanes, last))
        {
            Vector256<int> addend = Vector256.Load(addends + i);
            Vector256<double> lower = Vector256.Load(scales + i), upper = Vector256.Load(scales + i + (lanes / 2));
            int* values = sums.Values + i;
            byte* place = to + (i * size);
            for (int r = sums.RowCount; r > 0; r--, values += sums.Stride, place += stride)
            {
                Vector256<int> x = Vector256.Load(values) + addend;
                Vector128<int> a = Integers(Vector256.Floor((Reals(x.GetLower()) * lower) + half)), b = Integers(Vector256.Floor((Reals(x.GetUpper()) * upper) + half));
                Vector256<int> y = Vector256.Min(high, Vector256.Max(low, Vector256.Create(a, b) + zero));
                Vector128<short> shorts = Vector128.Narrow(y.GetLower(), y.GetUpper());
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
    private static Vector256<double> Reals(Vector128<int> x) => Avx.IsSupported ? Avx.ConvertToVector256Double(x)
        : Vector256.Create(Vector128.ConvertToDouble(Vector128.WidenLower(x)), Vector128.ConvertToDouble(Vector128.WidenUpper(x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Integers(Vector256<double> x) => Avx.IsSupported ? Avx.ConvertToVector128Int32WithTruncation(x)
        : Vector128.Narrow(Vector128.ConvertToInt64(x.GetLower()), Vector128.ConvertToInt64(x.GetUpper()));
}
