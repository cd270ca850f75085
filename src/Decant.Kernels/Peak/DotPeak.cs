using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Decant.Kernels.Quantized;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Peak;

/// <summary>
/// The most operations per second (a multiplication and an addition are two) that the integer dot-product instruction in force, or the pair of instructions,
/// reaches on this machine, touching no memory.
/// </summary>
internal static class DotPeak
{
    /// <summary>What one short run reaches, in units of 10^9.</summary>
    public static double GigaOps(WorkerPool pool)
    {
        DotKernel kernel = DotKernel.Current;
        double instructions = kernel.Name switch
        {
            "avxvnni" => Giga<Vector256<int>, VnniDot>(pool),
            "avxvnni16" => Giga<Vector256<int>, VnniPairDot>(pool),
            "avx512" => Pairs<Vector512<int>, PairDot512>(pool),
            "avx2" => Pairs<Vector256<int>, PairDot256>(pool),
            "dp" => Giga<Vector128<int>, SignedDot128>(pool),
            _ => Pairs<Vector128<int>, PairDot128>(pool),
        };
        return instructions * kernel.Columns * kernel.Group;
    }

    private static double Giga<V, TDot>(WorkerPool pool)
        where V : unmanaged
        where TDot : struct, IDot<V> => InstructionPeak.Giga<V, Step<V, TDot>>(pool, default, TDot.Broadcast(0x01020304), TDot.Broadcast(0x04030201));

    private static double Pairs<V, TDot>(WorkerPool pool)
        where V : unmanaged
        where TDot : struct, IDot<V> => InstructionPeak.Giga<V, PairStep<V, TDot>>(pool, TDot.Broadcast(0x00010001), default, TDot.Broadcast(0x00030001));

    private readonly struct Step<V, TDot> : IPeakStep<V>
        where V : unmanaged
        where TDot : struct, IDot<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IPeakStep<V>.Step(V sum, V a, V b) => TDot.Dot(sum, a, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Add(V x, V y) => TDot.Add(x, y);
    }

    /// <summary>
    /// A multiplication and an addition that are instructions of their own. The sum is multiplied too: the product of two values that stay would be taken
    /// out of the loop. Chains are longer by that, but there are enough of them.
    /// </summary>
    private readonly struct PairStep<V, TDot> : IPeakStep<V>
        where V : unmanaged
        where TDot : struct, IDot<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IPeakStep<V>.Step(V sum, V a, V b) => TDot.Dot(sum, sum, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Add(V x, V y) => TDot.Add(x, y);
    }
}
