using Decant.Runtime;

namespace Decant.Tests.Runtime;

public class ComputedBufferTests
{
    private const int Bytes = 1_000_003;

    private int _filled;

    [Fact]
    public void Copying_gives_the_bytes_in_order_and_holds_none()
    {
        ComputedBuffer buffer = Make();
        using var written = new MemoryStream();
        new BufferSlice(buffer, 0, Bytes).CopyTo(written);
        Assert.Equal(Expected(0, Bytes), written.ToArray());
        new BufferSlice(buffer, 0, Bytes).CopyTo(written);
        Assert.Equal(2 * Bytes, _filled);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(131_071, 4)]
    [InlineData(999_000, 1_003)]
    public void A_part_is_computed_alone(int offset, int count)
    {
        byte[] read = new byte[count];
        new BufferSlice(Make(), offset, count).Read(read);
        Assert.Equal(Expected(offset, count), read);
        Assert.Equal(count, _filled);
    }

    [Fact]
    public void A_span_has_all_of_them_computed_once()
    {
        ComputedBuffer buffer = Make();
        Assert.Equal(Expected(7, 100), new BufferSlice(buffer, 7, 100).Span.ToArray());
        Assert.Equal(Expected(0, Bytes), new BufferSlice(buffer, 0, Bytes).ToArray());
        using var written = new MemoryStream();
        new BufferSlice(buffer, 0, Bytes).CopyTo(written);
        Assert.Equal(Expected(0, Bytes), written.ToArray());
        Assert.Equal(Bytes, _filled);
    }

    [Fact]
    public void What_fails_while_a_piece_is_computed_reaches_the_caller()
    {
        var buffer = new ComputedBuffer(Bytes, (offset, _) => throw CoreErrors.CannotRead.At(new Location("weights", offset), "is gone"));
        Assert.Throws<ModelException>(() => new BufferSlice(buffer, 0, Bytes).CopyTo(Stream.Null));
        Assert.Throws<ModelException>(() => new BufferSlice(buffer, 0, Bytes).Span.Length);
    }

    private ComputedBuffer Make() => new(Bytes, (offset, target) =>
    {
        Interlocked.Add(ref _filled, target.Length);
        Expected((int)offset, target.Length).CopyTo(target);
    });

    private static byte[] Expected(int offset, int count) => [.. Enumerable.Range(offset, count).Select(i => (byte)(i * 31 >> 3))];
}
