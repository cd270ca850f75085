using System.Runtime.InteropServices;
using Decant.Kernels.Copy;
using Decant.Kernels.Threading;
using Decant.Kernels.Transpose;

namespace Decant.Kernels.Tests.Copy;

public sealed class CopyTests
{
    public static TheoryData<long[], int[]> Permutations => new()
    {
        { [3, 5], [1, 0] }, { [70, 33], [1, 0] }, { [2, 3, 4], [2, 0, 1] }, { [2, 3, 4, 5], [0, 3, 1, 2] }, { [2, 17, 19, 5], [0, 2, 3, 1] }, { [1, 7, 1], [2, 1, 0] },
        { [], [] }, { [0, 3], [1, 0] }, { [2, 1, 2, 3, 1, 2, 2, 3], [7, 3, 5, 1, 0, 6, 2, 4] }, { [4, 5, 6], [0, 1, 2] }, { [4, 5, 6], [1, 0, 2] },
    };

    [Theory]
    [MemberData(nameof(Permutations))]
    public void A_permutation_moves_every_element_of_every_size(long[] dims, int[] permutation)
    {
        long count = dims.Aggregate(1L, (p, d) => p * d);
        long[] target = Array.ConvertAll(permutation, p => dims[p]);
        long[] sourceStrides = StridedCopy.DenseStrides(dims);
        foreach (int size in new[] { 1, 2, 4, 8, 16 })
        {
            byte[] x = new byte[count * size], y = new byte[count * size], expected = new byte[count * size];
            new Random(size).NextBytes(x);
            AxisPermutation.Run(x, y, size, dims, permutation, WorkerPool.Inline);
            for (long i = 0; i < count; i++)
            {
                long rest = i, from = 0;
                for (int d = dims.Length - 1; d >= 0; d--)
                {
                    (rest, long index) = Math.DivRem(rest, target[d]);
                    from += index * sourceStrides[permutation[d]];
                }

                x.AsSpan((int)(from * size), size).CopyTo(expected.AsSpan((int)(i * size)));
            }

            Assert.Equal(expected, y);
        }
    }

    [Fact]
    public void A_permutation_of_other_axes_is_refused()
    {
        Assert.Throws<ArgumentException>(() => AxisPermutation.Run(new byte[4], new byte[4], 1, [2, 2], [0, 0], WorkerPool.Inline));
        Assert.Throws<ArgumentException>(() => AxisPermutation.Run(new byte[3], new byte[4], 1, [2, 2], [1, 0], WorkerPool.Inline));
    }

    [Fact]
    public void Slices_step_forward_and_back()
    {
        int[] x = [.. Enumerable.Range(0, 20)], y = new int[4];
        Rearrange.Slice(Bytes(x), [4, 5], Bytes(y), [3, 4], [-2, -3], [2, 2], 4, WorkerPool.Inline);
        Assert.Equal([19, 16, 9, 6], y);
        Rearrange.AssignSlice(Bytes([1, 2, 3, 4]), [2, 2], Bytes(x), [4, 5], [0, 0], [3, 4], 4, WorkerPool.Inline);
        Assert.Equal((1, 2, 3, 4), (x[0], x[4], x[15], x[19]));
        Assert.Throws<ArgumentException>(() => Rearrange.Slice(Bytes(x), [4, 5], Bytes(y), [3, 4], [1, 1], [2, 2], 4, WorkerPool.Inline));
    }

    [Fact]
    public void Reverse_tile_and_broadcast_repeat_as_numpy_does()
    {
        int[] x = [1, 2, 3, 4, 5, 6];
        Assert.Equal([3, 2, 1, 6, 5, 4], Apply(6, y => Rearrange.Reverse(Bytes(x), [2, 3], y, [false, true], 4, WorkerPool.Inline)));
        Assert.Equal([6, 5, 4, 3, 2, 1], Apply(6, y => Rearrange.Reverse(Bytes(x), [2, 3], y, [true, true], 4, WorkerPool.Inline)));
        Assert.Equal([1, 2, 1, 2, 3, 4, 3, 4, 1, 2, 1, 2, 3, 4, 3, 4], Apply(16, y => Rearrange.Tile(Bytes([1, 2, 3, 4]), [2, 2], y, [2, 2], 4, WorkerPool.Inline)));
        Assert.Equal([1, 1, 1, 2, 2, 2], Apply(6, y => Rearrange.Broadcast(Bytes([1, 2]), [2, 1], y, [2, 3], 4, WorkerPool.Inline)));
    }

    [Fact]
    public void Concat_and_split_are_inverse()
    {
        int[] a = [1, 2, 3, 4], b = [5, 6];
        int[] y = Apply(6, t =>
        {
            Rearrange.ConcatPart(Bytes(a), t, 2, 3, 0, 2, 1, 4, WorkerPool.Inline);
            Rearrange.ConcatPart(Bytes(b), t, 2, 3, 2, 1, 1, 4, WorkerPool.Inline);
        });
        Assert.Equal([1, 2, 5, 3, 4, 6], y);
        Assert.Equal(a, Apply(4, t => Rearrange.SplitPart(Bytes(y), t, 2, 3, 0, 2, 1, 4, WorkerPool.Inline)));
    }

    [Fact]
    public void Pads_are_constant_reflected_or_symmetric()
    {
        int[] x = [1, 2, 3, 4, 5, 6];
        Assert.Equal([9, 9, 9, 9, 9, 1, 2, 3, 9, 4, 5, 6], Apply(12, y => Padding.Run<int>(x, [2, 3], MemoryMarshal.Cast<byte, int>(y), [1, 1], [0, 0], 9, WorkerPool.Inline)));
        Assert.Equal([3, 2, 1, 2, 3, 2], Apply(6, y => Rearrange.MirrorPad(Bytes([1, 2, 3]), [3], y, [2], [1], false, 4, WorkerPool.Inline)));
        Assert.Equal([2, 1, 1, 2, 3, 3], Apply(6, y => Rearrange.MirrorPad(Bytes([1, 2, 3]), [3], y, [2], [1], true, 4, WorkerPool.Inline)));
        Assert.Equal(
            [6, 5, 4, 5, 6, 5, 4, 3, 2, 1, 2, 3, 2, 1, 6, 5, 4, 5, 6, 5, 4, 3, 2, 1, 2, 3, 2, 1],
            Apply(28, y => Rearrange.MirrorPad(Bytes(x), [2, 3], y, [1, 2], [1, 2], false, 4, WorkerPool.Inline)));
        Assert.Throws<ArgumentException>(() => Apply(9, y => Rearrange.MirrorPad(Bytes([1, 2, 3]), [3], y, [3], [3], false, 4, WorkerPool.Inline)));
    }

    [Fact]
    public void Gather_refuses_an_index_outside()
    {
        int[] x = [1, 2, 3, 4, 5, 6], y = new int[4];
        Assert.Equal(-1, Gather.Run(Bytes(x), [2, 0], Bytes(y), 2, 3, 1, 4, WorkerPool.Inline));
        Assert.Equal([3, 1, 6, 4], y);
        Assert.Equal(1, Gather.Run(Bytes(x), [2, 3], Bytes(y), 2, 3, 1, 4, WorkerPool.Inline));
        Assert.Equal(0, Gather.Run(Bytes(x), [-1], Bytes(y), 2, 3, 1, 4, WorkerPool.Inline));
    }

    private static Span<byte> Bytes(int[] values) => MemoryMarshal.AsBytes(values.AsSpan());

    private delegate void Fill(Span<byte> target);

    private static int[] Apply(int count, Fill fill)
    {
        int[] y = new int[count];
        fill(Bytes(y));
        return y;
    }
}
