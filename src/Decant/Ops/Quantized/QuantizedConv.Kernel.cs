using Decant.Kernels.Conv;
using Decant.Ops.NN;

namespace Decant.Ops.Quantized;

internal sealed partial class QuantizedConv
{
    private static readonly QuantizedType Sum = QuantizedType.Of(DType.QInt32)!.Value;

    private void Run(KernelContext context, WindowRule rule, DType dtype)
    {
        WindowGeometry geometry = Geometry(rule, context.Node, context.Shape(0), context.Shape(1));
        (QuantizedType inputType, QuantizedType filterType) = (context.Type(0), context.Type(1));
        if (!filterType.IsSigned && (steps != QuantizedSteps.None || inputType.IsSigned))
            throw context.Fail($"has an input {context.Input(0)} and a filter {context.Input(1)}, expected a filter of qint8, or both quint8 without bias and Relu");
        QuantizedRange input = context.Range(FirstRange);
        (int inputZero, int filterZero) = (0, 0);
        if (!filterType.IsSigned)
            (inputZero, filterZero) = ((int)input.Unclamped(0, inputType), (int)context.Range(FirstRange + 2).Unclamped(0, filterType));
        Span<int> sums = context.Integers(geometry.Output);
        ReadOnlySpan<int> x = context.Integers(0, inputZero), filter = context.Integers(1, filterZero);
        if (IsDepthwise)
            DepthwiseReference.Run(x, filter, sums, geometry.Depthwise());
        else if (!sums.IsEmpty)
            IntegerConvolution.Run(context, x, filter, sums, geometry.Convolution(1));
        QuantizedRange[] filterRanges = FilterRanges(context, (int)geometry.OutChannels);
        Finish(context, sums, inputType, input, filterRanges, dtype);
        context.Store(0, dtype, geometry.Output, sums);
        if (IsQuantizedAgain)
            context.Give(context.Range(FrozenRange));
        else
            GiveRanges(context, inputType, input, filterType, filterRanges);
    }

    /// <summary>The range of the filter, or that of each output channel.</summary>
    private QuantizedRange[] FilterRanges(KernelContext context, int channels)
    {
        (Tensor mins, Tensor maxes) = (context.Input(FirstRange + 2), context.Input(FirstRange + 3));
        if (mins.DType != DType.Float32 || maxes.DType != DType.Float32 || mins.ElementCount != maxes.ElementCount || (mins.ElementCount != 1 && mins.ElementCount != channels))
            throw context.Fail($"has the filter range {mins} and {maxes}, expected float32, one or {channels} elements each");
        var ranges = new QuantizedRange[mins.ElementCount];
        for (int c = 0; c < ranges.Length; c++)
            ranges[c] = new QuantizedRange(mins.Span<float>()[c], maxes.Span<float>()[c]);
        return ranges;
    }

    private void Finish(KernelContext context, Span<int> sums, QuantizedType inputType, QuantizedRange input, QuantizedRange[] filterRanges, DType dtype)
    {
        if (steps == QuantizedSteps.None || sums.IsEmpty)
            return;
        int channels = (int)context.Shape(1)[3] * (IsDepthwise ? (int)context.Shape(1)[2] : 1);
        double[] bias = steps.HasFlag(QuantizedSteps.Bias) ? QuantizedBias.Read(context, 2, channels) : new double[channels];
        bool biasIsScaled = !steps.HasFlag(QuantizedSteps.Bias) || context.Input(2).DType != DType.Float32;
        double[] levels = new double[channels];
        for (int c = 0; c < channels; c++)
        {
            // The number that 1 in a sum stands for.
            levels[c] = (double)input.Magnitude / inputType.Highest * filterRanges[filterRanges.Length == 1 ? 0 : c].Magnitude / sbyte.MaxValue;
            if (!biasIsScaled)
                bias[c] /= levels[c];
        }

        QuantizedType result = QuantizedType.Of(dtype)!.Value;
        double resultLevel = IsQuantizedAgain ? (double)context.Range(FrozenRange).Magnitude / result.Highest : 0;
        Func<int, double> summand = Addend(context, sums.Length, levels, resultLevel);
        for (int i = 0; i < sums.Length; i++)
        {
            int c = i % channels;
            double value = (sums[i] + bias[c]) * (IsQuantizedAgain ? levels[c] / resultLevel : 1) + summand(i);
            if (steps.HasFlag(QuantizedSteps.Relu))
                value = Math.Max(0, value);
            sums[i] = double.IsNaN(value) ? 0 : (int)Math.Clamp(Math.Round(value, MidpointRounding.ToEven), result.Lowest, result.Highest);
        }
    }

    /// <summary>What is added to each sum, in the integers of the output: the summand, quantized or float32.</summary>
    private Func<int, double> Addend(KernelContext context, int count, double[] levels, double resultLevel)
    {
        if (!steps.HasFlag(QuantizedSteps.Summand))
            return static _ => 0;
        Tensor summand = context.Input(Summand);
        if (summand.ElementCount != count)
            throw context.Fail($"has a summand {summand}, expected the {count} elements of the output");
        if (!IsQuantizedAgain)
        {
            float[] values = summand.DType == DType.Float32 ? summand.Span<float>().ToArray() : throw context.Fail($"has a summand {summand}, expected float32");
            return i => Math.Round(values[i] / levels[i % levels.Length], MidpointRounding.ToEven);
        }

        int[] integers = context.Integers(Summand).ToArray();
        double scale = (double)context.Range(Summand + 1).Magnitude / context.Type(Summand).Highest / resultLevel;
        return i => integers[i] * scale;
    }

    private void GiveRanges(KernelContext context, QuantizedType inputType, QuantizedRange input, QuantizedType filterType, QuantizedRange[] filters)
    {
        Shape shape = context.Shape(FirstRange + 2);
        Span<float> mins = context.Output<float>(1, shape), maxes = context.Output<float>(2, shape);
        for (int c = 0; c < filters.Length; c++)
        {
            float level = filterType.IsSigned ? input.SymmetricLevel(inputType) * filters[c].SymmetricLevel(filterType) : input.Level(inputType) * filters[c].Level(filterType);
            (mins[c], maxes[c]) = QuantizedRange.OfLevel(level, Sum);
        }
    }
}
