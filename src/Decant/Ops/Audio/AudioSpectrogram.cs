using System.Numerics;
using Decant.IR;
using Decant.Kernels.Spectral;

namespace Decant.Ops.Audio;

/// <summary>
/// The magnitudes of the spectrum over time: input [samples, channels] to [channels, frames, bins], frames of window_size samples every
/// stride under a periodic Hann window (0.5 - 0.5·cos(2πi / window_size)), zero-padded to the next power of two N, bins = N / 2 + 1.
/// Squares with <c>magnitude_squared</c>.
/// </summary>
internal sealed class AudioSpectrogram() : Op("AudioSpectrogram"), IInfersFacts, IHasKernel
{
    // A window of ten minutes at 48 kHz.
    private const int LargestWindow = 1 << 25;

    public void Infer(InferenceContext context)
    {
        (int window, int stride) = Read(context.Node);
        Shape input = NN.Conv.Ranked(context.Node, 0, context.Shape(0), 2);
        context.Set(0, DType.Float32, new Shape(input[1], input[0] < 0 ? Shape.UnknownDimension : Frames(input[0], window, stride), Bins(window)));
    }

    public Kernel Prepare(KernelRequest request)
    {
        (int window, int stride) = Read(request.Node);
        return new Code(Hann(window), stride, new RealFourierTransform(Length(window)), request.Attributes.Bool("magnitude_squared"));
    }

    /// <summary>The window and the stride of a node, in samples.</summary>
    /// <exception cref="ModelException">An attribute is missing or not positive.</exception>
    public static (int Window, int Stride) Read(Node node)
    {
        var attributes = new NodeAttributes(node);
        (long window, long stride) = (attributes.Int("window_size"), attributes.Int("stride"));
        if (window is < 2 or > LargestWindow)
            throw GraphErrors.BadAttribute.At(node.At("window_size"), $"is {window}, expected 2 to {LargestWindow} samples");
        if (stride is < 1 or > int.MaxValue)
            throw GraphErrors.BadAttribute.At(node.At("stride"), $"is {stride}, expected 1 sample or more");
        return ((int)window, (int)stride);
    }

    /// <summary>What the samples of a window are multiplied with.</summary>
    public static double[] Hann(int window)
    {
        double[] weights = new double[window];
        for (int i = 0; i < window; i++)
            weights[i] = 0.5 - (0.5 * Math.Cos(2 * Math.PI * i / window));
        return weights;
    }

    /// <summary>How long a window is with the zeros behind it.</summary>
    public static int Length(int window) => (int)BitOperations.RoundUpToPowerOf2((uint)window);

    private static int Bins(int window) => 1 + (Length(window) / 2);

    private static long Frames(long samples, int window, int stride) => samples < window ? 0 : 1 + ((samples - window) / stride);

    private sealed class Code(double[] weights, int stride, RealFourierTransform transform, bool squared) : Kernel
    {
        // Samples of the frames that are transformed at once.
        private const int BlockElements = 1 << 15;

        public override void Run(KernelContext context)
        {
            Layout layout = context.Derived(this, static (code, c) => code.Derive(c));
            ReadOnlySpan<float> x = context.Input(0).Span<float>();
            Span<float> y = context.Output<float>(0, layout.Result);
            if (y.IsEmpty)
                return;
            (int channels, int frames, int bins, int block) = ((int)layout.Result[0], (int)layout.Result[1], transform.Bins, (int)layout.Windows[0]);
            Span<double> windows = context.Writable<double>(context.Scratch(DType.Float64, layout.Windows));
            Span<double> spectra = context.Writable<double>(context.Scratch(DType.Float64, layout.Spectra));
            for (int c = 0; c < channels; c++)
            {
                for (int first = 0; first < frames; first += block)
                {
                    context.Cancellation.ThrowIfCancellationRequested();
                    int count = Math.Min(block, frames - first);
                    for (int f = 0; f < count; f++)
                        Weigh(x, ((first + f) * stride * channels) + c, channels, windows.Slice(f * weights.Length, weights.Length));
                    transform.Forward<double, double>(windows, weights.Length, spectra, count, context.Pool);
                    Sizes(spectra, y.Slice(((c * frames) + first) * bins, count * bins));
                }
            }
        }

        private Layout Derive(KernelContext context)
        {
            Shape input = NN.Conv.Ranked(context.Node, 0, context.Shape(0), 2);
            long frames = Frames(input[0], weights.Length, stride), block = Math.Max(1, Math.Min(frames, BlockElements / weights.Length));
            return new Layout(new Shape(input[1], frames, transform.Bins), new Shape(block, weights.Length), new Shape(block, transform.Bins, 2));
        }

        private void Weigh(ReadOnlySpan<float> x, int at, int step, Span<double> frame)
        {
            for (int i = 0; i < frame.Length; i++, at += step)
                frame[i] = x[at] * weights[i];
        }

        private void Sizes(ReadOnlySpan<double> spectra, Span<float> y)
        {
            for (int k = 0; k < y.Length; k++)
            {
                float power = (float)((spectra[2 * k] * spectra[2 * k]) + (spectra[(2 * k) + 1] * spectra[(2 * k) + 1]));
                y[k] = squared ? power : MathF.Sqrt(power);
            }
        }

        /// <summary>The output's shape, and those of the frames under the window and their spectra that are computed at once.</summary>
        private sealed record Layout(Shape Result, Shape Windows, Shape Spectra);
    }
}
