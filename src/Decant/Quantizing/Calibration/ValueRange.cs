namespace Decant.Quantizing.Calibration;

/// <summary>The real numbers that an activation takes.</summary>
public readonly record struct ValueRange(float Min, float Max)
{
    /// <summary>The least range that holds both.</summary>
    public ValueRange Union(ValueRange other) => new(Math.Min(Min, other.Min), Math.Max(Max, other.Max));

    /// <summary>Whether a range lies in this one, but for a part of <paramref name="slack"/> of its width at each end.</summary>
    public bool Holds(ValueRange other, float slack = 0)
    {
        float margin = (Max - Min) * slack;
        return other.Min >= Min - margin && other.Max <= Max + margin;
    }

    /// <summary>The range of the numbers that are finite; null when none is.</summary>
    public static ValueRange? Of(ReadOnlySpan<float> values)
    {
        (float min, float max) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (float x in values)
        {
            if (float.IsFinite(x))
                (min, max) = (Math.Min(min, x), Math.Max(max, x));
        }

        return min <= max ? new ValueRange(min, max) : null;
    }
}
