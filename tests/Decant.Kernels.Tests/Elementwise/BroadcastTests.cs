using Decant.Kernels.Elementwise;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Tests.Elementwise;

public sealed class BroadcastTests
{
    public static TheoryData<long[], long[]> Shapes => new()
    {
        { [], [] }, { [1], [] }, { [5], [5] }, { [40, 3], [3] }, { [40, 1], [1, 70] }, { [2, 3, 4, 5], [3, 1, 5] }, { [4, 33], [4, 1] },
        { [1, 1, 7], [6, 5, 1] }, { [0, 4], [4] }, { [3, 0], [1, 1] }, { [700, 3], [3] }, { [1, 3], [700, 1] }, { [700, 1], [3] }, { [90, 7, 1], [7, 16] }, { [9, 1, 47], [1, 30, 1] }, { [2, 1, 3, 1, 2, 1, 3, 1], [1, 2, 1, 3, 1, 2, 1, 3] }, { [64, 64], [] }, { [], [64, 64] },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_broadcast_matches_index_arithmetic(long[] a, long[] b)
    {
        BroadcastPlan plan = BroadcastPlan.Create(a, b);
        float[] x = Seeded.Floats(1, Count(a)), z = Seeded.Floats(2, Count(b)), y = new float[plan.Count];
        Variants.EachWidth(width =>
        {
            Binary.Run<float, SubtractOperator<float>>(x, z, y, plan, default, WorkerPool.Inline);
            bool[] less = new bool[plan.Count];
            Binary.Combine<float, float, bool, LessOperator<float>>(x, z, less, plan, default, WorkerPool.Inline);
            for (long i = 0; i < plan.Count; i++)
            {
                float p = x[Index(i, plan.OutputDims, a)], q = z[Index(i, plan.OutputDims, b)];
                Assert.Equal(p - q, y[i]);
                Assert.Equal(p < q, less[i]);
            }
        });
    }

    [Fact]
    public void Selection_broadcasts_three_ways()
    {
        bool[] condition = [true, false];
        int[] a = [1, 2, 3], b = [9], y = new int[6];
        BroadcastPlan plan = BroadcastPlan.Create([2, 1], [3], [1]);
        Selection.Run<int>(condition, a, b, y, plan, WorkerPool.Inline);
        Assert.Equal([1, 2, 3, 9, 9, 9], y);
    }

    [Fact]
    public void Shapes_that_do_not_broadcast_are_refused() =>
        Assert.Throws<ArgumentException>(() => BroadcastPlan.Create([2, 3], [2]));

    [Fact]
    public void A_span_that_is_too_short_is_refused() =>
        Assert.Throws<ArgumentException>(() => Binary.Run<float, AddOperator<float>>(new float[4], new float[3], new float[4], default, WorkerPool.Inline));

    [Fact]
    public void Threads_do_not_change_a_broadcast()
    {
        float[] a = Seeded.Floats(5, 300 * 257), b = Seeded.Floats(6, 257);
        BroadcastPlan plan = BroadcastPlan.Create([300, 257], [257]);
        Variants.SameOnAnyThreads(
            pool =>
            {
                float[] y = new float[plan.Count];
                Binary.Run<float, MultiplyOperator<float>>(a, b, y, plan, default, pool);
                return y;
            },
            "broadcast");
    }

    internal static long Count(long[] dims) => dims.Aggregate(1L, (p, d) => p * d);

    private static long Index(long flat, long[] output, long[] dims)
    {
        long index = 0, stride = 1;
        for (int d = output.Length - 1; d >= 0; d--)
        {
            (flat, long i) = Math.DivRem(flat, output[d]);
            int own = d - (output.Length - dims.Length);
            if (own < 0)
                continue;
            index += dims[own] == 1 ? 0 : i * stride;
            stride *= dims[own];
        }

        return index;
    }
}
