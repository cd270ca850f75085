using Decant.IR;

namespace Decant.Ops.Audio;

/// <summary>
/// Mel-frequency cepstral coefficients of squared magnitudes [channels, frames, bins] at a sample rate: the logarithm (of at least 1e-12) of
/// the energies of filterbank_channel_count mel filters, then dct[k] = √(2 / n)·Σ log[j]·cos(πk(j + 0.5) / n), of which the first
/// dct_coefficient_count are given. float32.
/// </summary>
internal sealed class Mfcc() : Op("Mfcc"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        Shape spectrogram = NN.Conv.Ranked(context.Node, 0, context.Shape(0), 3);
        context.Set(0, DType.Float32, new Shape(spectrogram[0], spectrogram[1], context.Attributes.Int("dct_coefficient_count")));
    }

    public Kernel Prepare(KernelRequest request)
    {
        var setting = MfccSetting.Read(request.Node);
        double[] cosines = setting.Cosines();
        return Kernel.Of(context => Run(context, setting, cosines));
    }

    private static void Run(KernelContext context, MfccSetting setting, double[] cosines)
    {
        Shape shape = NN.Conv.Ranked(context.Node, 0, context.Shape(0), 3);
        long rate = context.Int(1);
        if (rate <= 0 || shape[2] < 2 || shape[2] > int.MaxValue)
            throw context.Fail($"has the sample rate {rate} and spectrogram {shape}, expected a positive rate and at least 2 bins");
        int bins = (int)shape[2];
        MelFilterbank bank = setting.Filterbank(bins, rate);
        if (!bank.Fits)
            throw context.Fail($"has upper_frequency_limit {setting.High}, expected at most half the sample rate of {rate}");
        (int filters, int coefficients) = (setting.Filters, setting.Coefficients);
        ReadOnlySpan<float> x = context.Input(0).Span<float>();
        Span<float> y = context.Output<float>(0, new Shape(shape[0], shape[1], coefficients));
        double[] energies = new double[filters];
        for (int frame = 0; frame < y.Length / coefficients; frame++)
        {
            bank.Compute(x.Slice(frame * bins, bins), energies);
            for (int j = 0; j < filters; j++)
                energies[j] = Math.Log(Math.Max(energies[j], MfccSetting.Floor));
            for (int k = 0; k < coefficients; k++)
            {
                double sum = 0;
                for (int j = 0; j < filters; j++)
                    sum += cosines[(k * filters) + j] * energies[j];
                y[(frame * coefficients) + k] = (float)sum;
            }
        }
    }
}
