using Decant.Kernels.Threading;

namespace Decant.Kernels.Peak;

/// <summary>What this machine reaches with a number of threads: the denominators of every share that a benchmark states.</summary>
/// <param name="Threads">The threads that shared the work.</param>
/// <param name="Fma512">Multiply-adds of float32 on 512-bit registers, in 10^9 operations per second, two per lane; 0 where there are none.</param>
/// <param name="Fma256">The same on 256-bit registers.</param>
/// <param name="Fma128">The same on 128-bit registers.</param>
/// <param name="ReadGigabytes">Reading memory that no cache holds, in 10^9 bytes per second.</param>
/// <param name="CopyGigabytes">Copying such memory, in 10^9 bytes copied per second: as many are read and as many written.</param>
public sealed record MachinePeak(int Threads, double Fma512, double Fma256, double Fma128, double ReadGigabytes, double CopyGigabytes)
{
    /// <summary>Well above the caches of server processors, where a second thread's share counts too.</summary>
    private const long LargeBytes = 384L << 20;

    /// <summary>Multiply-adds on the widest registers there are.</summary>
    public double Fma => Math.Max(Fma512, Math.Max(Fma256, Fma128));

    /// <summary>Measures all figures; takes about a second and, for that time, 768 MB.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 1 or more than 1024 threads.</exception>
    public static MachinePeak Measure(int threads)
    {
        using WorkerPool pool = new(threads);
        using MemoryTraffic memory = new(LargeBytes);
        return new MachinePeak(
            threads,
            FmaPeak.MeasureGigaFlops(pool, 16),
            FmaPeak.MeasureGigaFlops(pool, 8),
            FmaPeak.MeasureGigaFlops(pool, 4),
            memory.BestGigabytes(4, () => memory.Read(pool)),
            memory.BestGigabytes(4, () => memory.Copy(pool)));
    }
}
