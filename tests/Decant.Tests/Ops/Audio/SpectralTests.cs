using System.Numerics;
using Decant.IR;
using Decant.IR.TextForm;
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

    /// <summary>Axes are cut and padded with zeros each for itself, and transformed from the innermost out, back from the outermost in.</summary>
    [Theory]
    [InlineData("RFFT", new[] { 10 }, new[] { 16 })]
    [InlineData("RFFT", new[] { 21 }, new[] { 15 })]
    [InlineData("RFFT2D", new[] { 5, 7 }, new[] { 4, 12 })]
    [InlineData("RFFT2D", new[] { 3, 9 }, new[] { 6, 8 })]
    [InlineData("RFFT2D", new[] { 3, 9 }, new[] { 1, 8 })]
    [InlineData("RFFT2D", new[] { 1, 9 }, new[] { 1, 8 })]
    [InlineData("RFFT2D", new[] { 1, 9 }, new[] { 3, 8 })]
    [InlineData("RFFT3D", new[] { 3, 4, 10 }, new[] { 5, 2, 12 })]
    [InlineData("RFFT3D", new[] { 4, 2, 10 }, new[] { 2, 6, 7 })]
    [InlineData("RFFT3D", new[] { 1, 1, 10 }, new[] { 1, 1, 8 })]
    [InlineData("IRFFT", new[] { 10 }, new[] { 16 })]
    [InlineData("IRFFT", new[] { 9 }, new[] { 9 })]
    [InlineData("IRFFT2D", new[] { 5, 7 }, new[] { 4, 12 })]
    [InlineData("IRFFT2D", new[] { 3, 4 }, new[] { 6, 9 })]
    [InlineData("IRFFT2D", new[] { 1, 4 }, new[] { 1, 9 })]
    [InlineData("IRFFT3D", new[] { 3, 4, 10 }, new[] { 5, 2, 12 })]
    [InlineData("IRFFT3D", new[] { 4, 2, 3 }, new[] { 2, 6, 7 })]
    [InlineData("FFT", new[] { 12 }, new[] { 12 })]
    [InlineData("IFFT2D", new[] { 6, 11 }, new[] { 6, 11 })]
    [InlineData("FFT3D", new[] { 3, 4, 5 }, new[] { 3, 4, 5 })]
    [InlineData("IFFT3D", new[] { 2, 9, 6 }, new[] { 2, 9, 6 })]
    public void A_transform_of_several_axes_is_one_of_each(string op, int[] dims, int[] lengths)
    {
        const int Slices = 3;
        bool isReal = op.Contains("RFFT", StringComparison.Ordinal), inverse = op[0] == 'I', toReal = isReal && inverse;
        int count = dims.Aggregate(1, (a, b) => a * b), bins = (lengths[^1] / 2) + 1;
        Complex[] x = Noise(Slices * count, count);
        if (isReal && !inverse)
            x = [.. x.Select(v => new Complex(v.Real, 0))];
        var shape = new Shape([Slices, .. dims.Select(d => (long)d)]);
        Tensor input = isReal && !inverse ? Tensor.Wrap([.. x.Select(v => v.Real)], shape) : Tensor.Wrap(x, shape);
        Tensor y = isReal
            ? OneOp.Run(op, [input, Tensor.Wrap(lengths)], new AttributeMap { { "Treal", DType.Float64 }, { "Tcomplex", DType.Complex128 } })[0]
            : OneOp.Run(op, [input])[0];
        List<Complex> expected = [];
        for (int slice = 0; slice < Slices; slice++)
        {
            (Complex[] values, int[] at) = (x[(slice * count)..((slice + 1) * count)], dims);
            for (int axis = 0; axis < lengths.Length - (toReal ? 1 : 0); axis++)
                (values, at) = Along(values, at, axis, lengths[axis], line => Definition(line, inverse ? 1 : -1), inverse ? lengths[axis] : 1);
            if (toReal)
                (values, at) = Along(values, at, lengths.Length - 1, bins, half => [.. Definition([.. half, .. Enumerable.Range(bins, lengths[^1] - bins).Select(k => Complex.Conjugate(half[lengths[^1] - k]))], 1).Select(v => new Complex(v.Real, 0))], lengths[^1]);
            expected.AddRange(isReal && !inverse ? values.Where((_, i) => i % lengths[^1] < bins) : values);
        }

        Shape result = new([Slices, .. lengths[..^1].Select(l => (long)l), isReal && !inverse ? bins : lengths[^1]]);
        Assert.Null(TensorComparison.Difference(y, toReal ? Tensor.Wrap([.. expected.Select(v => v.Real)], result) : Tensor.Wrap([.. expected], result), 0, 1e-12));
    }

    /// <summary>Lines of an axis, cut or padded to a length, each replaced by what is made of it over a divisor.</summary>
    private static (Complex[] Values, int[] Dims) Along(Complex[] values, int[] dims, int axis, int length, Func<Complex[], Complex[]> transform, double divisor)
    {
        int step = dims[(axis + 1)..].Aggregate(1, (a, b) => a * b), outer = dims[..axis].Aggregate(1, (a, b) => a * b);
        Complex[][] lines = [.. Enumerable.Range(0, outer * step).Select(i => transform([.. Enumerable.Range(0, length).Select(n => n < dims[axis] ? values[(((i / step * dims[axis]) + n) * step) + (i % step)] : Complex.Zero)]))];
        int made = lines[0].Length;
        Complex[] result = new Complex[outer * made * step];
        for (int i = 0; i < lines.Length; i++)
        {
            for (int n = 0; n < made; n++)
                result[(((i / step * made) + n) * step) + (i % step)] = lines[i][n] / divisor;
        }

        return (result, [.. dims[..axis], made, .. dims[(axis + 1)..]]);
    }

    [Fact]
    public void A_length_that_is_fed_may_be_another_in_each_run()
    {
        using Model model = GraphParser.Parse("graph { x = Placeholder() {dtype: float64, shape: shape[?,?]} n = Placeholder() {dtype: int32, shape: shape[1]} y = RFFT(x, n) {Treal: float64, Tcomplex: complex128} }");
        using var session = new Session(model);
        double[] values = [.. Noise(24, 3).Select(v => v.Real)];
        foreach ((int length, int rows) in new[] { (12, 2), (9, 2), (12, 2), (16, 2), (16, 3), (7, 1), (12, 2) })
        {
            Tensor x = Tensor.Wrap(values[..(rows * 8)], new Shape(rows, 8));
            Tensor y = session.Run(new Dictionary<string, Tensor> { ["x"] = x, ["n"] = Tensor.Wrap([length]) }, ["y"])["y"];
            Complex[] expected = [.. Enumerable.Range(0, rows).SelectMany(row => Definition([.. Enumerable.Range(0, length).Select(i => i < 8 ? new Complex(values[(row * 8) + i], 0) : 0)], -1)[..((length / 2) + 1)])];
            Assert.Null(TensorComparison.Difference(y, Tensor.Wrap(expected, new Shape(rows, (length / 2) + 1)), 0, 1e-13));
        }
    }

    [Fact]
    public void Nothing_is_made_of_no_lines_and_no_lines_of_something_are_refused()
    {
        AttributeMap types = new() { { "Treal", DType.Float32 }, { "Tcomplex", DType.Complex64 } };
        Assert.Equal(new Shape(0, 9), OneOp.Run("RFFT", [Tensor.Wrap(Array.Empty<float>(), new Shape(0, 5)), Tensor.Wrap([16])], types)[0].Shape);
        Assert.Equal(new Shape(2, 0), OneOp.Run("FFT", [Tensor.Wrap(Array.Empty<Complex64>(), new Shape(2, 0))])[0].Shape);
        Assert.Contains("empty input", Assert.Throws<ModelException>(() => OneOp.Run("RFFT", [Tensor.Wrap(Array.Empty<float>(), new Shape(2, 0)), Tensor.Wrap([16])], types)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1 << 28)]
    [InlineData((1 << 28) + 1)]
    [InlineData(int.MaxValue)]
    public void A_length_beyond_memory_is_refused_at_the_node(int length)
    {
        ModelException e = Assert.Throws<ModelException>(() => OneOp.Run("IRFFT2D", [Tensor.Wrap(new Complex64[4], new Shape(2, 2)), Tensor.Wrap([length, 1 << 27])], new AttributeMap { { "Treal", DType.Float32 }, { "Tcomplex", DType.Complex64 } }));
        Assert.Equal("op", e.Diagnostics[0].Location?.Node);
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
