using Decant.Kernels.Conv;
using Decant.Kernels.Gemm;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Tests.Conv;

public sealed class ConvolutionTests
{
    [Fact]
    public void A_3x3_box_over_ones_counts_the_pixels_inside()
    {
        ConvGeometry g = ConvGeometry.Create2D(1, WindowAxis.Same(3, 3, 1), WindowAxis.Same(3, 3, 1), 1, 1);
        float[] x = Ones(9), f = Ones(9), y = new float[9];
        Convolution.Run(x, f, y, g, default, WorkerPool.Inline);
        Assert.Equal([4f, 6f, 4f, 6f, 9f, 6f, 4f, 6f, 4f], y);
    }

    [Fact]
    public void Same_padding_puts_the_odd_pixel_at_the_end()
    {
        Assert.Equal(new WindowAxis(4, 3, 2, 1, 0, 2), WindowAxis.Same(4, 3, 2));
        Assert.Equal(new WindowAxis(5, 3, 2, 1, 1, 3), WindowAxis.Same(5, 3, 2));
        Assert.Equal(new WindowAxis(5, 3, 1, 2, 2, 5), WindowAxis.Same(5, 3, 1, 2));
        Assert.Equal(new WindowAxis(5, 3, 2, 1, 0, 2), WindowAxis.Valid(5, 3, 2));
        Assert.Equal(0, WindowAxis.Valid(2, 3, 1).Output);
        Assert.Equal(4, WindowAxis.Explicit(5, 3, 2, 2, 1).Output + 1);
    }

    [Fact]
    public void Input_gradients_of_small_windows_match_the_reference() => Variants.EachGemm(row =>
    {
        // Of each axis: taps in descending order, several phases, phases without a tap.
        WindowAxis[] axes = [.. from kernel in Enumerable.Range(1, 3) from stride in Enumerable.Range(1, 3) select WindowAxis.Same(5, kernel, stride), WindowAxis.Valid(5, 2, 2), WindowAxis.Same(5, 2, 1, 2)];
        foreach (WindowAxis height in axes)
        {
            foreach (WindowAxis width in axes)
            {
                ConvGeometry g = ConvGeometry.Create2D(2, height, width, 3, 2);
                float[] f = Seeded.Whole(1, g.FilterCount), dy = Seeded.Whole(2, g.OutputCount), dx = new float[g.InputCount], expected = new float[g.InputCount];
                ConvolutionReference.BackpropInput<float>(dy, f, expected, g);
                ConvolutionBackpropInput.Run(dy, f, dx, g, default, WorkerPool.Inline);
                Close.Identical(expected, dx, $"{row} {g}");
            }
        }
    });

    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 0)]
    public void A_convolution_without_outputs_does_nothing(int batch, int outputs)
    {
        WindowAxis padded = WindowAxis.Same(4, 3, 1) with { Output = outputs };
        ConvGeometry g = ConvGeometry.Create2D(batch, padded, padded, 2, 3);
        Convolution.Run(new float[g.InputCount], Seeded.Floats(1, g.FilterCount), [], g, default, WorkerPool.Inline);
    }

    [Fact]
    public void An_input_without_rows_is_all_padding()
    {
        ConvGeometry g = ConvGeometry.Create2D(1, WindowAxis.Explicit(0, 3, 1, 2, 2), WindowAxis.Same(4, 3, 1), 2, 3);
        float[] y = [.. Enumerable.Repeat(1f, (int)g.OutputCount)];
        Convolution.Run([], Seeded.Floats(1, g.FilterCount), y, g, default, WorkerPool.Inline);
        Assert.NotEmpty(y);
        Assert.All(y, v => Assert.Equal(0, v));
    }

    [Fact]
    public void Images_that_are_copied_into_their_padding_give_the_bits_of_those_that_are_not() => Variants.EachGemm(row =>
    {
        // Alone each image is small enough for the copy, together they are not.
        WindowAxis[] axes = [WindowAxis.Same(91, 3, 1), WindowAxis.Same(90, 3, 2), WindowAxis.Same(91, 5, 1, 2), WindowAxis.Explicit(90, 3, 1, 5, 4), WindowAxis.Explicit(91, 2, 3, 0, 4)];
        foreach (WindowAxis height in axes)
        {
            foreach (WindowAxis width in axes)
            {
                const int images = 3;
                ConvGeometry all = ConvGeometry.Create2D(images, height, width, 3, 2), one = all with { Batch = 1 };
                float[] x = Seeded.Floats(7, all.InputCount), f = Seeded.Floats(8, all.FilterCount), y = new float[all.OutputCount], alone = new float[one.OutputCount];
                Convolution.Run(x, f, y, all, default, WorkerPool.Inline);
                for (int image = 0; image < images; image++)
                {
                    Convolution.Run(x.AsSpan((int)(image * one.InputCount), (int)one.InputCount), f, alone, one, default, WorkerPool.Inline);
                    Close.Identical(y.AsSpan((int)(image * one.OutputCount), alone.Length), alone, $"{row} image {image} of {all}");
                }
            }
        }
    });

    [Fact]
    public void Convolution_and_gradients_match_the_reference_on_random_geometries() => Variants.EachGemm(row =>
    {
        Random random = new(5);
        for (int i = 0; i < 60; i++)
        {
            ConvGeometry g = RandomGeometry(random, i);
            float[] x = Seeded.Whole(i, g.InputCount), f = Seeded.Whole(i + 1, g.FilterCount), dy = Seeded.Whole(i + 2, g.OutputCount);
            float[] bias = Seeded.Whole(i + 3, g.OutChannels);
            float[] expected = new float[g.OutputCount], y = new float[g.OutputCount];
            ConvolutionReference.Run<float>(x, f, expected, g);
            Convolution.Run(x, f, y, g, default, WorkerPool.Inline);
            Close.Identical(expected, y, $"{row} forward {g}");
            Convolution.Run(x, f, y, g, new Epilogue<float>(bias, Activation.Relu6), WorkerPool.Inline);
            for (int e = 0; e < expected.Length; e++)
                expected[e] = Math.Clamp(expected[e] + bias[e % g.OutChannels], 0, 6);
            Close.Identical(expected, y, $"{row} epilogue {g}");
            AddsAResidual(x, f, bias, g, row);

            float[] dx = new float[g.InputCount], expectedDx = new float[g.InputCount];
            Array.Fill(dx, float.NaN);
            ConvolutionReference.BackpropInput<float>(dy, f, expectedDx, g);
            ConvolutionBackpropInput.Run(dy, f, dx, g, default, WorkerPool.Inline);
            Close.Identical(expectedDx, dx, $"{row} input gradient {g}");

            float[] df = new float[g.FilterCount], expectedDf = new float[g.FilterCount];
            ConvolutionReference.BackpropFilter<float>(x, dy, expectedDf, g);
            ConvolutionBackpropFilter.Run(x, dy, df, g, WorkerPool.Inline);
            Close.Identical(expectedDf, df, $"{row} filter gradient {g}");
        }
    });

    [Theory]
    [InlineData(1, 2, 2, 16, 1)]
    [InlineData(2, 3, 3, 5, 4)]
    [InlineData(1, 3, 2, 7, 3)]
    [InlineData(2, 2, 2, 24, 1)]
    [InlineData(1, 1, 3, 8, 1)]
    [InlineData(2, 1, 2, 16, 2)]
    [InlineData(1, 2, 2, 12, 1)]
    [InlineData(9, 2, 2, 8, 3)]
    public void A_transposed_convolution_of_windows_side_by_side_matches_the_reference(int batch, int height, int width, int outChannels, int inChannels)
    {
        ConvGeometry g = ConvGeometry.Create2D(batch, WindowAxis.Same(5 * height, height, height), WindowAxis.Same(17 * width, width, width), inChannels, outChannels);
        float[] f = Seeded.Whole(1, g.FilterCount), dy = Seeded.Whole(2, g.OutputCount), dx = new float[g.InputCount], expected = new float[g.InputCount];
        ConvolutionReference.BackpropInput<float>(dy, f, expected, g);
        ConvolutionBackpropInput.Run(dy, f, dx, g, default, WorkerPool.Shared);
        Close.Identical(expected, dx, $"{g}");
        float[] bias = Seeded.Whole(3, inChannels);
        ConvolutionBackpropInput.Run(dy, f, dx, g, new Epilogue<float>(bias, Activation.Relu6), WorkerPool.Shared);
        Close.Identical([.. expected.Select((v, i) => Math.Clamp(v + bias[i % inChannels], 0, 6))], dx, $"{g} with a bias and an activation");
    }

    [Theory]
    [InlineData(100, 3, 2, 1, 1)]
    [InlineData(61, 5, 1, 1, 3)]
    [InlineData(90, 3, 1, 3, 1)]
    public void A_convolution_along_long_lines_matches_the_reference(int size, int kernel, int stride, int depth, int dilation) => Variants.EachGemm(row =>
    {
        // Lines of many tiles, of which some begin or end in the padding and some reach over the end of a line; lines above and below the input.
        ConvGeometry g = new(2, depth == 1 ? WindowAxis.One : WindowAxis.Same(2, depth, 1), WindowAxis.Same(5, kernel, stride, dilation), WindowAxis.Same(size, kernel, stride), 3, 18);
        float[] x = Seeded.Whole(1, g.InputCount), f = Seeded.Whole(2, g.FilterCount), expected = new float[g.OutputCount], y = new float[g.OutputCount];
        ConvolutionReference.Run<float>(x, f, expected, g);
        Convolution.Run(x, f, y, g, default, WorkerPool.Inline);
        Close.Identical(expected, y, $"{row} {g}");
        Convolution.Run(x, f, y, g, default, WorkerPool.Shared);
        Close.Identical(expected, y, $"{row} on threads {g}");
    });

    [Fact]
    public void A_convolution_of_few_channels_matches_the_reference_on_random_geometries() => Variants.EachWidth(width =>
    {
        Random random = new(8);
        int thin = 0;
        for (int i = 0; i < 160; i++)
        {
            WindowAxis Axis(int most, int kernel) => i % 2 == 0 ? WindowAxis.Same(random.Next(1, most), kernel, random.Next(1, 4)) : WindowAxis.Explicit(random.Next(kernel, most + kernel), kernel, random.Next(1, 3), random.Next(0, kernel), random.Next(0, kernel));
            ConvGeometry g = new(random.Next(1, 3), i % 5 == 0 ? Axis(4, 2) : WindowAxis.One, Axis(12, random.Next(1, 6)), Axis(150, random.Next(1, 9)), random.Next(1, 40), 1 + (i % 8));
            thin += ThinFilter.Fits(g) ? 1 : 0;
            float[] x = Seeded.Whole(i, g.InputCount), f = Seeded.Whole(i + 1, g.FilterCount), bias = Seeded.Whole(i + 3, g.OutChannels);
            float[] expected = new float[g.OutputCount], y = new float[g.OutputCount];
            ConvolutionReference.Run<float>(x, f, expected, g);
            Convolution.Run(x, f, y, g, default, WorkerPool.Shared);
            Close.Identical(expected, y, $"{width} forward {g}");
            Convolution.Run(x, f, y, g, new Epilogue<float>(bias, Activation.Relu), WorkerPool.Inline);
            for (int e = 0; e < expected.Length; e++)
                expected[e] = Math.Max(expected[e] + bias[e % g.OutChannels], 0);
            Close.Identical(expected, y, $"{width} epilogue {g}");
            AddsAResidual(x, f, bias, g, width);
        }

        Assert.True(thin > (width == "scalar" ? -1 : 60), $"{width}: {thin} of 160");
    });

    [Fact]
    public void A_filter_of_one_channel_matches_the_reference_on_random_geometries() => Variants.EachWidth(width =>
    {
        Random random = new(10);
        for (int i = 0; i < 40; i++)
        {
            int kernel = random.Next(16, 300), stride = random.Next(1, 6);
            WindowAxis across = i % 2 == 0 ? WindowAxis.Same(random.Next(1, 2500), kernel, stride) : WindowAxis.Valid(random.Next(kernel, 3000), kernel, stride);
            ConvGeometry g = ConvGeometry.Create2D(random.Next(1, 3), i % 3 == 0 ? WindowAxis.Same(random.Next(1, 5), random.Next(1, 4), 1) : WindowAxis.One, across, 1, 1);
            Assert.Equal(width != "scalar", SignalConvolution.Fits(g));
            float[] x = Seeded.Whole(i, g.InputCount), f = Seeded.Whole(i + 1, g.FilterCount), bias = Seeded.Whole(i + 3, 1);
            float[] expected = new float[g.OutputCount], y = new float[g.OutputCount];
            ConvolutionReference.Run<float>(x, f, expected, g);
            Convolution.Run(x, f, y, g, default, WorkerPool.Shared);
            Close.Identical(expected, y, $"{width} forward {g}");
            Convolution.Run(x, f, y, g, new Epilogue<float>(bias, Activation.Relu), WorkerPool.Inline);
            for (int e = 0; e < expected.Length; e++)
                expected[e] = Math.Max(expected[e] + bias[0], 0);
            Close.Identical(expected, y, $"{width} epilogue {g}");
            AddsAResidual(x, f, bias, g, width);
        }
    });

    [Fact]
    public void A_depthwise_convolution_of_few_or_3x3_windows_matches_the_reference() => Variants.EachWidth(width =>
    {
        Random random = new(9);
        int flat = 0, blocks = 0, dilated = 0;
        for (int i = 0; i < 160; i++)
        {
            bool is3x3 = i % 2 == 0;
            int stride = is3x3 ? 1 + (i / 2 % 2) : 1, kernel = is3x3 ? 3 : random.Next(1, 6);
            (int down, int right) = is3x3 && stride == 1 && i >= 80 ? (random.Next(1, 5), random.Next(1, 5)) : (1, 1);
            WindowAxis height = WindowAxis.Same(random.Next(1, 12), is3x3 ? 3 : random.Next(1, 5), stride, down);
            WindowAxis across = i % 3 == 0 ? WindowAxis.Explicit(random.Next(kernel, 40), kernel, stride, random.Next(0, kernel), random.Next(0, kernel), right) : WindowAxis.Same(random.Next(1, 40), kernel, stride, right);
            DepthwiseGeometry g = new(random.Next(1, 3), height, across, is3x3 ? random.Next(1, 70) : random.Next(1, 16));
            flat += DepthwiseFlat.Fits(g) ? 1 : 0;
            blocks += Depthwise3x3.Fits(g) && !DepthwiseFlat.Fits(g) ? 1 : 0;
            dilated += Depthwise3x3.Fits(g) && right > 1 ? 1 : 0;
            float[] x = Seeded.Whole(i, g.InputCount), f = Seeded.Whole(i + 1, g.FilterCount), bias = Seeded.Whole(i + 2, g.OutChannels);
            float[] expected = new float[g.OutputCount], y = new float[g.OutputCount];
            DepthwiseReference.Run<float>(x, f, expected, g);
            Depthwise.Run(x, f, y, g, default, WorkerPool.Shared);
            Close.Identical(expected, y, $"{width} {g}");
            Depthwise.Run(x, f, y, g, new Epilogue<float>(bias, Activation.Relu6), WorkerPool.Inline);
            for (int e = 0; e < expected.Length; e++)
                expected[e] = Math.Clamp(expected[e] + bias[e % g.OutChannels], 0, 6);
            Close.Identical(expected, y, $"{width} epilogue {g}");
            GoesThroughALastPass(
                (epilogue, pool) =>
                {
                    Depthwise.Run(x, f, y, g, epilogue, pool);
                    return y;
                },
                g.OutChannels,
                $"{width} {g}");
        }

        Assert.True(width == "scalar" || (flat > 10 && blocks > 30 && dilated > 10), $"{width}: {flat} flat, {blocks} in blocks, {dilated} of them dilated");
    });

    [Fact]
    public void Values_beside_a_window_do_not_reach_it()
    {
        // What lies after the last pixel of a window in memory is another pixel, which may be infinite.
        ConvGeometry g = ConvGeometry.Create2D(1, WindowAxis.Valid(3, 3, 1), WindowAxis.Valid(40, 3, 1), 7, 3);
        float[] x = Seeded.Whole(1, g.InputCount), f = Seeded.Whole(2, g.FilterCount), y = new float[g.OutputCount], clean = new float[g.OutputCount];
        Convolution.Run(x, f, clean, g, default, WorkerPool.Inline);
        x[20 * 7] = float.PositiveInfinity;
        Convolution.Run(x, f, y, g, default, WorkerPool.Inline);
        for (int w = 0; w < g.Width.Output; w++)
            Assert.Equal(w is >= 18 and <= 20, !float.IsFinite(y[w * 3]));
        Assert.Equal(clean[..(18 * 3)], y[..(18 * 3)]);
    }

    [Fact]
    public void Depthwise_and_gradients_match_the_definition_as_a_grouped_convolution() => Variants.EachWidth(width =>
    {
        Random random = new(6);
        for (int i = 0; i < 60; i++)
        {
            int channels = i % 3 == 0 ? random.Next(1, 6) : random.Next(1, 50), multiplier = i % 4 == 0 ? 3 : 1;
            DepthwiseGeometry g = new(random.Next(1, 3), RandomAxis(random), RandomAxis(random), channels, multiplier);
            ConvGeometry grouped = ConvGeometry.Create2D(g.Batch, g.Height, g.Width, channels, g.OutChannels, channels);
            float[] x = Seeded.Whole(i, g.InputCount), f = Seeded.Whole(i + 1, g.FilterCount), bias = Seeded.Whole(i + 2, g.OutChannels), dy = Seeded.Whole(i + 3, g.OutputCount);
            float[] expected = new float[g.OutputCount], y = new float[g.OutputCount];
            ConvolutionReference.Run<float>(x, f, expected, grouped);
            DepthwiseReference.Run<float>(x, f, y, g);
            Close.Identical(expected, y, $"reference {g}");
            Depthwise.Run(x, f, y, g, default, WorkerPool.Inline);
            Close.Identical(expected, y, $"{width} {g}");
            Depthwise.Run(x, f, y, g, new Epilogue<float>(bias, Activation.Relu), WorkerPool.Inline);
            for (int e = 0; e < expected.Length; e++)
                expected[e] = Math.Max(expected[e] + bias[e % g.OutChannels], 0);
            Close.Identical(expected, y, $"{width} epilogue {g}");

            float[] dx = new float[g.InputCount], expectedDx = new float[g.InputCount], df = new float[g.FilterCount], expectedDf = new float[g.FilterCount];
            ConvolutionReference.BackpropInput<float>(dy, f, expectedDx, grouped);
            DepthwiseReference.BackpropInput<float>(dy, f, dx, g);
            Close.Identical(expectedDx, dx, $"input gradient {g}");
            ConvolutionReference.BackpropFilter<float>(x, dy, expectedDf, grouped);
            DepthwiseReference.BackpropFilter<float>(x, dy, df, g);
            Close.Identical(expectedDf, df, $"filter gradient {g}");
        }
    });

    [Fact]
    public void Threads_do_not_change_a_convolution()
    {
        ConvGeometry g = ConvGeometry.Create2D(2, WindowAxis.Same(19, 3, 1), WindowAxis.Same(23, 3, 1), 20, 40);
        float[] x = Seeded.Floats(1, g.InputCount), f = Seeded.Floats(2, g.FilterCount), dy = Seeded.Floats(3, g.OutputCount);
        Variants.SameOnAnyThreads(
            pool =>
            {
                float[] y = new float[g.OutputCount], dx = new float[g.InputCount], df = new float[g.FilterCount];
                Convolution.Run(x, f, y, g, default, pool);
                ConvolutionBackpropInput.Run(dy, f, dx, g, default, pool);
                ConvolutionBackpropFilter.Run(x, dy, df, g, pool);
                return [.. y, .. dx, .. df];
            },
            "convolution");
        DepthwiseGeometry d = new(2, WindowAxis.Same(19, 3, 2), WindowAxis.Same(23, 3, 1), 37);
        float[] xd = Seeded.Floats(4, d.InputCount), fd = Seeded.Floats(5, d.FilterCount);
        Variants.SameOnAnyThreads(
            pool =>
            {
                float[] y = new float[d.OutputCount];
                Depthwise.Run(xd, fd, y, d, default, pool);
                return y;
            },
            "depthwise");
    }

    [Fact]
    public void Dilation_takes_the_maximum_of_sums()
    {
        DepthwiseGeometry g = new(1, WindowAxis.Valid(2, 2, 1), WindowAxis.Valid(2, 2, 1), 1);
        float[] y = new float[1];
        Dilation2D.Run<float>([0.1f, 0.2f, 0.3f, 0.4f], [0.4f, 0.3f, 0.1f, 0f], y, g, WorkerPool.Inline);
        Assert.Equal(0.5f, y[0]);
    }

    /// <summary>Runs the convolution with bias, residual and Relu, from another buffer and in place.</summary>
    private static void AddsAResidual(float[] x, float[] f, float[] bias, ConvGeometry g, string what)
    {
        float[] residual = Seeded.Whole(77, g.OutputCount), expected = new float[g.OutputCount], y = new float[g.OutputCount];
        ConvolutionReference.Run<float>(x, f, expected, g);
        for (int e = 0; e < expected.Length; e++)
            expected[e] = Math.Max(expected[e] + bias[e % g.OutChannels] + residual[e], 0);
        Convolution.Run(x, f, y, g, new Epilogue<float>(bias, Activation.Relu, residual), WorkerPool.Inline);
        Close.Identical(expected, y, $"{what} residual {g}");
        residual.CopyTo(y, 0);
        Convolution.Run(x, f, y, g, new Epilogue<float>(bias, Activation.Relu, y), WorkerPool.Shared);
        Close.Identical(expected, y, $"{what} residual in place {g}");
        float[] slopes = Seeded.Whole(78, g.OutChannels);
        ConvolutionReference.Run<float>(x, f, expected, g);
        for (int e = 0; e < expected.Length; e++)
            expected[e] = expected[e] + bias[e % g.OutChannels] is < 0 and var below ? below * slopes[e % g.OutChannels] : expected[e] + bias[e % g.OutChannels];
        Convolution.Run(x, f, y, g, new Epilogue<float>(bias) { Slopes = slopes }, WorkerPool.Shared);
        Close.Identical(expected, y, $"{what} slopes {g}");
        GoesThroughALastPass(
            (epilogue, pool) =>
            {
                Array.Fill(y, float.NaN);
                Convolution.Run(x, f, y, g, epilogue, pool);
                return y;
            },
            g.OutChannels,
            $"{what} {g}");
    }

    private delegate float[] WithEpilogue(Epilogue<float> epilogue, WorkerPool pool);

    /// <summary>Compares results with a scale and shift behind Relu, and with the hard swish, with those made of the results without.</summary>
    private static void GoesThroughALastPass(WithEpilogue run, int channels, string what)
    {
        float[] scale = Seeded.Floats(79, channels), shift = Seeded.Floats(80, channels);
        float[] plain = [.. run(default, WorkerPool.Inline)], expected = new float[plain.Length];
        for (int e = 0; e < expected.Length; e++)
        {
            float product = Math.Max(plain[e], 0) * scale[e % channels];
            expected[e] = product + shift[e % channels];
        }

        Close.Identical(expected, run(new Epilogue<float>(default, Activation.Relu) { Scale = scale, Shift = shift }, WorkerPool.Shared), $"scale and shift {what}");
        for (int e = 0; e < expected.Length; e++)
            expected[e] = plain[e] * 0.3f * Math.Clamp(plain[e] + 2, 0, 6);
        Close.Identical(expected, run(new Epilogue<float>(default) { Swish = (2, 0.3f) }, WorkerPool.Inline), $"hard swish {what}");
    }

    private static float[] Ones(int n)
    {
        float[] ones = new float[n];
        Array.Fill(ones, 1);
        return ones;
    }

    private static ConvGeometry RandomGeometry(Random random, int i)
    {
        int groups = i % 5 == 0 ? 2 : 1;
        WindowAxis depth = i % 4 == 3 ? RandomAxis(random) : WindowAxis.One;
        if (i % 7 == 0)
            return ConvGeometry.Create2D(2, WindowAxis.Valid(6, 1, 1), WindowAxis.Valid(5, 1, 1), random.Next(1, 40) * groups, random.Next(1, 40) * groups, groups);
        return new ConvGeometry(random.Next(1, 3), depth, RandomAxis(random), RandomAxis(random), random.Next(1, 9) * groups, random.Next(1, 40) * groups, groups);
    }

    private static WindowAxis RandomAxis(Random random)
    {
        int input = random.Next(1, 12), kernel = random.Next(1, 5), stride = random.Next(1, 4), dilation = random.Next(1, 3);
        return random.Next(3) switch
        {
            0 => WindowAxis.Same(input, kernel, stride, dilation),
            1 => WindowAxis.Valid(input, kernel, stride, dilation),
            _ => WindowAxis.Explicit(input, kernel, stride, random.Next(0, 4), random.Next(0, 4), dilation),
        };
    }
}
