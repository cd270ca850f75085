using System.Runtime.CompilerServices;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Reduce;

/// <summary>
/// float32 softmax of rows in three passes, each over a block of rows, whose chains of operations overlap; NaN, +inf, and a row
/// of -inf alone give a row of NaN.
/// </summary>
internal static unsafe class SoftmaxRow<V>
    where V : struct, ILanes<V, float>
{
    /// <summary>Elements of a block of rows: its input and output stay in the first cache.</summary>
    private const int Block = 2048;

    private const int MostRows = 32;

    /// <summary>Elements whose exponentials are summed lane by lane before they join the sum of the row.</summary>
    private const int Leaf = 2048;

    /// <summary>y = e^(β(x - max)) / Σ of each row, β above 0; y may be x.</summary>
    public static void Run(float* x, float* y, int rows, int columns, float beta)
    {
        float* tops = stackalloc float[MostRows];
        float* sums = stackalloc float[MostRows];
        bool tails = columns % Twin<V, float>.Count != 0;
        int step = Math.Clamp(Block / columns, 1, MostRows);
        for (int row = 0; row < rows; row += step, x += (long)step * columns, y += (long)step * columns)
        {
            int count = Math.Min(step, rows - row);
            Largest(x, tops, count, columns);
            Exponentials(x, y, tops, sums, count, columns, beta);
            if (tails)
                Tails(x, y, tops, sums, count, columns, beta);
            Divide(y, sums, count, columns);
        }
    }

    /// <summary>The largest number of each row; a NaN may be lost: it is in the sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Largest(float* x, float* tops, int rows, int columns)
    {
        int whole = columns / V.Count * V.Count;
        for (int row = 0; row < rows; row++, x += columns)
        {
            V max = V.Constant(float.NegativeInfinity);
            for (int i = 0; i < whole; i += V.Count)
                max = V.MaxOrSecond(max, V.Load(x + i));
            float top = V.LargestNumber(max);
            for (int i = whole; i < columns; i++)
                top = top > x[i] ? top : x[i];
            tops[row] = top;
        }
    }

    /// <summary>y = e^(β(x - top)) of the whole pairs of registers, and the sum of each row's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Exponentials(float* x, float* y, float* tops, float* sums, int rows, int columns, float beta)
    {
        int width = Twin<V, float>.Count, whole = columns / width * width;
        bool scaled = beta != 1;
        for (int row = 0; row < rows; row++, x += columns, y += columns)
        {
            Twin<V, float> top = Twin<V, float>.Create(tops[row]), total = Twin<V, float>.Constant(0);
            for (int start = 0; start < whole; start += Leaf)
            {
                Twin<V, float> sum = Twin<V, float>.Constant(0);
                int end = Math.Min(whole, start + Leaf);
                for (int i = start; i < end; i += width)
                {
                    Twin<V, float> z = Twin<V, float>.Load(x + i) - top;
                    if (scaled)
                        z *= Twin<V, float>.Create(beta);
                    Twin<V, float> e = FloatMath.ExpBelowOne<Twin<V, float>, float>(z);
                    e.Store(y + i);
                    sum += e;
                }

                total += sum;
            }

            sums[row] = Twin<V, float>.Sum(total);
        }
    }

    /// <summary>The elements behind the whole pairs: filled up with -inf, whose exponential adds nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tails(float* x, float* y, float* tops, float* sums, int rows, int columns, float beta)
    {
        int width = Twin<V, float>.Count, whole = columns / width * width;
        uint bytes = (uint)((columns - whole) * sizeof(float));
        float* rest = stackalloc float[width];
        Twin<V, float>.Constant(float.NegativeInfinity).Store(rest);
        for (int row = 0; row < rows; row++)
        {
            long at = ((long)row * columns) + whole;
            Unsafe.CopyBlockUnaligned(rest, x + at, bytes);
            Twin<V, float> z = (Twin<V, float>.Load(rest) - Twin<V, float>.Create(tops[row])) * Twin<V, float>.Create(beta);
            Twin<V, float> e = FloatMath.ExpBelowOne<Twin<V, float>, float>(z);
            e.Store(rest);
            sums[row] += Twin<V, float>.Sum(e);
            Unsafe.CopyBlockUnaligned(y + at, rest, bytes);
            Twin<V, float>.Constant(float.NegativeInfinity).Store(rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Divide(float* y, float* sums, int rows, int columns)
    {
        int whole = columns / V.Count * V.Count;
        for (int row = 0; row < rows; row++, y += columns)
        {
            float scale = 1 / sums[row];
            V factor = V.Create(scale);
            for (int i = 0; i < whole; i += V.Count)
                (V.Load(y + i) * factor).Store(y + i);
            for (int i = whole; i < columns; i++)
                y[i] *= scale;
        }
    }
}
