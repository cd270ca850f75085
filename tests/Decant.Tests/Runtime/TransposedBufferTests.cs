using Decant.Runtime;

namespace Decant.Tests.Runtime;

public class TransposedBufferTests
{
    [Theory]
    [InlineData("3,5,7,11", "3,0,1,2")]
    [InlineData("3,5,7,11", "2,0,1,3")]
    [InlineData("3,5,7,11", "0,2,1,3")]
    [InlineData("1,1,40,24", "3,0,1,2")]
    [InlineData("64,33", "1,0")]
    [InlineData("700,513", "1,0")]
    public void Elements_come_in_the_new_order_in_any_range(string sizes, string axes)
    {
        Tensor source = Numbered(new Shape([.. sizes.Split(',').Select(long.Parse)]));
        int[] order = [.. axes.Split(',').Select(int.Parse)];
        Assert.True(TransposedBuffer.Takes(source, order));
        Tensor made = TransposedBuffer.Of(source, order);
        byte[] expected = Expected(source, order);
        foreach ((int offset, int count) in (IEnumerable<(int, int)>)[(0, expected.Length), (4, 4), (100, expected.Length - 200), (expected.Length - 8, 8)])
        {
            using var written = new MemoryStream();
            made.Data.Slice(offset, count).CopyTo(written);
            Assert.Equal(expected[offset..(offset + count)], written.ToArray());
            byte[] read = new byte[count];
            made.Data.Slice(offset, count).Read(read);
            Assert.Equal(expected[offset..(offset + count)], read);
        }

        Assert.Equal(expected, made.Data.ToArray());
    }

    [Fact]
    public void A_tensor_of_several_panels_is_made_in_small_pieces()
    {
        Tensor source = Numbered(new Shape(2100, 2050));
        var sizes = new List<int>();
        using var written = new MemoryStream();
        Tensor made = TransposedBuffer.Of(source, [1, 0]);
        made.Data.Visit(chunk =>
        {
            sizes.Add(chunk.Length);
            written.Write(chunk);
        });
        Assert.All(sizes, s => Assert.InRange(s, 1, 1 << 19));
        Assert.Equal(Expected(source, [1, 0]), written.ToArray());
    }

    private static Tensor Numbered(Shape shape) => Tensor.Wrap([.. Enumerable.Range(0, (int)shape.ElementCount).Select(i => (float)i)], shape);

    private static byte[] Expected(Tensor source, int[] order)
    {
        long[] strides = new long[order.Length];
        long stride = 1;
        for (int d = order.Length - 1; d >= 0; d--)
        {
            strides[d] = stride;
            stride *= source.Shape[d];
        }

        float[] made = new float[source.ElementCount];
        for (int i = 0; i < made.Length; i++)
        {
            long rest = i, at = 0;
            for (int d = order.Length - 1; d >= 0; d--)
            {
                at += rest % source.Shape[order[d]] * strides[order[d]];
                rest /= source.Shape[order[d]];
            }

            made[i] = source.Span<float>()[(int)at];
        }

        return Tensor.Wrap(made).Data.ToArray();
    }
}
