using Decant.Kernels.Quantized;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Tests.Quantized;

public class BalancedRoundingTests
{
    // Sums of up to 5000 floats.
    private const float Slack = 1e-3f;

    [Theory]
    [InlineData(1, 1, 5)]
    [InlineData(1, 1000, 3)]
    [InlineData(1, 5000, 2)]
    [InlineData(9, 3, 16)]
    [InlineData(9, 16, 16)]
    [InlineData(9, 37, 5)]
    [InlineData(25, 1500, 2)]
    public void The_sums_of_taps_and_of_blocks_of_the_depth_keep_within_half_a_step(int taps, int depth, int rows)
    {
        (float[] x, float[] scales) = Weights(taps * depth, rows, seed: taps + depth);
        sbyte[] y = new sbyte[x.Length];
        BalancedRounding.Rows(x, y, taps, scales, taps * depth, 0, WorkerPool.Inline);
        for (int r = 0; r < rows; r++)
        {
            float[] rests = new float[depth];
            for (int i = 0; i < taps * depth; i++)
            {
                float rest = (x[(r * taps * depth) + i] / scales[r]) - y[(r * taps * depth) + i];
                Assert.InRange(rest, -1.01f, 1.01f);
                rests[i % depth] += rest;
            }

            // A block is made even by turning a weight of some elements once more, and no element twice.
            Assert.All(rests, s => Assert.InRange(s, -1.5f - Slack, 1.5f + Slack));
            for (int start = 0; start < depth; start += 1024)
                Assert.InRange(rests.Skip(start).Take(1024).Sum(), -0.5f - Slack, 0.5f + Slack);
        }
    }

    [Fact]
    public void Weights_are_turned_where_the_fraction_is_nearest_to_a_half()
    {
        // Of a step: the sum of what is rounded off is 0.3 + 0.45 + 0.4 - 0.1 = 1.05, so one weight goes up.
        float[] x = [0.3f, 0.45f, 0.4f, 0.9f, 127];
        sbyte[] y = new sbyte[5];
        BalancedRounding.Rows(x, y, 1, [1f], 5, 0, WorkerPool.Inline);
        Assert.Equal([0, 1, 0, 1, 127], y);
        BalancedRounding.Rows(x, y, 5, [1f], 5, 0, WorkerPool.Inline);
        Assert.Equal([0, 1, 0, 1, 127], y);
        BalancedRounding.Rows(Array.ConvertAll(x, w => -w), y, 1, [1f], 5, 0, WorkerPool.Inline);
        Assert.Equal([0, -1, 0, -1, -127], y);
    }

    [Fact]
    public void Weights_at_the_end_of_the_range_stay_there()
    {
        float[] x = [.. Enumerable.Repeat(500f, 40), .. Enumerable.Repeat(0.4f, 9)];
        sbyte[] y = new sbyte[x.Length];
        BalancedRounding.Rows(x, y, 1, [1f], x.Length, 0, WorkerPool.Inline);
        Assert.Equal(Enumerable.Repeat((sbyte)127, 40), y[..40]);
        Assert.Equal(4, y[40..].Sum(v => v));
        BalancedRounding.Rows(x, y, 49, [1f], x.Length, 0, WorkerPool.Inline);
        Assert.Equal(Enumerable.Repeat((sbyte)127, 40), y[..40]);
        Assert.Equal(4, y[40..].Sum(v => v));
    }

    [Fact]
    public void Weights_on_steps_already_do_not_change()
    {
        var random = new Random(7);
        sbyte[] steps = [.. Enumerable.Range(0, 9 * 40 * 4).Select(_ => (sbyte)random.Next(-127, 128))], y = new sbyte[steps.Length];
        float[] x = Array.ConvertAll(steps, s => s * 0.0123f);
        BalancedRounding.Rows(x, y, 9, [0.0123f], 9 * 40, 0, WorkerPool.Inline);
        Assert.Equal(steps, y);
        BalancedRounding.Depthwise(x, y, [.. Enumerable.Repeat(0.0123f, 40)]);
        Assert.Equal(steps, y);
    }

    [Fact]
    public void Each_channel_of_a_depthwise_filter_is_balanced_with_its_scale()
    {
        const int Taps = 9, Channels = 21;
        var random = new Random(3);
        float[] x = [.. Enumerable.Range(0, Taps * Channels).Select(_ => random.NextSingle() - 0.5f)];
        float[] scales = [.. Enumerable.Range(1, Channels).Select(c => 0.5f * c / 127)];
        sbyte[] y = new sbyte[x.Length];
        BalancedRounding.Depthwise(x, y, scales);
        for (int c = 0; c < Channels; c++)
            Assert.InRange(Enumerable.Range(0, Taps).Sum(t => (x[(t * Channels) + c] / scales[c]) - y[(t * Channels) + c]), -0.5f - Slack, 0.5f + Slack);
    }

    [Theory]
    [InlineData(1, 700)]
    [InlineData(9, 64)]
    public void Rows_are_the_same_for_any_number_of_threads_and_in_any_pieces(int taps, int depth)
    {
        const int Rows = 60;
        int row = taps * depth;
        (float[] x, float[] scales) = Weights(row, Rows, seed: 11);
        sbyte[] expected = new sbyte[x.Length], y = new sbyte[x.Length];
        BalancedRounding.Rows(x, expected, taps, scales, row, 0, WorkerPool.Inline);
        using (var pool = new WorkerPool(3))
            BalancedRounding.Rows(x, y, taps, scales, row, 0, pool);
        Assert.Equal(expected, y);
        for (int r = 0; r < Rows; r++)
            BalancedRounding.Rows(x.AsSpan(r * row, row), y.AsSpan(r * row, row), taps, scales, row, r, WorkerPool.Inline);
        Assert.Equal(expected, y);
    }

    /// <summary>Weights whose largest of each row is 127 steps.</summary>
    private static (float[] Weights, float[] Scales) Weights(int row, int rows, int seed)
    {
        var random = new Random(seed);
        float[] x = [.. Enumerable.Range(0, row * rows).Select(_ => random.NextSingle() - 0.5f)];
        return (x, [.. Enumerable.Range(0, rows).Select(r => x.AsSpan(r * row, row).ToArray().Max(Math.Abs) / 127)]);
    }
}
