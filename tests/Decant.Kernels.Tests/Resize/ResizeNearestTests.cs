using Decant.Kernels.Resize;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Tests.Resize;

public sealed class ResizeNearestTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(70)]
    public void Pixels_of_any_size_are_those_of_plain_loops_for_any_number_of_threads(int channels)
    {
        using WorkerPool pool = new(2);
        foreach ((int inHeight, int inWidth, int outHeight, int outWidth, bool align, bool half) in new[] { (7, 5, 14, 10, false, false), (7, 5, 30, 11, false, true), (7, 90, 3, 40, true, false), (1, 1, 4, 3, false, false), (40, 30, 120, 60, false, true), (20, 40, 21, 41, true, false), (20, 90, 30, 40, false, false), (9, 16, 40, 16, false, true) })
        {
            ResizeGeometry g = new(2, inHeight, inWidth, outHeight, outWidth, channels, align, half);
            byte[] x = new byte[g.InputCount], one = new byte[g.OutputCount], two = new byte[g.OutputCount], expected = new byte[g.OutputCount];
            new Random(channels).NextBytes(x);
            for (int i = 0; i < expected.Length; i++)
            {
                int c = i % channels, pixel = i / channels, ox = pixel % outWidth, oy = pixel / outWidth % outHeight, image = pixel / outWidth / outHeight;
                int row = (image * inHeight) + At(oy, inHeight, outHeight, align, half), column = At(ox, inWidth, outWidth, align, half);
                expected[i] = x[(((row * inWidth) + column) * channels) + c];
            }

            ResizeNearest.Run<byte>(x, one, g, WorkerPool.Inline);
            ResizeNearest.Run<byte>(x, two, g, pool);
            Assert.Equal(expected, one);
            Assert.Equal(expected, two);
        }
    }

    /// <summary>TensorFlow's rule, in float32.</summary>
    private static int At(int output, int inputs, int outputs, bool align, bool half)
    {
        float scale = align && outputs > 1 ? (inputs - 1) / (float)(outputs - 1) : inputs / (float)outputs;
        float source = half ? (output + 0.5f) * scale : output * scale;
        return Math.Clamp((int)(align ? MathF.Round(source, MidpointRounding.AwayFromZero) : MathF.Floor(source)), 0, inputs - 1);
    }
}
