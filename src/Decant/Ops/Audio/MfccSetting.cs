using Decant.IR;

namespace Decant.Ops.Audio;

/// <summary>What the attributes of an Mfcc say: mel filters between two frequencies in hertz, and coefficients, at most as many.</summary>
internal sealed record MfccSetting(int Filters, int Coefficients, float Low, float High)
{
    /// <summary>The least energy of which the logarithm is taken.</summary>
    public const double Floor = 1e-12;

    private const int MostFilters = 1 << 16;

    /// <summary>The setting of a node.</summary>
    /// <exception cref="ModelException">An attribute is missing, or not one that the op takes.</exception>
    public static MfccSetting Read(Node node)
    {
        var attributes = new NodeAttributes(node);
        (long filters, long coefficients) = (attributes.Int("filterbank_channel_count"), attributes.Int("dct_coefficient_count"));
        (float low, float high) = (attributes.Float("lower_frequency_limit"), attributes.Float("upper_frequency_limit"));
        if (filters is < 1 or > MostFilters || coefficients < 1 || coefficients > filters)
            throw GraphErrors.BadAttribute.At(node.At("dct_coefficient_count"), $"is {coefficients} of {filters} filters, expected 1 or more, at most as many as filters (at most {MostFilters})");
        if (!(low >= 0 && high > low))
            throw GraphErrors.BadAttribute.At(node.At("upper_frequency_limit"), $"is {high}, expected more than the lower limit of {low}");
        return new MfccSetting((int)filters, (int)coefficients, low, high);
    }

    /// <summary>The filters over so many bins of a spectrum, at a sample rate in hertz.</summary>
    public MelFilterbank Filterbank(int bins, double rate) => new(bins, rate, Filters, Low, High);

    /// <summary>The factors [coefficients, filters] of the cosine transform.</summary>
    public double[] Cosines()
    {
        double[] cosines = new double[Coefficients * Filters];
        for (int i = 0; i < cosines.Length; i++)
            cosines[i] = Math.Sqrt(2.0 / Filters) * Math.Cos(i / Filters * (Math.PI / Filters) * ((i % Filters) + 0.5));
        return cosines;
    }
}
