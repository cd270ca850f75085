using System.Numerics;
using Decant.Kernels.Spectral;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Tests.Spectral;

public sealed class MagnitudeTests
{
    [Fact]
    public void A_magnitude_is_the_length_of_the_pair_rounded_once() => Variants.EachWidth(width =>
    {
        float[] x = [.. Seeded.Floats(1, 70), 3e38f, 3e38f, 1e-44f, 0, 0, 0, -3, 4, 3e-30f, 4e-30f];
        float[] y = new float[x.Length / 2];
        Magnitude.Run(x, y, WorkerPool.Inline);
        for (int i = 0; i < y.Length; i++)
            Assert.True(Close.Ulps(Complex.Abs(new Complex(x[2 * i], x[(2 * i) + 1])), y[i]) <= 0.5000001, $"{width}: element {i} is {y[i]}");
    });

    [Fact]
    public void What_is_not_finite_is_so_in_any_place() => Variants.EachWidth(width =>
    {
        (float Re, float Im)[] special = [(float.PositiveInfinity, 1), (1, float.NegativeInfinity), (float.NaN, 1), (1, float.NaN), (float.PositiveInfinity, float.NegativeInfinity)];
        for (int at = 0; at < 19; at++)
        {
            foreach ((float re, float im) in special)
            {
                float[] x = Seeded.Floats(2, 38), y = new float[19], without = new float[19];
                Magnitude.Run(x, without, WorkerPool.Inline);
                (x[2 * at], x[(2 * at) + 1]) = (re, im);
                Magnitude.Run(x, y, WorkerPool.Inline);
                without[at] = (float)Complex.Abs(new Complex(re, im));
                Close.Identical(without, y, $"{width}, {re} and {im} at {at}");
            }
        }
    });

    [Fact]
    public void Results_do_not_depend_on_the_number_of_threads() => Variants.SameOnAnyThreads(
        pool =>
        {
            float[] y = new float[50_001];
            Magnitude.Run(Seeded.Floats(3, 2 * y.Length), y, pool);
            return y;
        },
        "magnitudes");

    [Fact]
    public void A_span_that_is_too_short_is_refused() => Assert.Throws<ArgumentException>(() => Magnitude.Run(new float[5], new float[3], WorkerPool.Inline));
}
