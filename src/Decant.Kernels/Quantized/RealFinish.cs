using System.Numerics;
using System.Runtime.CompilerServices;

namespace Decant.Kernels.Quantized;

/// <summary>Stores sums of hybrid products as floats.</summary>
internal readonly unsafe struct RealFinish : IDotFinish
{
    private readonly float* y, rowScales, channelScales, bias;
    private readonly int* zeroPoints;
    private readonly int channels;
    private readonly long pixels;
    private readonly bool isPerChannel;
    private readonly float low, high;
    private readonly WeightSums weights;

    public RealFinish(float* y, int channels, long pixels, in HybridFinish finish, float* rowScales, int* zeroPoints, float* channelScales, float* bias)
    {
        this.y = y;
        this.rowScales = rowScales;
        this.zeroPoints = zeroPoints;
        this.channelScales = channelScales;
        this.bias = bias;
        (this.channels, this.pixels, isPerChannel, low, high, weights) = (channels, pixels, finish.Scales.Length > 1, finish.Low, finish.High, finish.Weights);
    }

    public void Rows(in DotSums sums)
    {
        for (int r = 0; r < sums.RowCount; r++)
        {
            int row = sums.Row + r, batch = (int)(row / pixels);
            Row(sums.Values + (r * sums.Stride), sums.Channel, sums.Count, sums.Terms == null ? 0 : sums.Terms[r], new ActivationForm(IntegerKind.Int8, zeroPoints[batch]).StoredZeroPoint(weights.Form), rowScales[batch], y + ((nint)row * channels) + sums.Channel);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Row(int* values, int channel, int count, int term, int zero, float rowScale, float* to)
    {
        int i = 0;
        fixed (int* weightSums = &weights.Sums[channel])
        {
            Vector<int> terms = new(term), zeros = new(zero);
            Vector<float> scale = new(rowScale), one = new(channelScales[0]), lows = new(low), highs = new(high);
            for (; i <= count - Vector<int>.Count; i += Vector<int>.Count)
            {
                Vector<int> sum = Vector.Load(values + i) - terms;
                if (zero != 0)
                    sum -= zeros * Vector.Load(weightSums + i);
                Vector<float> value = Vector.ConvertToSingle(sum) * (scale * (isPerChannel ? Vector.Load(channelScales + channel + i) : one));
                if (bias != null)
                    value += Vector.Load(bias + channel + i);
                Vector.MinNative(highs, Vector.MaxNative(lows, value)).Store(to + i);
            }
        }

        for (; i < count; i++)
        {
            float value = (values[i] - term - (zero * weights.Sums[channel + i])) * (rowScale * channelScales[isPerChannel ? channel + i : 0]);
            if (bias != null)
                value += bias[channel + i];
            to[i] = value < low ? low : value > high ? high : value;
        }
    }
}
