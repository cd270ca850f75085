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

    // Lanes are channels; those that no register is full of are computed one by one, by the same formula.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Rows(in DotSums sums)
    {
        int channel = sums.Channel, count = sums.Count;
        Vector<float> one = new(channelScales[0]), lows = new(low), highs = new(high);
        fixed (int* weightSums = &weights.Sums[channel])
        {
            for (int r = 0; r < sums.RowCount; r++)
            {
                int row = sums.Row + r, batch = (int)(row / pixels), zero = new ActivationForm(IntegerKind.Int8, zeroPoints[batch]).StoredZeroPoint(weights.Form);
                int* values = sums.Values + (r * sums.Stride);
                int term = sums.Terms == null ? 0 : sums.Terms[r], i = 0;
                float rowScale = rowScales[batch];
                float* to = y + ((nint)row * channels) + channel;
                Vector<int> terms = new(term), zeros = new(zero);
                Vector<float> scale = new(rowScale);
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

                for (; i < count; i++)
                {
                    float value = (values[i] - term - (zero * weightSums[i])) * (rowScale * channelScales[isPerChannel ? channel + i : 0]);
                    if (bias != null)
                        value += bias[channel + i];
                    to[i] = value < low ? low : value > high ? high : value;
                }
            }
        }
    }
}
