using System.Numerics;
using System.Runtime.CompilerServices;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Spectral;

/// <summary>
/// √(re² + im²) of pairs of float32 in float64, where neither squares nor sums of them overflow, rounded to float32. What is not finite is as
/// <see cref="Complex.Abs"/> has it.
/// </summary>
public static unsafe class Magnitude
{
    private const int Grain = 8192;

    /// <summary>x holds two numbers for each one of y.</summary>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Run(ReadOnlySpan<float> x, Span<float> y, WorkerPool pool)
    {
        Guard.Length(x, 2L * y.Length);
        fixed (float* from = x, to = y)
            LinesJob.For(new Pairs(from, to), y.Length, Grain, pool);
    }

    private readonly struct Pairs(float* x, float* y) : ILines
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(int start, int end)
            where V : unmanaged, IReals<V>
        {
            // Nothing times zero is a number unless all of them are finite.
            V check = V.Create(0), zero = check;
            nint i = start;
            for (; i <= end - V.Count; i += V.Count)
            {
                (V re, V im) = V.Unzip(V.Load(x + (2 * i)), V.Load(x + (2 * i) + V.Count));
                V size = V.Sqrt(V.MultiplyAdd(re, re, im * im));
                check = V.MultiplyAdd(size, zero, check);
                size.Store(y + i);
            }

            double* lanes = stackalloc double[V.Count];
            check.Store(lanes);
            bool isFinite = true;
            for (int lane = 0; lane < V.Count; lane++)
                isFinite &= lanes[lane] == 0;
            for (i = isFinite ? i : start; i < end; i++)
                y[i] = One(x[2 * i], x[(2 * i) + 1]);
        }

        private static float One(double re, double im)
        {
            double size = Math.Sqrt(double.MultiplyAddEstimate(re, re, im * im));
            return (float)(double.IsFinite(size) ? size : Complex.Abs(new Complex(re, im)));
        }
    }
}
