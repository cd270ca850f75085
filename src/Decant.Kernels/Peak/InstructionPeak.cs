using System.Diagnostics;
using System.Runtime.CompilerServices;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Peak;

/// <summary>
/// How often one instruction runs in independent chains, as many as the processor's latency and width can be kept busy with, touching no memory.
/// </summary>
internal static class InstructionPeak
{
    // The JIT keeps destinations of dot products in registers 0 to 15 only, of which two hold the inputs.
    private const int Chains = 12;
    private const int Rounds = 20_000;

    // Many short pieces for each thread: one that wakes up late takes fewer of them.
    private const int Pieces = 16;

    /// <summary>Instructions per second of all threads of a pool together in one short run, in units of 10^9.</summary>
    public static double Giga<V, TStep>(WorkerPool pool, V start, V a, V b)
        where V : unmanaged
        where TStep : struct, IPeakStep<V>
    {
        V[] sinks = new V[pool.Threads * Pieces];
        long begun = Stopwatch.GetTimestamp();
        pool.For(sinks.Length, 1, new Job<V, TStep>(sinks, start, a, b));
        return (double)sinks.Length * Rounds * Chains / Stopwatch.GetElapsedTime(begun).TotalSeconds / 1e9;
    }

    // Named accumulators: the JIT keeps an array of them in memory.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static V Run<V, TStep>(V start, V a, V b)
        where V : unmanaged
        where TStep : struct, IPeakStep<V>
    {
        V s0 = start, s1 = start, s2 = start, s3 = start, s4 = start, s5 = start, s6 = start, s7 = start, s8 = start, s9 = start, s10 = start, s11 = start;
        for (int i = 0; i < Rounds; i++)
        {
            s0 = TStep.Step(s0, a, b);
            s1 = TStep.Step(s1, a, b);
            s2 = TStep.Step(s2, a, b);
            s3 = TStep.Step(s3, a, b);
            s4 = TStep.Step(s4, a, b);
            s5 = TStep.Step(s5, a, b);
            s6 = TStep.Step(s6, a, b);
            s7 = TStep.Step(s7, a, b);
            s8 = TStep.Step(s8, a, b);
            s9 = TStep.Step(s9, a, b);
            s10 = TStep.Step(s10, a, b);
            s11 = TStep.Step(s11, a, b);
        }

        V sum = TStep.Add(TStep.Add(TStep.Add(s0, s1), TStep.Add(s2, s3)), TStep.Add(TStep.Add(s4, s5), TStep.Add(s6, s7)));
        return TStep.Add(sum, TStep.Add(TStep.Add(s8, s9), TStep.Add(s10, s11)));
    }

    private readonly struct Job<V, TStep>(V[] sinks, V start, V a, V b) : IRangeJob
        where V : unmanaged
        where TStep : struct, IPeakStep<V>
    {
        public void Run(int from, int to)
        {
            for (int i = from; i < to; i++)
                sinks[i] = Run<V, TStep>(start, a, b);
        }
    }
}
