using Decant.Kernels.Threading;
using Decant.Kernels.Transpose;

namespace Decant.Kernels.Tests.Copy;

public sealed class TransposeBandTests
{
    [Theory]
    [InlineData(200, 3)]
    [InlineData(3, 200)]
    [InlineData(61, 3)]
    [InlineData(3, 61)]
    [InlineData(7, 3)]
    [InlineData(64, 64)]
    [InlineData(65, 129)]
    [InlineData(129, 97)]
    [InlineData(1, 130)]
    [InlineData(150, 512)]
    [InlineData(140, 1024)]
    public void A_plane_cut_into_bands_is_transposed_for_any_number_of_threads(int rows, int columns)
    {
        using WorkerPool pool = new(2);
        foreach (int size in (int[])[1, 2, 4, 8, 16])
        {
            byte[] x = new byte[2 * rows * columns * size], one = new byte[x.Length], two = new byte[x.Length], expected = new byte[x.Length];
            new Random(size).NextBytes(x);
            AxisPermutation.Run(x, one, size, [2, rows, columns], [0, 2, 1], WorkerPool.Inline);
            AxisPermutation.Run(x, two, size, [2, rows, columns], [0, 2, 1], pool);
            for (int i = 0; i < x.Length / size; i++)
            {
                int plane = i / (rows * columns), c = i / rows % columns, r = i % rows;
                x.AsSpan(((((plane * rows) + r) * columns) + c) * size, size).CopyTo(expected.AsSpan(i * size));
            }

            Assert.Equal(expected, one);
            Assert.Equal(expected, two);
        }
    }
}
