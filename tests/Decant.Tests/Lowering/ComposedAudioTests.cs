using Decant.IR;
using Decant.IR.TextForm;
using Decant.Lowering;

namespace Decant.Tests.Lowering;

/// <summary>What hears words before a network does: spectra of sound over time, and the coefficients that are made of them.</summary>
public sealed class ComposedAudioTests
{
    /// <summary>The shape of the sound as the graph says it, its samples and channels, and the window and stride.</summary>
    [Theory]
    [InlineData("1600, 1", 1600, 1, 480, 160, true)]
    [InlineData("1600, 1", 1600, 1, 640, 320, false)]
    [InlineData("?, 1", 1650, 1, 480, 160, true)]
    [InlineData("?, 2", 500, 2, 64, 48, false)]
    [InlineData("200, 3", 200, 3, 7, 3, true)]
    [InlineData("100, 1", 100, 1, 32, 32, false)]
    [InlineData("100, 1", 100, 1, 20, 33, false)]
    [InlineData("33, 1", 33, 1, 32, 2, false)]
    [InlineData("?, 1", 20, 1, 32, 8, false)]
    public void A_spectrogram_is_the_spectrum_of_frames(string shape, int samples, int channels, int window, int stride, bool squared)
    {
        ComposedCheck.Run(
            $"y = AudioSpectrogram(x) {{window_size: {window}, stride: {stride}, magnitude_squared: {(squared ? "true" : "false")}}}",
            $"x = Placeholder() {{dtype: float32, shape: shape[{shape}]}}", new() { ["x"] = Sound(samples, channels, 2f / window) }, ["y"], 2e-6);
    }

    [Fact]
    public void A_sound_of_unknown_channels_is_refused()
    {
        using Model model = GraphParser.Parse("graph {\nx = Placeholder() {dtype: float32, shape: shape[?, ?]}\ny = AudioSpectrogram(x) {window_size: 32, stride: 16}\n}");
        Assert.Contains("known number of channels", Assert.Throws<ModelException>(() => model.Convert()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1, 10, 257", 16000, 40, 10, 20f, 7600f)]
    [InlineData("2, ?, 129", 8000, 20, 20, 125f, 3800f)]
    [InlineData("?, 3, 33", 8000, 3, 1, 0f, 4000f)]
    [InlineData("1, 2, 513", 44100, 40, 13, 20f, 4000f)]
    public void Coefficients_are_two_products(string shape, int rate, int filters, int coefficients, float low, float high)
    {
        var random = new Random(5);
        Shape of = new([.. shape.Replace("?", "4", StringComparison.Ordinal).Split(", ").Select(long.Parse)]);
        Tensor powers = Tensor.Wrap([.. Enumerable.Range(0, (int)of.ElementCount).Select(_ => random.NextSingle())], of);
        string mfcc = FormattableString.Invariant($"y = Mfcc(x, rate) {{upper_frequency_limit: {high}f, lower_frequency_limit: {low}f, filterbank_channel_count: {filters}, dct_coefficient_count: {coefficients}}}");
        string x = $"x = Placeholder() {{dtype: float32, shape: shape[{shape}]}}";
        ComposedCheck.Run(mfcc, $"{x}\nrate = Const() {{dtype: int32, value: int32[] {{{rate}}}}}", new() { ["x"] = powers }, ["y"], 1e-5);
        ComposedCheck.Run(mfcc, $"{x}\nrate = Placeholder() {{dtype: int32, shape: shape[]}}", new() { ["x"] = powers, ["rate"] = Tensor.Scalar(rate) }, ["y"], 1e-4);
    }

    [Theory]
    [InlineData("1, 2, ?", "8000", "known number of bins")]
    [InlineData("1, 2, 33", "6000", "at most half of the rate")]
    [InlineData("1, 2, 33", "0", "at most half of the rate")]
    public void Coefficients_of_other_spectra_are_refused(string shape, string rate, string message)
    {
        using Model model = GraphParser.Parse($"graph {{\nx = Placeholder() {{dtype: float32, shape: shape[{shape}]}}\nrate = Const() {{dtype: int32, value: int32[] {{{rate}}}}}\ny = Mfcc(x, rate) {{upper_frequency_limit: 4000f, lower_frequency_limit: 20f, filterbank_channel_count: 10, dct_coefficient_count: 5}}\n}}");
        Assert.Contains(message, Assert.Throws<ModelException>(() => model.Convert(new ConvertOptions { Inputs = ["x"], Outputs = ["y"] })).Message, StringComparison.Ordinal);
    }

    private static Tensor Sound(int samples, int channels, float loudness)
    {
        var random = new Random(7);
        return Tensor.Wrap([.. Enumerable.Range(0, samples * channels).Select(_ => loudness * ((2 * random.NextSingle()) - 1))], new Shape(samples, channels));
    }
}
