using Decant.Benchmarking;
using Decant.IR;

namespace Decant.Tests.Benchmarking;

public sealed class OpProfileTests
{
    [Fact]
    public void Times_of_few_ticks_are_summed_without_loss()
    {
        // 0.1 us: among these are sums of seconds that end just below a whole tick.
        for (int ticks = 1; ticks <= 1000; ticks++)
        {
            IReadOnlyList<OpProfile> ops = OpProfile.Sum([Step("Relu", ticks), Step("Neg", 1), Step("Relu", 3)]);
            Assert.Equal([("Relu", ticks + 3L), ("Neg", 1L)], ops.Select(o => (o.Ops, o.Time.Ticks)));
            Assert.Equal(1, ops.Sum(o => o.Share), 12);
        }
    }

    private static StepProfile Step(string op, long ticks) => new(new Node("y", op), [], 0, 1, TimeSpan.FromTicks(ticks), 0, 0);
}
