using Decant.Kernels.Resize;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Tests.Resize;

public sealed class ResizeLineTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(37)]
    public void Floats_are_resized_as_doubles_holding_the_same_values_are(int channels) => Variants.EachWidth(width =>
    {
        using WorkerPool pool = new(2);
        foreach ((int inWidth, int outHeight, int outWidth, bool align, bool half) in new[] { (5, 14, 10, false, false), (5, 3, 4, true, false), (5, 21, 9, false, true), (5, 7, 5, false, true), (40, 14, 80, false, true), (40, 14, 77, true, false), (90, 3, 20, false, false) })
        {
            ResizeGeometry g = new(2, 7, inWidth, outHeight, outWidth, channels, align, half);
            float[] x = Seeded.Floats(channels, g.InputCount), y = new float[g.OutputCount], two = new float[g.OutputCount], expected = new float[g.OutputCount];
            ResizeBilinear.Run<double>(Array.ConvertAll(x, v => (double)v), expected, g, WorkerPool.Inline);
            ResizeBilinear.Run<float>(x, y, g, WorkerPool.Inline);
            ResizeBilinear.Run<float>(x, two, g, pool);
            Close.Identical(expected, y, width);
            Close.Identical(expected, two, width);
        }
    });
}
