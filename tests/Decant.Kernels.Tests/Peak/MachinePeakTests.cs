using System.Runtime.Intrinsics;
using Decant.Kernels.Peak;

namespace Decant.Kernels.Tests.Peak;

public sealed class MachinePeakTests
{
    [Fact]
    public void A_machine_reads_at_least_as_fast_as_a_disk_and_has_no_figures_for_registers_it_lacks()
    {
        MachinePeak peak = MachinePeak.Measure(1);
        Assert.Equal(1, peak.Threads);
        Assert.InRange(peak.ReadGigabytes, 0.05, 10_000);
        Assert.InRange(peak.CopyGigabytes, 0.05, 10_000);
        Assert.Equal(Vector512.IsHardwareAccelerated, peak.Fma512 > 0);
        Assert.Equal(Vector256.IsHardwareAccelerated, peak.Fma256 > 0);
    }
}
