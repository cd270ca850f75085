using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Peak;

/// <summary>
/// The most float32 operations per second that multiply-adds reach on this machine: as many independent chains of them as the
/// processor's latency and width can be kept busy with, on the widest registers, touching no memory.
/// </summary>
public static class FmaPeak
{
    /// <summary>A multiplication and an addition.</summary>
    private const int FlopsPerLane = 2;

    private const int Chains = 16;
    private const int Rounds = 20_000;
    private const int Attempts = 40;

    // Many short pieces for each thread: one that wakes up late takes fewer of them.
    private const int Pieces = 16;

    /// <summary>Floating-point operations per second of all threads of a pool together, in units of 10^9; takes some 20 ms.</summary>
    public static double MeasureGigaFlops(WorkerPool pool) => MeasureGigaFlops(pool, Lanes);

    /// <summary>The same with registers of 16, 8, 4 or 1 float32 lanes; 0 if the processor has no registers of that width.</summary>
    internal static double MeasureGigaFlops(WorkerPool pool, int lanes)
    {
        if (lanes > Lanes)
            return 0;
        double best = 0;
        float[] sinks = new float[pool.Threads * Pieces];
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            best = Math.Max(best, GigaFlops(pool, sinks, lanes));
        }

        return float.IsNaN(sinks.Sum()) ? throw new InvalidOperationException("the multiply-adds gave no numbers") : best;
    }

    /// <summary>What one short run on the widest registers reaches; where the processor's clock changes, to be taken in turn with what it judges.</summary>
    internal static double GigaFlops(WorkerPool pool) => GigaFlops(pool, new float[pool.Threads * Pieces], Lanes);

    private static double GigaFlops(WorkerPool pool, float[] sinks, int lanes)
    {
        long start = Stopwatch.GetTimestamp();
        pool.For(sinks.Length, 1, new Job(sinks, lanes));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return (double)sinks.Length * Rounds * Chains * lanes * FlopsPerLane / seconds / 1e9;
    }

    private static int Lanes => Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : Vector128.IsHardwareAccelerated ? 4 : 1;

    private readonly struct Job(float[] sinks, int lanes) : IRangeJob
    {
        public void Run(int from, int to)
        {
            for (int i = from; i < to; i++)
                sinks[i] = lanes switch { 16 => Run512(), 8 => Run256(), 4 => Run128(), _ => RunScalar() };
        }
    }

    // In each, x = x * 0.5 + 1 goes to 2: no overflow and no denormals, whose arithmetic is slower.
    // Sixteen named accumulators: the JIT keeps an array of them in memory.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Run512()
    {
        Vector512<float> m = Vector512.Create(0.5f), c = Vector512.Create(1f);
        Vector512<float> a0 = c, a1 = c, a2 = c, a3 = c, a4 = c, a5 = c, a6 = c, a7 = c, a8 = c, a9 = c, a10 = c, a11 = c, a12 = c, a13 = c, a14 = c, a15 = c;
        for (int i = 0; i < Rounds; i++)
        {
            a0 = Vector512.MultiplyAddEstimate(a0, m, c);
            a1 = Vector512.MultiplyAddEstimate(a1, m, c);
            a2 = Vector512.MultiplyAddEstimate(a2, m, c);
            a3 = Vector512.MultiplyAddEstimate(a3, m, c);
            a4 = Vector512.MultiplyAddEstimate(a4, m, c);
            a5 = Vector512.MultiplyAddEstimate(a5, m, c);
            a6 = Vector512.MultiplyAddEstimate(a6, m, c);
            a7 = Vector512.MultiplyAddEstimate(a7, m, c);
            a8 = Vector512.MultiplyAddEstimate(a8, m, c);
            a9 = Vector512.MultiplyAddEstimate(a9, m, c);
            a10 = Vector512.MultiplyAddEstimate(a10, m, c);
            a11 = Vector512.MultiplyAddEstimate(a11, m, c);
            a12 = Vector512.MultiplyAddEstimate(a12, m, c);
            a13 = Vector512.MultiplyAddEstimate(a13, m, c);
            a14 = Vector512.MultiplyAddEstimate(a14, m, c);
            a15 = Vector512.MultiplyAddEstimate(a15, m, c);
        }

        return Vector512.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11 + a12 + a13 + a14 + a15);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Run256()
    {
        Vector256<float> m = Vector256.Create(0.5f), c = Vector256.Create(1f);
        Vector256<float> a0 = c, a1 = c, a2 = c, a3 = c, a4 = c, a5 = c, a6 = c, a7 = c, a8 = c, a9 = c, a10 = c, a11 = c, a12 = c, a13 = c, a14 = c, a15 = c;
        for (int i = 0; i < Rounds; i++)
        {
            a0 = Vector256.MultiplyAddEstimate(a0, m, c);
            a1 = Vector256.MultiplyAddEstimate(a1, m, c);
            a2 = Vector256.MultiplyAddEstimate(a2, m, c);
            a3 = Vector256.MultiplyAddEstimate(a3, m, c);
            a4 = Vector256.MultiplyAddEstimate(a4, m, c);
            a5 = Vector256.MultiplyAddEstimate(a5, m, c);
            a6 = Vector256.MultiplyAddEstimate(a6, m, c);
            a7 = Vector256.MultiplyAddEstimate(a7, m, c);
            a8 = Vector256.MultiplyAddEstimate(a8, m, c);
            a9 = Vector256.MultiplyAddEstimate(a9, m, c);
            a10 = Vector256.MultiplyAddEstimate(a10, m, c);
            a11 = Vector256.MultiplyAddEstimate(a11, m, c);
            a12 = Vector256.MultiplyAddEstimate(a12, m, c);
            a13 = Vector256.MultiplyAddEstimate(a13, m, c);
            a14 = Vector256.MultiplyAddEstimate(a14, m, c);
            a15 = Vector256.MultiplyAddEstimate(a15, m, c);
        }

        return Vector256.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11 + a12 + a13 + a14 + a15);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Run128()
    {
        Vector128<float> m = Vector128.Create(0.5f), c = Vector128.Create(1f);
        Vector128<float> a0 = c, a1 = c, a2 = c, a3 = c, a4 = c, a5 = c, a6 = c, a7 = c, a8 = c, a9 = c, a10 = c, a11 = c, a12 = c, a13 = c, a14 = c, a15 = c;
        for (int i = 0; i < Rounds; i++)
        {
            a0 = Vector128.MultiplyAddEstimate(a0, m, c);
            a1 = Vector128.MultiplyAddEstimate(a1, m, c);
            a2 = Vector128.MultiplyAddEstimate(a2, m, c);
            a3 = Vector128.MultiplyAddEstimate(a3, m, c);
            a4 = Vector128.MultiplyAddEstimate(a4, m, c);
            a5 = Vector128.MultiplyAddEstimate(a5, m, c);
            a6 = Vector128.MultiplyAddEstimate(a6, m, c);
            a7 = Vector128.MultiplyAddEstimate(a7, m, c);
            a8 = Vector128.MultiplyAddEstimate(a8, m, c);
            a9 = Vector128.MultiplyAddEstimate(a9, m, c);
            a10 = Vector128.MultiplyAddEstimate(a10, m, c);
            a11 = Vector128.MultiplyAddEstimate(a11, m, c);
            a12 = Vector128.MultiplyAddEstimate(a12, m, c);
            a13 = Vector128.MultiplyAddEstimate(a13, m, c);
            a14 = Vector128.MultiplyAddEstimate(a14, m, c);
            a15 = Vector128.MultiplyAddEstimate(a15, m, c);
        }

        return Vector128.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11 + a12 + a13 + a14 + a15);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float RunScalar()
    {
        float m = 0.5f, c = 1f;
        float a0 = c, a1 = c, a2 = c, a3 = c, a4 = c, a5 = c, a6 = c, a7 = c, a8 = c, a9 = c, a10 = c, a11 = c, a12 = c, a13 = c, a14 = c, a15 = c;
        for (int i = 0; i < Rounds; i++)
        {
            a0 = float.MultiplyAddEstimate(a0, m, c);
            a1 = float.MultiplyAddEstimate(a1, m, c);
            a2 = float.MultiplyAddEstimate(a2, m, c);
            a3 = float.MultiplyAddEstimate(a3, m, c);
            a4 = float.MultiplyAddEstimate(a4, m, c);
            a5 = float.MultiplyAddEstimate(a5, m, c);
            a6 = float.MultiplyAddEstimate(a6, m, c);
            a7 = float.MultiplyAddEstimate(a7, m, c);
            a8 = float.MultiplyAddEstimate(a8, m, c);
            a9 = float.MultiplyAddEstimate(a9, m, c);
            a10 = float.MultiplyAddEstimate(a10, m, c);
            a11 = float.MultiplyAddEstimate(a11, m, c);
            a12 = float.MultiplyAddEstimate(a12, m, c);
            a13 = float.MultiplyAddEstimate(a13, m, c);
            a14 = float.MultiplyAddEstimate(a14, m, c);
            a15 = float.MultiplyAddEstimate(a15, m, c);
        }

        return a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11 + a12 + a13 + a14 + a15;
    }
}
