using Decant.Comparison;

namespace Decant.Compression;

/// <summary>How far the outputs of a model are from those of another, over all its outputs of floating point; of numbers if none is.</summary>
/// <param name="MaxAbsolute">The largest |a - b|.</param>
/// <param name="MaxRelative">The largest |a - b| of an output over the largest |a| of the same output.</param>
/// <param name="Cosine">The least cosine of the angle between an output and the other, seen as vectors.</param>
public sealed record OutputError(double MaxAbsolute, double MaxRelative, double Cosine)
{
    /// <summary>No difference.</summary>
    public static readonly OutputError None = new(0, 0, 1);

    /// <summary>Compares outputs with those of a reference, by name.</summary>
    public static OutputError Of(IReadOnlyDictionary<string, Tensor> reference, IReadOnlyDictionary<string, Tensor> other)
    {
        string[] names = [.. reference.Keys.Where(n => reference[n].DType is DType.Float32 or DType.Float64 or DType.Float16 or DType.BFloat16)];
        OutputError error = None;
        foreach (string name in names.Length > 0 ? names : reference.Keys)
            error = error.Worst(Of(reference[name], other[name]));
        return error;
    }

    /// <summary>The worse of two in each respect.</summary>
    public OutputError Worst(OutputError other) =>
        new(Math.Max(MaxAbsolute, other.MaxAbsolute), Math.Max(MaxRelative, other.MaxRelative), Math.Min(Cosine, other.Cosine));

    private static OutputError Of(Tensor a, Tensor b)
    {
        TensorDifference difference = TensorDifference.Of(a, b, 0, 0);
        if (a.DType != DType.Float32 || a.Shape != b.Shape || b.DType != DType.Float32)
            return new OutputError(difference.MaxAbsolute, difference.MaxRelative, difference.Equal ? 1 : double.NaN);
        (double aa, double bb, double ab, double largest) = (0, 0, 0, 0);
        ReadOnlySpan<float> x = a.Span<float>(), y = b.Span<float>();
        for (int i = 0; i < x.Length; i++)
        {
            (double p, double q) = (x[i], y[i]);
            aa += p * p;
            bb += q * q;
            ab += p * q;
            largest = Math.Max(largest, Math.Abs(p));
        }

        double relative = difference.MaxAbsolute == 0 ? 0 : difference.MaxAbsolute / largest;
        return new OutputError(difference.MaxAbsolute, relative, aa == 0 && bb == 0 ? 1 : ab / Math.Sqrt(aa * bb));
    }
}
