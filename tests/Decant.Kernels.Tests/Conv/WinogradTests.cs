using Decant.Kernels.Conv;
using Decant.Kernels.Gemm;
using Decant.Kernels.Lanes;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Tests.Conv;

public sealed class WinogradTests
{
    [Fact]
    public void Random_shapes_are_within_the_tolerance_at_every_width_and_on_every_kernel()
    {
        Random random = new(3);
        for (int i = 0; i < 10; i++)
        {
            ConvGeometry g = RandomGeometry(random, i);
            float[] x = Seeded.Floats(i, g.InputCount), f = Seeded.Floats(i + 1, g.FilterCount), bias = Seeded.Floats(i + 2, g.OutChannels), residual = Seeded.Floats(i + 3, g.OutputCount);
            double[] expected = new double[g.OutputCount];
            ConvolutionReference.Run<double>(Seeded.Widen(x), Seeded.Widen(f), expected, g);
            for (int e = 0; e < expected.Length; e++)
                expected[e] = Math.Max(expected[e] + (i % 2 == 0 ? bias[e % g.OutChannels] : 0) + (i % 3 == 0 ? residual[e] : 0), 0);
            double tolerance = Tolerance(x, f, g.OutChannels);
            EachWidth(what =>
            {
                float[] y = i % 3 == 0 ? [.. residual] : new float[g.OutputCount];
                Run(x, f, y, g, new Epilogue<float>(i % 2 == 0 ? bias : default, Activation.Relu, i % 3 == 0 ? y : default), WorkerPool.Shared);
                Close.To(expected, y, tolerance, $"{what} {g}");
            });
        }
    }

    [Fact]
    public void Weights_beyond_the_cache_take_the_steps_together()
    {
        ConvGeometry g = ConvGeometry.Create2D(2, WindowAxis.Same(15, 3, 1), WindowAxis.Same(14, 3, 1), 112, 128);
        float[] x = Seeded.Floats(1, g.InputCount), f = Seeded.Floats(2, g.FilterCount), y = new float[g.OutputCount];
        double[] expected = new double[g.OutputCount];
        ConvolutionReference.Run<double>(Seeded.Widen(x), Seeded.Widen(f), expected, g);
        Run(x, f, y, g, default, WorkerPool.Shared);
        Close.To(expected, y, Tolerance(x, f, 128), "112 to 128 channels");
        float[] scale = Seeded.Floats(3, 128), shift = Seeded.Floats(4, 128), scaled = [.. y];
        for (int e = 0; e < y.Length; e++)
        {
            float product = Math.Max(y[e], 0) * scale[e % 128];
            scaled[e] = product + shift[e % 128];
        }

        Run(x, f, y, g, new Epilogue<float>(default, Activation.Relu) { Scale = scale, Shift = shift }, WorkerPool.Shared);
        Close.Identical(scaled, y, "112 to 128 channels, scale and shift");
    }

    [Fact]
    public void Inputs_that_are_not_finite_reach_the_outputs_that_depend_on_them_and_no_others()
    {
        foreach (int channels in new[] { 16, 112 })
        {
            ConvGeometry g = ConvGeometry.Create2D(2, WindowAxis.Same(15, 3, 1), WindowAxis.Same(14, 3, 1), channels, 64);
            float[] x = Seeded.Floats(1, g.InputCount), f = Seeded.Floats(2, g.FilterCount), bias = Seeded.Floats(3, 64), residual = Seeded.Floats(4, g.OutputCount);
            double tolerance = Tolerance(x, f, 64);
            // A weight of 0 makes NaN of an infinity.
            f[(5 * channels * 64) + 7] = 0;
            (x[3], x[(20 * channels) + 2], x[(100 * channels) + 9], x[^1]) = (float.PositiveInfinity, float.NaN, float.NegativeInfinity, 1e38f);
            double[] expected = new double[g.OutputCount];
            ConvolutionReference.Run<double>(Seeded.Widen(x), Seeded.Widen(f), expected, g);
            for (int e = 0; e < expected.Length; e++)
                expected[e] = expected[e] + bias[e % 64] + residual[e] is var sum && sum < 0 ? 0 : sum;
            EachWidth(what =>
            {
                float[] y = [.. residual];
                Run(x, f, y, g, new Epilogue<float>(bias, Activation.Relu, y), WorkerPool.Shared);
                int unlike = 0;
                for (int i = 0; i < y.Length; i++)
                {
                    // What the large input reaches is right relative to it.
                    bool isRight = double.IsFinite(expected[i]) ? Math.Abs(y[i] - expected[i]) <= Math.Max(tolerance, Math.Abs(expected[i]) * 1e-5) : expected[i].Equals(y[i]);
                    unlike += isRight ? 0 : 1;
                }

                Assert.True(unlike == 0, $"{what}, {channels} channels: {unlike} outputs");
            });
        }
    }

    [Fact]
    public void Threads_do_not_change_a_result()
    {
        foreach (int channels in new[] { 32, 112 })
        {
            ConvGeometry g = ConvGeometry.Create2D(1, WindowAxis.Same(27, 3, 1), WindowAxis.Same(30, 3, 1), channels, 96);
            float[] x = Seeded.Floats(1, g.InputCount), f = Seeded.Floats(2, g.FilterCount);
            Variants.SameOnAnyThreads(
                pool =>
                {
                    float[] y = new float[g.OutputCount];
                    Run(x, f, y, g, default, pool);
                    return y;
                },
                $"{channels} channels");
        }
    }

    [Fact]
    public void Only_filters_that_are_kept_and_large_enough_take_this_form()
    {
        ConvGeometry Of(int size, int kernel, int stride, int channels) => ConvGeometry.Create2D(1, WindowAxis.Same(size, kernel, stride), WindowAxis.Same(size, kernel, stride), channels, channels);
        bool isOn = WinogradRow.Current.IsOn && LaneWidth.Current > 0 && GemmKernel.Current != GemmKernel.Rows[^1];
        Assert.Equal(isOn, WinogradFilter.Fits(Of(56, 3, 1, 64)));
        Assert.False(WinogradFilter.Fits(Of(56, 3, 2, 64)));
        Assert.False(WinogradFilter.Fits(Of(56, 1, 1, 64)));
        Assert.False(WinogradFilter.Fits(Of(56, 3, 1, 8)));
        Assert.False(WinogradFilter.Fits(Of(7, 3, 1, 512)));
        using ConvFilter once = ConvFilter.Pack(Seeded.Floats(1, 9 * 64 * 64), Of(56, 3, 1, 64), isKept: false);
        Assert.Null(once.Winograd);
    }

    [Fact]
    public void A_filter_for_another_geometry_is_refused()
    {
        ConvGeometry g = ConvGeometry.Create2D(1, WindowAxis.Same(20, 3, 1), WindowAxis.Same(20, 3, 1), 32, 32);
        using ConvFilter filter = ConvFilter.Pack(Seeded.Floats(1, g.FilterCount), g);
        ConvGeometry strided = g with { Width = WindowAxis.Same(20, 3, 2) };
        if (filter.Winograd is not null)
            Assert.Throws<ArgumentException>(() => Convolution.Run(new float[g.InputCount], filter, new float[g.OutputCount], strided, default, WorkerPool.Inline));
    }

    private static void EachWidth(Action<string> body) =>
        Variants.EachGemm(row => Variants.EachWidth(width =>
        {
            // Scalar loops have no transforms.
            if (width != "scalar" && (row == "avx512" || width is "v128" or "v256"))
                body($"{row}, {width}");
        }));

    private static void Run(float[] x, float[] f, float[] y, in ConvGeometry g, in Epilogue<float> epilogue, WorkerPool pool)
    {
        using ConvFilter filter = ConvFilter.Of(WinogradFilter.Pack(f, g, () => f));
        Convolution.Run(x, filter, y, g, epilogue, pool);
    }

    private static double Tolerance(float[] x, float[] f, int channels)
    {
        double[] sums = new double[channels];
        for (int i = 0; i < f.Length; i++)
            sums[i % channels] += Math.Abs(f[i]);
        return Winograd.Tolerance * x.Max(Math.Abs) * sums.Max();
    }

    private static ConvGeometry RandomGeometry(Random random, int i)
    {
        WindowAxis Axis() => i % 2 == 0 ? WindowAxis.Same(random.Next(1, 40), 3, 1) : WindowAxis.Explicit(random.Next(3, 40), 3, 1, random.Next(0, 3), random.Next(0, 3));
        WindowAxis depth = i % 5 == 4 ? new WindowAxis(2, 1, 1, 1, 0, 2) : WindowAxis.One;
        return new ConvGeometry(random.Next(1, 3), depth, Axis(), Axis(), 16 * random.Next(1, 4), 16 * random.Next(1, 6));
    }
}
