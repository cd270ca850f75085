using Decant.Kernels.Copy;

namespace Decant.Kernels.Tests.Copy;

public sealed class LinesTests
{
    [Fact]
    public void Lines_of_every_length_are_copied_and_nothing_beside_them_at_every_width() => Variants.EachWidth(width =>
    {
        for (int run = 1; run < 300; run += run < 70 ? 1 : 13)
        {
            foreach (int apart in (int[])[0, 3])
            {
                int step = run + apart, count = 5, start = run % 7;
                byte[] source = new byte[run * count], target = new byte[start + (step * count)], back = new byte[source.Length];
                new Random(run).NextBytes(source);
                byte[] expected = [.. target];
                for (int i = 0; i < source.Length; i++)
                    expected[start + (i / run * step) + (i % run)] = source[i];
                Lines.Interleave(source, target, run, start, step);
                Assert.True(expected.AsSpan().SequenceEqual(target), $"{width} {run} {apart}");
                Lines.Gather(target, back, run, start, step);
                Assert.True(source.AsSpan().SequenceEqual(back), $"{width} {run} {apart}");
            }
        }
    });

    [Fact]
    public void Lines_beyond_the_end_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Lines.Interleave<int>(new int[6], new int[8], 2, 1, 3));
        Assert.Throws<ArgumentException>(() => Lines.Gather<int>(new int[8], new int[6], 2, 1, 3));
        Lines.Interleave<int>([], [], 0, 0, 4);
    }
}
