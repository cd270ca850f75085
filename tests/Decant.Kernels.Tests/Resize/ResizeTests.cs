using Decant.Kernels.Resize;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Tests.Resize;

public sealed class ResizeTests
{
    private static readonly float[] Ramp = [0, 1, 2, 3];

    public static TheoryData<string, bool, bool, float[]> Rows => new()
    {
        { "bilinear", false, false, [0, 0.5f, 1, 1.5f, 2, 2.5f, 3, 3] },
        { "bilinear", false, true, [0, 0.25f, 0.75f, 1.25f, 1.75f, 2.25f, 2.75f, 3] },
        { "bilinear", true, false, [0, 3f / 7, 6f / 7, 9f / 7, 12f / 7, 15f / 7, 18f / 7, 3] },
        { "nearest", false, false, [0, 0, 1, 1, 2, 2, 3, 3] },
        { "nearest", false, true, [0, 0, 1, 1, 2, 2, 3, 3] },
        { "nearest", true, false, [0, 0, 1, 1, 2, 2, 3, 3] },
        { "area", false, false, [0, 0, 1, 1, 2, 2, 3, 3] },
        { "bicubic", false, false, [0, 0.40625f, 1, 1.5f, 2, 2.59375f, 3, 3.09375f] },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_ramp_of_four_becomes_eight(string method, bool alignCorners, bool halfPixel, float[] expected)
    {
        ResizeGeometry g = new(1, 1, 4, 1, 8, 1, alignCorners, halfPixel);
        float[] y = new float[8];
        switch (method)
        {
            case "bilinear": ResizeBilinear.Run<float>(Ramp, y, g, WorkerPool.Inline); break;
            case "nearest": ResizeNearest.Run<float>(Ramp, y, g, WorkerPool.Inline); break;
            case "area": ResizeArea.Run<float>(Ramp, y, g, WorkerPool.Inline); break;
            default: ResizeBicubic.Run<float>(Ramp, y, g, WorkerPool.Inline); break;
        }

        Close.To(Seeded.Widen(expected), y, 1e-6, method);
    }

    [Fact]
    public void Bilinear_resizing_matches_plain_loops_at_every_width_and_number_of_channels() => Variants.EachWidth(width =>
    {
        for (int channels = 1; channels <= 40; channels += channels < 5 ? 1 : 7)
        {
            foreach ((int from, int to) in (ReadOnlySpan<(int, int)>)[(9, 23), (21, 42), (12, 50), (41, 13), (1, 5), (60, 60)])
            {
                ResizeGeometry g = new(2, from, from + 2, to, to + 1, channels, channels % 3 == 0, channels % 3 == 1);
                float[] x = Seeded.Floats(channels, g.InputCount), y = new float[g.OutputCount];
                ResizeBilinear.Run<float>(x, y, g, WorkerPool.Inline);
                for (int i = 0; i < y.Length; i++)
                {
                    int c = i % channels, pixel = i / channels, ox = pixel % g.OutWidth, oy = pixel / g.OutWidth % g.OutHeight, image = pixel / g.OutWidth / g.OutHeight;
                    (int top, int bottom, float fy) = Between(g.Source(oy, g.ScaleY), g.InHeight);
                    (int left, int right, float fx) = Between(g.Source(ox, g.ScaleX), g.InWidth);
                    float At(int row, int column) => x[(((((image * g.InHeight) + row) * g.InWidth) + column) * channels) + c];
                    float above = At(top, left) + ((At(top, right) - At(top, left)) * fx), below = At(bottom, left) + ((At(bottom, right) - At(bottom, left)) * fx);
                    float expected = above + ((below - above) * fy);
                    if (expected != y[i])
                        Assert.Fail($"{width} {g}: element {i} is {y[i]:R}, expected {expected:R}");
                }
            }
        }
    });

    [Fact]
    public void Area_halves_by_averaging()
    {
        float[] y = new float[1];
        ResizeArea.Run<byte>([1, 2, 3, 6], y, new ResizeGeometry(1, 2, 2, 1, 1, 1), WorkerPool.Inline);
        Assert.Equal(3f, y[0]);
    }

    [Fact]
    public void Bicubic_keeps_a_constant_at_every_coordinate_mode()
    {
        float[] x = new float[5 * 7 * 2], y = new float[11 * 3 * 2];
        Array.Fill(x, 2.5f);
        foreach ((bool align, bool half) in new[] { (false, false), (true, false), (false, true) })
        {
            ResizeBicubic.Run<float>(x, y, new ResizeGeometry(1, 5, 7, 11, 3, 2, align, half), WorkerPool.Inline);
            Assert.All(y, v => Assert.Equal(2.5f, v, 1e-5f));
        }
    }

    [Fact]
    public void The_bilinear_gradient_is_the_transpose_of_the_kernel()
    {
        ResizeGeometry g = new(2, 4, 5, 7, 3, 2, false, true);
        float[] x = Seeded.Floats(1, g.InputCount), dy = Seeded.Floats(2, g.OutputCount), y = new float[g.OutputCount], dx = new float[g.InputCount];
        ResizeBilinear.Run<float>(x, y, g, WorkerPool.Inline);
        ResizeBilinear.Gradient(dy, dx, g);
        Assert.Equal(y.Zip(dy, (a, b) => (double)a * b).Sum(), x.Zip(dx, (a, b) => (double)a * b).Sum(), 1e-4);
    }

    [Fact]
    public void Crops_interpolate_inside_and_extrapolate_outside()
    {
        float[] x = [1, 2, 3, 4], y = new float[4];
        CropAndResize.Run<float>(x, 1, 2, 2, 1, [0, 0, 1, 1], [0], y.AsSpan(0, 1), 1, 1, false, 0, WorkerPool.Inline);
        Assert.Equal(2.5f, y[0]);
        CropAndResize.Run<float>(x, 1, 2, 2, 1, [0, 0, 2, 1], [0], y, 2, 2, false, -1, WorkerPool.Inline);
        Assert.Equal([1f, 2f, -1f, -1f], y);
        Assert.Throws<ArgumentOutOfRangeException>(() => CropAndResize.Run<float>(x, 1, 2, 2, 1, [0, 0, 1, 1], [1], y, 1, 1, false, 0, WorkerPool.Inline));
    }

    private static (int Low, int High, float Fraction) Between(float source, int size) =>
        (Math.Clamp((int)MathF.Floor(source), 0, size - 1), Math.Clamp((int)MathF.Ceiling(source), 0, size - 1), source - MathF.Floor(source));
}
