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

    public Kernel Prepare(KernelRequest request) => new Code(MfccSetting.Read(request.Node));

    private sealed class Code(MfccSetting setting) : Kernel
    {
        private readonly double[] _cosines = setting.Cosines();

        public override void Run(KernelContext context)
        {
            Layout layout = context.Derived(this, static (code, c) => code.Derive(c), values: 1 << 1);
            (int filters, int coefficients) = (setting.Filters, setting.Coefficients);
            ReadOnlySpan<float> x = context.Input(0).Span<float>();
            Span<float> y = context.Output<float>(0, layout.Result);
            Span<double> energies = context.Writable<double>(context.Scratch(DType.Float64, layout.Energies));
            for (int frame = 0; frame < y.Length / coefficients; frame++)
            {
                layout.Bank.Compute(x.Slice(frame * layout.Bins, layout.Bins), energies);
                for (int j = 0; j < filters; j++)
                    energies[j] = Math.Log(Math.Max(energies[j], MfccSetting.Floor));
                for (int k = 0; k < coefficients; k++)
                {
                    double sum = 0;
                    for (int j = 0; j < filters; j++)
                        sum += _cosines[(k * filters) + j] * energies[j];
                    y[(frame * coefficients) + k] = (float)sum;
                }
            }
        }

        private Layout Derive(KernelContext context)
        {
            Shape shape = NN.Conv.Ranked(context.Node, 0, context.Shape(0), 3);
            long rate = context.Int(1);
            if (rate <= 0 || shape[2] < 2 || shape[2] > int.MaxValue)
                throw context.Fail($"has the sample rate {rate} and spectrogram {shape}, expected a positive rate and at least 2 bins");
            MelFilterbank bank = setting.Filterbank((int)shape[2], rate);
            if (!bank.Fits)
                throw context.Fail($"has upper_frequency_limit {setting.High}, expected at most half the sample rate of {rate}");
            return new Layout(bank, (int)shape[2], new Shape(shape[0], shape[1], setting.Coefficients), new Shape(setting.Filters));
        }

        /// <summary>The filters over so many bins, and the shapes of the output and of the energies of one frame.</summary>
        private sealed record Layout(MelFilterbank Bank, int Bins, Shape Result, Shape Energies);
    }
}
