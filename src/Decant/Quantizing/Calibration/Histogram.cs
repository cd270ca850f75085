namespace Decant.Quantizing.Calibration;

/// <summary>How often values of a range were seen, in bins of one width.</summary>
internal sealed class Histogram(ValueRange range)
{
    private const int Bins = 2048;

    private readonly long[] _counts = new long[Bins];
    private readonly double _width = Math.Max(((double)range.Max - range.Min) / Bins, double.Epsilon);

    public void Add(ReadOnlySpan<float> values)
    {
        foreach (float x in values)
        {
            if (float.IsFinite(x))
                _counts[(int)Math.Clamp((x - range.Min) / _width, 0, Bins - 1)]++;
        }
    }

    /// <summary>The range without the outermost values, half of the rest of <paramref name="percent"/> at each end.</summary>
    public ValueRange Percentile(double percent)
    {
        double cut = _counts.Sum() * (100 - percent) / 200;
        (int low, int high) = (0, Bins - 1);
        for (double sum = _counts[0]; sum <= cut && low < high; sum += _counts[low])
            low++;
        for (double sum = _counts[Bins - 1]; sum <= cut && high > low; sum += _counts[high])
            high--;
        return new ValueRange(low == 0 ? range.Min : (float)(range.Min + (low * _width)), high == Bins - 1 ? range.Max : (float)(range.Min + ((high + 1) * _width)));
    }

    /// <summary>
    /// The range whose steps give the least mean squared error, found end by end: values inside are off by their rounding, which is evenly
    /// spread over a step and so width² / 12, values outside by their distance.
    /// </summary>
    /// <param name="steps">The number of steps: 255 for 8 bits.</param>
    /// <param name="isSymmetric">Whether the range is to reach as far below 0 as above.</param>
    public ValueRange LeastError(int steps, bool isSymmetric)
    {
        const int Candidates = 100, Rounds = 3;
        ValueRange whole = new(Math.Min(0, range.Min), Math.Max(0, range.Max)), best = whole;
        if (isSymmetric)
        {
            float most = Math.Max(-whole.Min, whole.Max);
            whole = best = new ValueRange(-most, most);
        }

        double least = Error(best, steps);
        for (int round = 0; round < (isSymmetric ? 1 : Rounds); round++)
        {
            for (int i = 1; i <= Candidates; i++)
            {
                float part = (float)i / Candidates;
                foreach (ValueRange candidate in isSymmetric ? [new ValueRange(whole.Min * part, whole.Max * part)]
                    : (ReadOnlySpan<ValueRange>)[best with { Min = whole.Min * part }, best with { Max = whole.Max * part }])
                {
                    if (candidate.Max > candidate.Min && Error(candidate, steps) is var error && error < least)
                        (best, least) = (candidate, error);
                }
            }
        }

        return best;
    }

    private double Error(ValueRange candidate, int steps)
    {
        double step = ((double)candidate.Max - candidate.Min) / steps, rounding = step * step / 12, sum = 0;
        for (int i = 0; i < Bins; i++)
        {
            if (_counts[i] == 0)
                continue;
            double x = range.Min + ((i + 0.5) * _width), outside = Math.Max(Math.Max(candidate.Min - x, x - candidate.Max), 0);
            sum += _counts[i] * (outside > 0 ? outside * outside : rounding);
        }

        return sum;
    }
}
