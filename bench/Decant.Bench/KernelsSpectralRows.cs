using Decant.Kernels.Spectral;
using Decant.Kernels.Threading;

namespace Decant.Bench;

/// <summary>Fourier transforms of float32, computed in float64: the frames of speech and music networks, lines, and images.</summary>
internal static class KernelsSpectralRows
{
    private const int Frames = 96;

    public static IEnumerable<KernelsRow> All() => [.. Lines(), .. Images()];

    private static KernelsRow Of(string name, string shape, long count, Action<WorkerPool> run) => new(name, shape, KernelsLimit.None, count, "", run);

    private static IEnumerable<KernelsRow> Lines()
    {
        foreach ((int columns, int length) in new[] { (512, 512), (400, 512), (480, 480), (441, 441) })
        {
            var real = new RealFourierTransform(length);
            Memory<float> x = KernelsBuffer.Create(Frames * columns), y = KernelsBuffer.Create(2 * Frames * real.Bins);
            yield return Of($"fft of real lines to {length}", $"{Frames}x{columns}", Frames * columns, pool => real.Forward<float, float>(x.Span, columns, y.Span, Frames, pool));
        }

        var back = new RealFourierTransform(512);
        Memory<float> spectra = KernelsBuffer.Create(2 * Frames * back.Bins), lines = KernelsBuffer.Create(Frames * 512), sizes = KernelsBuffer.Create(Frames * back.Bins);
        yield return Of("fft back to real lines of 512", $"{Frames}x{back.Bins}", Frames * 512, pool => back.Inverse<float, float>(spectra.Span, back.Bins, lines.Span, Frames, pool));
        yield return Of("magnitude", $"{Frames}x{back.Bins}", Frames * back.Bins, pool => Magnitude.Run(spectra.Span, sizes.Span, pool));
        foreach (int count in new[] { 1, 64 })
        {
            var transform = new FourierTransform(1024);
            Memory<float> x = KernelsBuffer.Create(2 * count * 1024), y = KernelsBuffer.Create(2 * count * 1024);
            yield return Of("fft of complex lines", $"{count}x1024", count * 1024, pool => transform.Rows<float, float>(x.Span, y.Span, count, inverse: false, pool));
        }
    }

    private static IEnumerable<KernelsRow> Images()
    {
        const int side = 256;
        var real = new RealFourierTransform(side);
        var columns = new FourierTransform(side);
        Memory<float> x = KernelsBuffer.Create(side * side), y = KernelsBuffer.Create(2 * side * real.Bins);
        double[] middle = new double[2 * side * real.Bins];
        yield return Of("fft of a real image", $"{side}x{side}", side * side, pool =>
        {
            real.Forward<float, double>(x.Span, side, middle, side, pool);
            columns.Columns<double, float>(middle, real.Bins, side, y.Span, real.Bins, real.Bins, inverse: false, pool);
        });
    }
}
