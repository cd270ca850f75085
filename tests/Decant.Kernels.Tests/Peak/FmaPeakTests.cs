using Decant.Kernels.Peak;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Tests.Peak;

public class FmaPeakTests
{
    [Fact]
    public void The_peak_lies_within_what_processors_reach()
    {
        double peak = FmaPeak.MeasureGigaFlops(WorkerPool.Inline);
        Assert.InRange(peak, 0.01, 10_000);
    }
}
