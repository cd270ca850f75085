using Decant.Ops.Images;

namespace Decant.Tests.Ops.Images;

public sealed class BoxSelectionTests
{
    [Theory]
    [InlineData(0f, float.MinValue, 300)]
    [InlineData(0f, 0.4f, 20)]
    [InlineData(0.5f, float.MinValue, 300)]
    [InlineData(0.5f, 0.1f, 60)]
    public void Boxes_are_taken_as_by_a_search_for_the_best_that_is_left(float sigma, float threshold, int limit)
    {
        // Many scores are equal, some are -0 and 0, negative, not a number, or infinite; scores that decay are rounded, and so are all different.
        var random = new Random(7);
        float[] special = [0f, -0f, -0.25f, float.NaN, float.PositiveInfinity, float.NegativeInfinity];
        float[] scores = sigma > 0 ? [.. Enumerable.Range(0, 200).Select(_ => random.NextSingle())]
            : [.. special, .. special, .. Enumerable.Range(0, 188).Select(_ => random.Next(20) / 20f)];
        float[] overlaps = [.. Enumerable.Range(0, scores.Length * scores.Length).Select(_ => random.Next(4) == 0 ? random.NextSingle() : 0)];
        float Overlap(int a, int b) => overlaps[(Math.Max(a, b) * scores.Length) + Math.Min(a, b)];
        List<(int Index, float Score)> expected = Expected(scores, Overlap, 0.6f, threshold, sigma, limit);
        List<(int Index, float Score)> selected = new BoxSelection(0.6f, threshold, sigma).Select(scores, limit, Overlap, default);
        Assert.Equal(expected.Select(e => e.Index), selected.Select(s => s.Index));
        Assert.All(expected.Zip(selected), p => Assert.Equal(p.First.Score, p.Second.Score, sigma > 0 ? p.First.Score * 1e-5f : 0));
    }

    [Fact]
    public void An_overlap_that_is_not_a_number_ends_a_box_of_soft_suppression()
    {
        Assert.Equal([(0, 0.5f)], new BoxSelection(0.5f, 0, 1).Select([0.5f, 0.25f], 2, static (_, _) => float.NaN, default));
    }

    /// <summary>The definition: scores decay by each box when it is taken.</summary>
    private static List<(int Index, float Score)> Expected(float[] given, Func<int, int, float> overlap, float overlapThreshold, float threshold, float sigma, int limit)
    {
        List<(int Index, float Score)> left = [.. given.Select((s, i) => (i, s)).Where(s => s.s > threshold)], taken = [];
        while (left.Count > 0 && taken.Count < limit)
        {
            (int Index, float Score) best = left.OrderByDescending(s => s.Score).ThenBy(s => s.Index).First();
            taken.Add(best);
            left.Remove(best);
            left = [.. left.Select(s => (s.Index, sigma > 0 ? s.Score * MathF.Exp(-0.5f / sigma * overlap(s.Index, best.Index) * overlap(s.Index, best.Index)) : s.Score))
                .Where(s => sigma > 0 ? s.Item2 > threshold : !(overlap(s.Index, best.Index) > overlapThreshold))];
        }

        return taken;
    }
}
