using System.Numerics;
using Decant.IR;
using Decant.TestKit;
using Decant.Wire.Audio;

namespace Decant.Tests.Ops.Audio;

public sealed class SpectralTests
{
    private static Complex[] Noise(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => new Complex(random.NextDouble() - 0.5, random.NextDouble() - 0.5))];
    }

    private static Complex[] Definition(Complex[] x, int sign) =>
        [.. Enumerable.Range(0, x.Length).Select(k => x.Select((v, n) => v * Complex.FromPolarCoordinates(1, sign * 2 * Math.PI * ((long)k * n % x.Length) / x.Length)).Aggregate((a, b) => a + b))];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(30)]
    [InlineData(97)]
    [InlineData(128)]
    [InlineData(1000)]
    public void A_transform_of_any_length_is_the_sum_that_defines_it_and_has_its_inverse(int length)
    {
        Complex[] x = Noise(length, length);
        Tensor y = OneOp.Run("FFT", [Tensor.Wrap(x)])[0];
        Assert.Null(TensorComparison.Difference(y, Tensor.Wrap(Definition(x, -1)), 0, 1e-11));
        Assert.Null(TensorComparison.Difference(OneOp.Run("IFFT", [y])[0], Tensor.Wrap(x), 0, 1e-13));
    }

    [Theory]
    [InlineData("RFFT2D", "IRFFT2D", 4, 6)]
    [InlineData("RFFT2D", "IRFFT2D", 3, 5)]
    public void A_real_transform_gives_half_of_the_spectrum_and_comes_back(string op, string back, int rows, int columns)
    {
        Complex[] x = [.. Noise(2 * rows * columns, 5).Select(v => new Complex(v.Real, 0))];
        Tensor real = Tensor.Wrap([.. x.Select(v => v.Real)], new Shape(2, rows, columns));
        Tensor lengths = Tensor.Wrap([rows, columns]);
        Tensor half = OneOp.Run(op, [real, lengths], new AttributeMap { { "Tcomplex", DType.Complex128 } })[0];
        Complex[] full = OneOp.Run("FFT2D", [Tensor.Wrap(x, new Shape(2, rows, columns))])[0].Span<Complex>().ToArray();
        int kept = (columns / 2) + 1;
        Assert.Null(TensorComparison.Difference(half, Tensor.Wrap([.. full.Where((_, i) => i % columns < kept)], new Shape(2, rows, kept)), 0, 1e-12));
        Assert.Null(TensorComparison.Difference(OneOp.Run(back, [half, lengths], new AttributeMap { { "Treal", DType.Float64 } })[0], real, 0, 1e-13));
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(4, -1)]
    public void A_transform_of_no_length_is_refused(int rows, int columns)
    {
        var e = Assert.Throws<ModelException>(() => OneOp.Run("RFFT2D", [Tensor.Wrap(new float[16], new Shape(4, 4)), Tensor.Wrap([rows, columns])], new AttributeMap { { "Tcomplex", DType.Complex64 } }));
        Assert.Contains("fft_length", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tone_on_a_bin_shows_in_it_with_a_quarter_of_the_window()
    {
        // A cosine under a Hann window has amplitude N/4 in its own bin and half of that, squared a quarter, beside it.
        const int Window = 64;
        float[] tone = [.. Enumerable.Range(0, 100).Select(i => MathF.Cos(2 * MathF.PI * 8 * i / Window))];
        Tensor y = OneOp.Run(
            "AudioSpectrogram", [Tensor.Wrap(tone, new Shape(100, 1))], new AttributeMap { { "window_size", Window }, { "stride", 16 }, { "magnitude_squared", true } })[0];
        Assert.Equal(new Shape(1, 3, 33), y.Shape);
        for (int frame = 0; frame < 3; frame++)
        {
            ReadOnlySpan<float> bins = y.Span<float>().Slice(33 * frame, 33);
            Assert.Equal(256, bins[8], 1e-2);
            Assert.Equal(64, bins[7], 1e-2);
            Assert.Equal(64, bins[9], 1e-2);
            Assert.Equal(0, bins[12], 1e-4);
        }
    }

    [Fact]
    public void The_first_coefficient_is_the_scaled_sum_of_the_logarithms_of_the_mel_energies()
    {
        // 9 bins of 500 Hz; two filters of equal mel width between 0 and 4000 Hz. One bin of power 16 at 2000 Hz.
        const double Centers = 3;
        float[] powers = new float[9];
        powers[4] = 16;
        Tensor y = OneOp.Run(
            "Mfcc", [Tensor.Wrap(powers, new Shape(1, 1, 9)), Tensor.Scalar(8000)],
            new AttributeMap
            {
                { "lower_frequency_limit", 0f }, { "upper_frequency_limit", 4000f }, { "filterbank_channel_count", 2 }, { "dct_coefficient_count", 2 },
            })[0];
        double Mel(double f) => 1127 * Math.Log(1 + (f / 700));
        double width = Mel(4000) / Centers;
        double place = Mel(2000) / width;
        Assert.InRange(place, 2, 3);
        double[] logs = [Math.Log(1e-12), Math.Log(4 * (3 - place))];
        float[] expected = [(float)(logs[0] + logs[1]), (float)((logs[0] * Math.Cos(Math.PI / 4)) + (logs[1] * Math.Cos(3 * Math.PI / 4)))];
        Assert.Null(TensorComparison.Difference(y, Tensor.Wrap(expected, new Shape(1, 1, 2)), 1e-5, 1e-4));
    }

    [Fact]
    public void Sound_is_cut_or_padded_to_the_samples_and_channels_asked_for()
    {
        Tensor file = new(Shape.Scalar, [WavFile.Write([0.5f, -0.5f, 0.25f, -0.25f], 2, 16000)]);
        Tensor[] y = OneOp.Run("DecodeWav", [file], new AttributeMap { { "desired_samples", 3 }, { "desired_channels", 1 } }, 2);
        Assert.Equal([0.5f, 0.25f, 0], y[0].Span<float>().ToArray());
        Assert.Equal(16000, y[1].Span<int>()[0]);
        Assert.Equal([0.5f, -0.5f, -0.5f, 0.25f, -0.25f, -0.25f], OneOp.Run("DecodeWav", [file], new AttributeMap { { "desired_channels", 3 } })[0].Span<float>().ToArray());
    }
}
