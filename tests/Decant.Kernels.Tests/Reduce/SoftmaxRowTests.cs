using Decant.Kernels.Reduce;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Tests.Reduce;

public sealed class SoftmaxRowTests
{
    [Theory]
    [InlineData(float.NaN, 5)]
    [InlineData(float.NaN, 40)]
    [InlineData(float.PositiveInfinity, 5)]
    [InlineData(float.PositiveInfinity, 40)]
    public void A_row_with_NaN_or_infinity_is_NaN_and_its_neighbours_are_not(float odd, int columns) => Variants.EachWidth(width =>
    {
        for (int at = 0; at < columns; at++)
        {
            float[] x = Seeded.Floats(columns, 3L * columns), y = new float[x.Length];
            x[columns + at] = odd;
            Softmax.Run<float>(x, y, 3, columns, WorkerPool.Inline);
            Assert.All(y.AsSpan(columns, columns).ToArray(), v => Assert.True(float.IsNaN(v), width));
            Assert.Equal(1, y.Take(columns).Sum(), 1e-5f);
            Assert.Equal(1, y.Skip(2 * columns).Sum(), 1e-5f);
        }
    });

    [Fact]
    public void Minus_infinity_gets_nothing_and_a_row_of_it_is_NaN() => Variants.EachWidth(width =>
    {
        float[] x = Seeded.Floats(1, 2 * 19);
        x[3] = float.NegativeInfinity;
        x.AsSpan(19).Fill(float.NegativeInfinity);
        Softmax.Run<float>(x, x, 2, 19, WorkerPool.Inline);
        Assert.Equal(0, x[3]);
        Assert.Equal(1, x.Take(19).Sum(), 1e-5f);
        Assert.All(x.Skip(19), v => Assert.True(float.IsNaN(v), width));
    });

    [Fact]
    public void Beta_scales_the_distances_and_zero_makes_all_equal()
    {
        float[] x = [1, 2, 4], y = new float[3], doubled = new float[3];
        Softmax.Run<float>(x, y, 1, 3, WorkerPool.Inline, beta: 2);
        Softmax.Run<float>([2, 4, 8], doubled, 1, 3, WorkerPool.Inline);
        Assert.Equal(doubled, y);
        Softmax.Run<float>(x, y, 1, 3, WorkerPool.Inline, beta: 0);
        Assert.All(y, v => Assert.Equal(1f / 3, v, 1e-7f));
    }
}
