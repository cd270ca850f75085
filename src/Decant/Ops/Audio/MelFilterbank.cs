namespace Decant.Ops.Audio;

/// <summary>
/// Triangular filters evenly spaced in mel = 1127·ln(1 + f / 700) over the bins of a power spectrum from 0 to half the sample rate; each bin
/// between two centres gives its magnitude to both in proportion, DC to none (as HTK).
/// </summary>
internal sealed class MelFilterbank
{
    private readonly int _first;
    private readonly int _last;
    private readonly int[] _channels;
    private readonly double[] _weights;
    private readonly int _count;

    public MelFilterbank(int bins, double sampleRate, int count, double lowest, double highest)
    {
        double low = Mel(lowest);
        double spacing = (Mel(highest) - low) / (count + 1);
        double[] centers = [.. Enumerable.Range(1, count + 1).Select(i => low + (spacing * i))];
        double hertzPerBin = 0.5 * sampleRate / (bins - 1);
        _count = count;
        _first = (int)(1.5 + (lowest / hertzPerBin));
        _last = (int)(highest / hertzPerBin);
        _channels = new int[bins];
        _weights = new double[bins];
        int channel = 0;
        for (int i = _first; i <= _last && i < bins; i++)
        {
            double mel = Mel(i * hertzPerBin);
            while (channel < count && centers[channel] < mel)
                channel++;
            _channels[i] = channel - 1;
            double lower = channel == 0 ? low : centers[channel - 1];
            _weights[i] = (centers[channel] - mel) / (centers[channel] - lower);
        }
    }

    /// <summary>Whether the filters lie within the spectrum.</summary>
    public bool Fits => _last < _channels.Length;

    /// <summary>The energy of each filter for a spectrum of squared magnitudes.</summary>
    public void Compute(ReadOnlySpan<float> powers, Span<double> filters)
    {
        filters.Clear();
        for (int i = _first; i <= _last; i++)
        {
            double magnitude = Math.Sqrt(powers[i]);
            double weighted = magnitude * _weights[i];
            int channel = _channels[i];
            if (channel >= 0)
                filters[channel] += weighted;
            if (channel + 1 < _count)
                filters[channel + 1] += magnitude - weighted;
        }
    }

    /// <summary>A frequency on the mel scale.</summary>
    public static double Mel(double hertz) => 1127 * double.LogP1(hertz / 700);
}
