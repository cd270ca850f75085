using Decant.IR;

namespace Decant.Quantizing.Calibration;

/// <summary>What calibration learned of a value.</summary>
/// <param name="Range">Its range.</param>
/// <param name="ChannelMeans">The mean of each element of the last axis; empty where it was not asked for.</param>
internal sealed record Observation(ValueRange Range, double[] ChannelMeans);

/// <summary>Collects the ranges of float values over a set.</summary>
internal static class Calibrator
{
    /// <summary>Runs the set once for the extremes, and once more for how values are spread where the method needs that.</summary>
    /// <param name="run">The runs of the set, which show the values.</param>
    /// <param name="options">The method.</param>
    /// <param name="isSymmetric">Whether the ranges will be made symmetric, as for int16.</param>
    /// <param name="means">The values whose means per channel are wanted.</param>
    public static Dictionary<Value, Observation> Run(SetRun run, IntegerOptions options, bool isSymmetric, IReadOnlySet<Value> means)
    {
        const int Steps8 = 255, Steps16 = 65534;
        var ranges = new Dictionary<Value, ValueRange>();
        var sums = new Dictionary<Value, ChannelSums>();
        run.Run((_, group, tensors) =>
        {
            (Value value, Tensor tensor) = (group[0], tensors[0]);
            if (tensor.DType != DType.Float32 || ValueRange.Of(tensor.Span<float>()) is not { } seen)
                return;
            ranges[value] = ranges.TryGetValue(value, out ValueRange range) ? range.Union(seen) : seen;
            if (means.Contains(value))
                (sums.TryGetValue(value, out ChannelSums? sum) ? sum : sums[value] = new ChannelSums()).Add(tensor);
        });
        if (options.Ranges != RangeMethod.MinMax)
        {
            Dictionary<Value, Histogram> histograms = ranges.ToDictionary(r => r.Key, r => new Histogram(r.Value));
            run.Run((_, group, tensors) =>
            {
                if (histograms.TryGetValue(group[0], out Histogram? histogram))
                    histogram.Add(tensors[0].Span<float>());
            });
            foreach ((Value value, Histogram histogram) in histograms)
                ranges[value] = options.Ranges == RangeMethod.Percentile ? histogram.Percentile(options.Percentile) : histogram.LeastError(isSymmetric ? Steps16 : Steps8, isSymmetric);
        }

        return ranges.ToDictionary(r => r.Key, r => new Observation(r.Value, sums.GetValueOrDefault(r.Key)?.Means ?? []));
    }

    /// <summary>Sums along the last axis.</summary>
    private sealed class ChannelSums
    {
        private double[] _sums = [];
        private long _count;

        public double[] Means => Array.ConvertAll(_sums, s => s / Math.Max(1, _count));

        public void Add(Tensor tensor)
        {
            int channels = tensor.Shape.Rank > 0 ? (int)tensor.Shape[-1] : 1;
            if (_sums.Length != channels)
                (_sums, _count) = (new double[channels], 0);
            ReadOnlySpan<float> values = tensor.Span<float>();
            for (int i = 0; i < values.Length; i++)
                _sums[i % channels] += values[i];
            _count += values.Length / Math.Max(1, channels);
        }
    }
}
