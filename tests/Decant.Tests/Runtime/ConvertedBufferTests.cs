using Decant.Runtime;

namespace Decant.Tests.Runtime;

public class ConvertedBufferTests
{
    private static readonly Tensor Source = Tensor.Wrap([.. Enumerable.Range(0, 100_000).Select(i => (float)i)], new Shape(100, 1000));

    [Fact]
    public void Elements_are_converted_in_order_with_their_positions()
    {
        Tensor made = ConvertedBuffer<float, int>.Of(TransposedBuffer.Of(Source, [1, 0]), 1, Convert);
        Assert.Equal((DType.Int32, new Shape(1000, 100)), (made.DType, made.Shape));
        int[] expected = [.. Enumerable.Range(0, 100_000).Select(i => (i % 100 * 1000) + (i / 100) - i)];
        using var written = new MemoryStream();
        made.Data.CopyTo(written);
        Assert.Equal(Tensor.Wrap(expected).Data.ToArray(), written.ToArray());
        byte[] part = new byte[40];
        made.Data.Slice(4 * 777, 40).Read(part);
        Assert.Equal(Tensor.Wrap(expected[777..787]).Data.ToArray(), part);
        Assert.Equal(expected, made.Span<int>());
    }

    [Fact]
    public void Elements_that_are_converted_together_are_given_whole_units_in_any_chunks()
    {
        Tensor made = ConvertedBuffer<float, int>.Of(TransposedBuffer.Of(Source, [1, 0]), 2500, (from, to, at) =>
        {
            Assert.Equal((0, 0), (at % 2500, from.Length % 2500));
            for (int i = 0; i < from.Length; i += 2500)
                to.Slice(i, 2500).Fill((int)((at + i) / 2500));
        });
        int[] expected = [.. Enumerable.Range(0, 100_000).Select(i => i / 2500)];
        byte[] part = new byte[4 * 6000];
        made.Data.Slice(4 * 1777, part.Length).Read(part);
        Assert.Equal(Tensor.Wrap(expected[1777..7777]).Data.ToArray(), part);
        using var written = new MemoryStream();
        made.Data.CopyTo(written);
        Assert.Equal(Tensor.Wrap(expected).Data.ToArray(), written.ToArray());
        Assert.Equal(expected, made.Span<int>());
    }

    private static void Convert(ReadOnlySpan<float> from, Span<int> to, long at)
    {
        for (int i = 0; i < from.Length; i++)
            to[i] = (int)(from[i] - (at + i));
    }
}
