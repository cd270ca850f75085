using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Peak;

/// <summary>The most float32 operations per second that multiply-adds reach on this machine, on the widest registers, touching no memory.</summary>
public static class FmaPeak
{
    /// <summary>A multiplication and an addition.</summary>
    private const int FlopsPerLane = 2;

    private const int Attempts = 40;

    private static int Lanes => Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : Vector128.IsHardwareAccelerated ? 4 : 1;

    /// <summary>Floating-point operations per second of all threads of a pool together, in units of 10^9; takes some 20 ms.</summary>
    public static double MeasureGigaFlops(WorkerPool pool) => MeasureGigaFlops(pool, Lanes);

    /// <summary>The same with registers of 16, 8, 4 or 1 float32 lanes; 0 if the processor has no registers of that width.</summary>
    internal static double MeasureGigaFlops(WorkerPool pool, int lanes)
    {
        if (lanes > Lanes)
            return 0;
        double best = 0;
        for (int attempt = 0; attempt < Attempts; attempt++)
            best = Math.Max(best, GigaFlops(pool, lanes));
        return best;
    }

    /// <summary>What one short run on the widest registers reaches; where the processor's clock changes, to be taken in turn with what it judges.</summary>
    internal static double GigaFlops(WorkerPool pool) => GigaFlops(pool, Lanes);

    // x = x * 0.5 + 1 goes to 2: no overflow and no denormals, whose arithmetic is slower.
    private static double GigaFlops(WorkerPool pool, int lanes) => lanes * FlopsPerLane * lanes switch
    {
        16 => InstructionPeak.Giga<Vector512<float>, Step512>(pool, Vector512.Create(1f), Vector512.Create(0.5f), Vector512.Create(1f)),
        8 => InstructionPeak.Giga<Vector256<float>, Step256>(pool, Vector256.Create(1f), Vector256.Create(0.5f), Vector256.Create(1f)),
        4 => InstructionPeak.Giga<Vector128<float>, Step128>(pool, Vector128.Create(1f), Vector128.Create(0.5f), Vector128.Create(1f)),
        _ => InstructionPeak.Giga<float, StepScalar>(pool, 1, 0.5f, 1),
    };

    private readonly struct Step512 : IPeakStep<Vector512<float>>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Step(Vector512<float> sum, Vector512<float> a, Vector512<float> b) => Vector512.MultiplyAddEstimate(sum, a, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Add(Vector512<float> x, Vector512<float> y) => x + y;
    }

    private readonly struct Step256 : IPeakStep<Vector256<float>>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Step(Vector256<float> sum, Vector256<float> a, Vector256<float> b) => Vector256.MultiplyAddEstimate(sum, a, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Add(Vector256<float> x, Vector256<float> y) => x + y;
    }

    private readonly struct Step128 : IPeakStep<Vector128<float>>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<float> Step(Vector128<float> sum, Vector128<float> a, Vector128<float> b) => Vector128.MultiplyAddEstimate(sum, a, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<float> Add(Vector128<float> x, Vector128<float> y) => x + y;
    }

    private readonly struct StepScalar : IPeakStep<float>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static float Step(float sum, float a, float b) => float.MultiplyAddEstimate(sum, a, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static float Add(float x, float y) => x + y;
    }
}
