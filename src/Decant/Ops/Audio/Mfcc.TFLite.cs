using Decant.IR;
using Decant.Ops.Lowering;

namespace Decant.Ops.Audio;

/// <summary><see cref="Mfcc"/> as two products with matrices: the mel filters, which follow from the sample rate, and the cosine transform.</summary>
internal static class MfccLowering
{
    public static LoweringRule Rule { get; } = new("Mfcc", Lower);

    /// <summary>Elements of a matrix: 16 MB.</summary>
    private const long LargestMatrix = 1 << 22;

    private static void Lower(LoweringContext g)
    {
        var setting = MfccSetting.Read(g.Node);
        if (g.Shape(0) is not { HasRank: true, Rank: 3 } spectrogram || spectrogram[2] < 2 || spectrogram[2] * setting.Filters > LargestMatrix)
            throw g.Refuse($"has a spectrogram of shape {g.Shape(0)}, expected [channels,frames,bins] with a known number of bins, and {setting.Filters} filters of at most {LargestMatrix} weights");
        int bins = (int)spectrogram[2];
        Value filters = g.Known(1) is [var rate] ? g.Const(Tensor.Wrap(Weights(g, setting, bins, rate), new Shape(bins, setting.Filters))) : Weights(g, setting, bins);
        Value energies = g.Tf("BatchMatMulV2", g.Tf("Sqrt", g.In(0)), filters);
        Value logarithms = g.Tf("Log", g.Tf("Maximum", energies, g.Scalar(MfccSetting.Floor, DType.Float32)));
        double[] cosines = setting.Cosines();
        float[] turned = new float[cosines.Length];
        for (int i = 0; i < turned.Length; i++)
            turned[i] = (float)cosines[(i % setting.Coefficients * setting.Filters) + (i / setting.Coefficients)];
        g.Set(g.Tf("BatchMatMulV2", logarithms, g.Const(Tensor.Wrap(turned, new Shape(setting.Filters, setting.Coefficients)))));
    }

    /// <summary>The part of each bin in each filter [bins, filters], at a rate that is known.</summary>
    private static float[] Weights(LoweringContext g, MfccSetting setting, int bins, long rate)
    {
        MelFilterbank? bank = rate > 0 ? setting.Filterbank(bins, rate) : null;
        if (bank is not { Fits: true })
            throw g.Fail($"has the sample rate {rate} and upper_frequency_limit {setting.High}, expected at most half of the rate");
        float[] weights = new float[bins * setting.Filters], powers = new float[bins];
        double[] energies = new double[setting.Filters];
        for (int bin = 0; bin < bins; bin++)
        {
            powers.AsSpan().Clear();
            powers[bin] = 1;
            bank.Compute(powers, energies);
            for (int filter = 0; filter < energies.Length; filter++)
                weights[(bin * energies.Length) + filter] = (float)energies[filter];
        }

        return weights;
    }

    /// <summary>The same of a rate that is an input: a filter's weight falls from 1 at its centre to 0 at those beside it, in mel; bins up to the lower limit have none.</summary>
    private static Value Weights(LoweringContext g, MfccSetting setting, int bins)
    {
        double low = MelFilterbank.Mel(setting.Low), spacing = (MelFilterbank.Mel(setting.High) - low) / (setting.Filters + 1);
        Value perBin = g.Tf("Mul", g.Tf("Cast", new AttributeMap { { "DstT", DType.Float32 } }, g.In(1)), Number(0.5 / (bins - 1)));
        Value numbers = g.Const(Tensor.Wrap([.. Enumerable.Range(0, bins).Select(i => (float)i)], new Shape(bins, 1)));
        Value mel = g.Tf("Mul", g.Tf("Log", g.Tf("AddV2", g.Tf("Mul", g.Tf("Mul", numbers, perBin), Number(1 / 700.0)), Number(1))), Number(1127 / spacing));
        Value centers = g.Const(Tensor.Wrap([.. Enumerable.Range(1, setting.Filters).Select(i => (float)((low / spacing) + i))]));
        Value weights = g.Tf("Relu", g.Tf("Sub", Number(1), g.Tf("Abs", g.Tf("Sub", mel, centers))));
        Value first = g.Tf("Floor", g.Tf("AddV2", g.Tf("RealDiv", Number(setting.Low), perBin), Number(1.5)));
        return g.Tf("Mul", weights, g.Tf("Cast", new AttributeMap { { "DstT", DType.Float32 } }, g.Tf("GreaterEqual", numbers, first)));

        Value Number(double value) => g.Scalar(value, DType.Float32);
    }
}
