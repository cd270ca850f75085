using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Decant.Kernels.Quantized;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Peak;

/// <summary>
/// The most operations per second (a multiplication and an addition are two) that the integer dot-product instruction in force reaches on this
/// machine, touching no memory.
/// </summary>
internal static class DotPeak
{
    private const int Chains = 12;
    private const int Rounds = 20_000;

    // Many short pieces for each thread: one that wakes up late takes fewer of them.
    private const int Pieces = 16;

    /// <summary>What one short run reaches, in units of 10^9.</summary>
    public static double GigaOps(WorkerPool pool)
    {
        int[] sinks = new int[pool.Threads * Pieces];
        DotKernel kernel = DotKernel.Current;
        long start = Stopwatch.GetTimestamp();
        pool.For(sinks.Length, 1, new Job(sinks, kernel.Name));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return 2.0 * sinks.Length * Rounds * Chains * kernel.Columns / 2 * kernel.Group / seconds / 1e9;
    }

    private readonly struct Job(int[] sinks, string name) : IRangeJob
    {
        public void Run(int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                sinks[i] = name switch
                {
                    "avxvnni" => Chain<Vector256<int>, VnniDot>(),
                    "avx512" => Chain<Vector512<int>, PairDot512>(),
                    "avx2" => Chain<Vector256<int>, PairDot256>(),
                    "dp" => Chain<Vector128<int>, SignedDot128>(),
                    _ => Chain<Vector128<int>, PairDot128>(),
                };
            }
        }
    }

    // Twelve named accumulators: the JIT keeps an array of them in memory.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static unsafe int Chain<V, TDot>()
        where V : unmanaged
        where TDot : struct, IDot<V>
    {
        V a = TDot.Broadcast(0x01020304), b = TDot.Broadcast(0x04030201);
        V s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default, s8 = default, s9 = default, s10 = default, s11 = default;
        for (int i = 0; i < Rounds; i++)
        {
            s0 = TDot.Dot(s0, a, b);
            s1 = TDot.Dot(s1, a, b);
            s2 = TDot.Dot(s2, a, b);
            s3 = TDot.Dot(s3, a, b);
            s4 = TDot.Dot(s4, a, b);
            s5 = TDot.Dot(s5, a, b);
            s6 = TDot.Dot(s6, a, b);
            s7 = TDot.Dot(s7, a, b);
            s8 = TDot.Dot(s8, a, b);
            s9 = TDot.Dot(s9, a, b);
            s10 = TDot.Dot(s10, a, b);
            s11 = TDot.Dot(s11, a, b);
        }

        V sum = TDot.Add(TDot.Add(TDot.Add(s0, s1), TDot.Add(s2, s3)), TDot.Add(TDot.Add(s4, s5), TDot.Add(s6, s7)));
        sum = TDot.Add(sum, TDot.Add(TDot.Add(s8, s9), TDot.Add(s10, s11)));
        return *(int*)&sum;
    }
}
