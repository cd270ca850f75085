using Decant.Kernels.Conv;
using Decant.Kernels.Pool;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Tests.Pool;

public sealed class PoolTests
{
    [Fact]
    public void Pools_match_plain_loops_on_random_geometries() => Variants.EachWidth(width =>
    {
        Random random = new(3);
        for (int i = 0; i < 40; i++)
        {
            PoolGeometry g = new(random.Next(1, 3), i % 3 == 0 ? Axis(random) : WindowAxis.One, Axis(random), Axis(random), random.Next(1, 40));
            float[] x = Seeded.Whole(i, g.InputCount), max = new float[g.OutputCount], avg = new float[g.OutputCount], dx = new float[g.InputCount], dmax = new float[g.InputCount];
            float[] dy = Seeded.Whole(i + 1, g.OutputCount);
            MaxPool.Run<float>(x, max, g, WorkerPool.Inline);
            AvgPool.Run<float>(x, avg, g, WorkerPool.Inline);
            AvgPool.Gradient<float>(dy, dx, g);
            MaxPool.Gradient<float>(x, dy, dmax, g);
            float[] expectedMax = new float[max.Length], expectedAvg = new float[max.Length], expectedDx = new float[dx.Length], expectedDmax = new float[dx.Length];
            Plain(x, dy, g, expectedMax, expectedAvg, expectedDx, expectedDmax);
            Close.Identical(expectedMax, max, $"{width} max {g}");
            Close.Identical(expectedAvg, avg, $"{width} avg {g}");
            Close.To(Seeded.Widen(expectedDx), dx, 1e-5, $"avg gradient {g}");
            Close.Identical(expectedDmax, dmax, $"max gradient {g}");
        }
    });

    [Fact]
    public void Pooling_with_argmax_matches_plain_loops_at_every_width_and_on_threads() => Variants.EachWidth(width =>
    {
        using WorkerPool pool = new(3);
        Random random = new(4);
        for (int i = 0; i < 60; i++)
        {
            // Windows that are whole, cut off at the borders, spread, or wholly in the padding.
            WindowAxis height = (i % 3) switch { 0 => WindowAxis.Valid(9, 3, 2), 1 => WindowAxis.Same(9, 3, 2), _ => WindowAxis.Explicit(5, 2, 1, 3, 3, 2) };
            int input = random.Next(2, 12);
            WindowAxis across = (i % 4) switch { 0 => WindowAxis.Valid(input, 2, 1), 1 => WindowAxis.Same(input, 5, 1, 2), 2 => WindowAxis.Explicit(input, 2, 2, 4, 3), _ => WindowAxis.Same(input, 3, 2) };
            PoolGeometry g = PoolGeometry.Create2D(random.Next(1, 3), height, across, random.Next(1, 40));
            float[] x = Array.ConvertAll(Seeded.Whole(i, g.InputCount), v => v == 4 || i == 59 ? float.NaN : v == -4 ? float.NegativeInfinity : v == -1 ? -0f : v), y = new float[g.OutputCount];
            int[] at = new int[g.OutputCount];
            long[] wide = new long[g.OutputCount];
            MaxPool.WithArgmax<float, long>(x, y, wide, false, g, pool);
            MaxPool.WithArgmax<float, int>(x, y, at, true, g, WorkerPool.Inline);
            int image = (int)(g.InputCount / g.Batch);
            for (int o = 0; o < y.Length; o++)
            {
                PoolWindow window = g.Window(o / g.Channels);
                int best = -1;
                for (int e = 0; e < window.Count; e++)
                {
                    (int d, int h, int w) = window.At(e);
                    int from = (int)((g.Pixel(window.Batch, d, h, w) * g.Channels) + (o % g.Channels));
                    if (best < 0 || x[best] < x[from])
                        best = from;
                }

                Assert.Equal((best, best < 0 ? best : best % image), (at[o], wide[o]));
                Close.Identical([best < 0 ? float.MinValue : x[best]], [y[o]], $"{width}, case {i}, output {o}");
            }
        }
    });

    [Fact]
    public void Max_pooling_passes_over_nan_and_never_goes_below_the_lowest_finite_value()
    {
        PoolGeometry g = PoolGeometry.Create2D(1, WindowAxis.Valid(1, 1, 1), WindowAxis.Valid(4, 2, 2), 1);
        float[] y = new float[2];
        MaxPool.Run<float>([float.NaN, 1, float.NaN, float.NegativeInfinity], y, g, WorkerPool.Inline);
        Assert.Equal([1f, float.MinValue], y);
    }

    [Fact]
    public void Argmax_indices_count_within_the_image_or_the_batch()
    {
        PoolGeometry g = PoolGeometry.Create2D(2, WindowAxis.Valid(2, 2, 2), WindowAxis.Valid(2, 2, 2), 1);
        float[] y = new float[2];
        long[] at = new long[2];
        MaxPool.WithArgmax<float, long>([1, 4, 4, 2, 0, 1, 2, 3], y, at, false, g, WorkerPool.Inline);
        Assert.Equal([4f, 3f], y);
        Assert.Equal([1L, 3L], at);
        MaxPool.WithArgmax<float, long>([1, 4, 4, 2, 0, 1, 2, 3], y, at, true, g, WorkerPool.Inline);
        Assert.Equal([1L, 7L], at);
    }

    [Fact]
    public void Threads_do_not_change_a_pool()
    {
        PoolGeometry g = PoolGeometry.Create2D(2, WindowAxis.Same(40, 3, 2), WindowAxis.Same(40, 3, 1), 33);
        float[] x = Seeded.Floats(1, g.InputCount);
        Variants.SameOnAnyThreads(
            pool =>
            {
                float[] y = new float[g.OutputCount];
                AvgPool.Run<float>(x, y, g, pool);
                return y;
            },
            "avg pool");
    }

    private static void Plain(float[] x, float[] dy, PoolGeometry g, float[] max, float[] avg, float[] dx, float[] dmax)
    {
        Array.Fill(max, float.MinValue);
        int o = 0;
        for (int n = 0; n < g.Batch; n++)
            for (int od = 0; od < g.Depth.Output; od++)
                for (int oh = 0; oh < g.Height.Output; oh++)
                    for (int ow = 0; ow < g.Width.Output; ow++)
                        for (int c = 0; c < g.Channels; c++, o++)
                        {
                            List<int> inside = [];
                            foreach (int d in Inputs(g.Depth, od))
                                foreach (int h in Inputs(g.Height, oh))
                                    foreach (int w in Inputs(g.Width, ow))
                                        inside.Add((((((((n * g.Depth.Input) + d) * g.Height.Input) + h) * g.Width.Input) + w) * g.Channels) + c);
                            if (inside.Count == 0)
                                continue;
                            max[o] = inside.Max(i => x[i]);
                            avg[o] = inside.Sum(i => x[i]) / inside.Count;
                            foreach (int i in inside)
                                dx[i] += dy[o] / inside.Count;
                            dmax[inside.First(i => x[i] == inside.Max(j => x[j]))] += dy[o];
                        }
    }

    private static IEnumerable<int> Inputs(WindowAxis axis, int o) =>
        Enumerable.Range(0, axis.Kernel).Select(t => (o * axis.Stride) - axis.PadBefore + (t * axis.Dilation)).Where(i => i >= 0 && i < axis.Input);

    private static WindowAxis Axis(Random random)
    {
        int input = random.Next(1, 9), kernel = random.Next(1, 4), stride = random.Next(1, 4);
        return random.Next(3) switch
        {
            0 => WindowAxis.Same(input, kernel, stride),
            1 => WindowAxis.Valid(input, kernel, stride),
            _ => WindowAxis.Explicit(input, kernel, stride, random.Next(0, 3), random.Next(0, 3)),
        };
    }
}
