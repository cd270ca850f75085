using Decant.Runtime;

namespace Decant.Tests.Runtime;

/// <summary>Blocks that live at the same time do not overlap, and the arena is not much larger than what lives at once.</summary>
public sealed class MemoryBlockTests
{
    [Fact]
    public void Blocks_that_live_together_have_places_of_their_own()
    {
        var random = new Random(5);
        for (int round = 0; round < 50; round++)
        {
            MemoryBlock[] blocks = [.. Enumerable.Range(0, 60).Select(_ => Block(random.Next(1, 4000), random.Next(0, 40), random.Next(0, 6)))];
            long total = MemoryBlock.Arrange(blocks);
            foreach (MemoryBlock a in blocks)
            {
                Assert.Equal(0, a.Offset % 64);
                Assert.True(a.Offset + a.Bytes <= total);
                Assert.DoesNotContain(blocks, b => a != b && a.First <= b.Last && b.First <= a.Last && a.Offset < b.Offset + b.Bytes && b.Offset < a.Offset + a.Bytes);
            }

            long alive = Enumerable.Range(0, 50).Max(step => blocks.Where(b => b.First <= step && step <= b.Last).Sum(b => b.Size));
            Assert.InRange(total, alive, alive * 3 / 2);
        }
    }

    [Fact]
    public void A_chain_of_values_takes_two_places()
    {
        MemoryBlock[] blocks = [.. Enumerable.Range(0, 20).Select(i => Block(1000, i, 1))];
        Assert.Equal(2 * blocks[0].Size, MemoryBlock.Arrange(blocks));
    }

    private static MemoryBlock Block(int elements, int step, int length) => new(DType.Float32, new Shape(elements), step) { Last = step + length };
}
