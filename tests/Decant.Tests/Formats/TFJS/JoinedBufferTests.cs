using Decant.Formats.TFJS;

namespace Decant.Tests.Formats.TFJS;

public class JoinedBufferTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(3, 0, 6)]
    [InlineData(700_001, 300_000, 262_144, 1)]
    public void Pieces_are_read_as_one_run_of_bytes(params int[] lengths)
    {
        byte[] all = new byte[lengths.Sum()];
        new Random(lengths.Length).NextBytes(all);
        int at = 0;
        List<BufferSlice> pieces = [];
        foreach (int length in lengths)
        {
            pieces.Add(new BufferSlice(all[at..(at + length)]));
            at += length;
        }

        BufferSlice joined = ShardedBytes.Join(pieces);
        byte[] part = new byte[(all.Length / 2) + 1];
        joined.Slice(1, part.Length).Read(part);
        Assert.Equal(all[1..(1 + part.Length)], part);

        // Elements of 16 bytes are whole in each chunk, but for the last.
        List<byte> seen = [];
        joined.Visit(chunk =>
        {
            Assert.True(chunk.Length % 16 == 0 || seen.Count + chunk.Length == all.Length);
            seen.AddRange(chunk);
        });
        Assert.Equal(all, seen);
        Assert.Equal(all, joined.Span.ToArray());
        Assert.Equal(all, ShardedBytes.Join(pieces).ToArray());
    }
}
