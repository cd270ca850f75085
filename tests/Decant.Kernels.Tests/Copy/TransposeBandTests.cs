using System.Runtime.InteropServices;
using Decant.Kernels.Threading;
using Decant.Kernels.Transpose;

namespace Decant.Kernels.Tests.Copy;

public sealed class TransposeBandTests
{
    [Theory]
    [InlineData(200, 3)]
    [InlineData(3, 200)]
    [InlineData(64, 64)]
    [InlineData(65, 129)]
    [InlineData(129, 97)]
    [InlineData(1, 130)]
    public void A_plane_cut_into_bands_is_transposed_for_any_number_of_threads(int rows, int columns)
    {
        float[] x = Seeded.Floats(rows, 2L * rows * columns), one = new float[x.Length], two = new float[x.Length];
        AxisPermutation.Run(MemoryMarshal.AsBytes(x.AsSpan()), MemoryMarshal.AsBytes(one.AsSpan()), 4, [2, rows, columns], [0, 2, 1], WorkerPool.Inline);
        using WorkerPool pool = new(2);
        AxisPermutation.Run(MemoryMarshal.AsBytes(x.AsSpan()), MemoryMarshal.AsBytes(two.AsSpan()), 4, [2, rows, columns], [0, 2, 1], pool);
        for (int i = 0; i < x.Length; i++)
        {
            int plane = i / (rows * columns), c = i / rows % columns, r = i % rows;
            Assert.Equal(x[(((plane * rows) + r) * columns) + c], one[i]);
        }

        Assert.Equal(one, two);
    }
}
