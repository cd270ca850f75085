using System.Runtime.CompilerServices;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Reduce;

/// <summary>float32 softmax of rows in three passes; NaN, +inf, and a row of -inf alone give a row of NaN.</summary>
internal static unsafe class SoftmaxRow<V>
    where V : struct, ILanes<V, float>
{
    /// <summary>Elements whose exponentials are summed lane by lane before they join the sum of the row.</summary>
    private const int Block = 2048;

    /// <summary>y = e^(β(x - max)) / Σ of each row; y may be x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(float* x, float* y, int rows, int columns, float beta)
    {
        int whole = columns / V.Count * V.Count;
        float* rest = stackalloc float[V.Count];
        V factor = V.Create(beta);
        for (int row = 0; row < rows; row++, x += columns, y += columns)
        {
            // The partial register at the end is filled up with -inf, whose exponential adds nothing.
            V.Create(float.NegativeInfinity).Store(rest);
            for (int i = whole; i < columns; i++)
                rest[i - whole] = x[i];
            V last = V.Load(rest);
            V max = last;
            for (int i = 0; i < whole; i += V.Count)
                max = V.MaxOrSecond(max, V.Load(x + i));
            V top = V.Create(Largest(max));
            V total = V.Constant(0);
            for (int start = 0; start < whole; start += Block)
            {
                V sum = V.Constant(0);
                int end = Math.Min(whole, start + Block);
                for (int i = start; i < end; i += V.Count)
                {
                    V e = FloatMath.Exp<V, float>((V.Load(x + i) - top) * factor);
                    e.Store(y + i);
                    sum += e;
                }

                total += sum;
            }

            if (whole < columns)
            {
                last = FloatMath.Exp<V, float>((last - top) * factor);
                total += last;
            }

            V scale = V.Create(1 / V.Sum(total));
            for (int i = 0; i < whole; i += V.Count)
                (V.Load(y + i) * scale).Store(y + i);
            if (whole < columns)
            {
                (last * scale).Store(rest);
                for (int i = whole; i < columns; i++)
                    y[i] = rest[i - whole];
            }
        }
    }

    private static float Largest(V max)
    {
        float* lanes = stackalloc float[V.Count];
        max.Store(lanes);
        Lanes128<float> four = Lanes128<float>.Load(lanes);
        for (int i = 4; i < V.Count; i += 4)
            four = Lanes128<float>.MaxOrSecond(four, Lanes128<float>.Load(lanes + i));
        four.Store(lanes);
        float low = lanes[0] > lanes[1] ? lanes[0] : lanes[1], high = lanes[2] > lanes[3] ? lanes[2] : lanes[3];
        return low > high ? low : high;
    }
}
