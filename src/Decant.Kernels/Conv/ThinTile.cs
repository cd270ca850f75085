using System.Runtime.CompilerServices;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Conv;

/// <summary>
/// Sums of products of windows with weights, registers along the window. A tile is 8 windows by 1 or 2 columns, or 4 by 4: at most
/// 16 accumulators, each a named local since an array of them would live in memory.
/// </summary>
internal static unsafe class ThinTile<V>
    where V : struct, ILanes<V, float>
{
    /// <summary>Windows that every call computes.</summary>
    public const int Windows = 8;

    /// <summary>sums[window, column] of all lines and of the rests in <paramref name="tails"/>, which are <c>tailVectors</c> registers a window.</summary>
    public static void Run(float** lines, int lineCount, int body, nint stride, float* tails, int tailVectors, float* weights, int columns, float* sums)
    {
        switch (columns)
        {
            case 1:
                One(lines, lineCount, body, stride, tails, tailVectors, weights, sums);
                break;
            case 2:
                Two(lines, lineCount, body, stride, tails, tailVectors, weights, sums);
                break;
            default:
                Four(lines, lineCount, body, stride, 0, tails, tailVectors, weights, sums);
                Four(lines, lineCount, body, stride, 4, tails + (4 * tailVectors * V.Count), tailVectors, weights, sums + 16);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void One(float** lines, int lineCount, int body, nint stride, float* tails, int tailVectors, float* w, float* sums)
    {
        V s0 = V.Constant(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        for (int line = 0; line <= lineCount; line++)
        {
            bool isTail = line == lineCount;
            float* x = isTail ? tails : lines[line];
            nint step = isTail ? tailVectors * V.Count : stride;
            float* x3 = x + (3 * step);
            float* x6 = x3 + (3 * step);
            for (int i = isTail ? tailVectors : body; i > 0; i--)
            {
                V u = V.Load(w);
                s0 = V.Fma(V.Load(x), u, s0);
                s1 = V.Fma(V.Load(x + step), u, s1);
                s2 = V.Fma(V.Load(x + (2 * step)), u, s2);
                s3 = V.Fma(V.Load(x3), u, s3);
                s4 = V.Fma(V.Load(x3 + step), u, s4);
                s5 = V.Fma(V.Load(x3 + (2 * step)), u, s5);
                s6 = V.Fma(V.Load(x6), u, s6);
                s7 = V.Fma(V.Load(x6 + step), u, s7);
                x += V.Count;
                x3 += V.Count;
                x6 += V.Count;
                w += V.Count;
            }
        }

        sums[0] = V.Sum(s0);
        sums[1] = V.Sum(s1);
        sums[2] = V.Sum(s2);
        sums[3] = V.Sum(s3);
        sums[4] = V.Sum(s4);
        sums[5] = V.Sum(s5);
        sums[6] = V.Sum(s6);
        sums[7] = V.Sum(s7);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Two(float** lines, int lineCount, int body, nint stride, float* tails, int tailVectors, float* w, float* sums)
    {
        V s0 = V.Constant(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        V t0 = s0, t1 = s0, t2 = s0, t3 = s0, t4 = s0, t5 = s0, t6 = s0, t7 = s0;
        for (int line = 0; line <= lineCount; line++)
        {
            bool isTail = line == lineCount;
            float* x = isTail ? tails : lines[line];
            nint step = isTail ? tailVectors * V.Count : stride;
            float* x3 = x + (3 * step);
            float* x6 = x3 + (3 * step);
            for (int i = isTail ? tailVectors : body; i > 0; i--)
            {
                V u = V.Load(w), v = V.Load(w + V.Count);
                V a = V.Load(x);
                s0 = V.Fma(a, u, s0);
                t0 = V.Fma(a, v, t0);
                a = V.Load(x + step);
                s1 = V.Fma(a, u, s1);
                t1 = V.Fma(a, v, t1);
                a = V.Load(x + (2 * step));
                s2 = V.Fma(a, u, s2);
                t2 = V.Fma(a, v, t2);
                a = V.Load(x3);
                s3 = V.Fma(a, u, s3);
                t3 = V.Fma(a, v, t3);
                a = V.Load(x3 + step);
                s4 = V.Fma(a, u, s4);
                t4 = V.Fma(a, v, t4);
                a = V.Load(x3 + (2 * step));
                s5 = V.Fma(a, u, s5);
                t5 = V.Fma(a, v, t5);
                a = V.Load(x6);
                s6 = V.Fma(a, u, s6);
                t6 = V.Fma(a, v, t6);
                a = V.Load(x6 + step);
                s7 = V.Fma(a, u, s7);
                t7 = V.Fma(a, v, t7);
                x += V.Count;
                x3 += V.Count;
                x6 += V.Count;
                w += 2 * V.Count;
            }
        }

        sums[0] = V.Sum(s0);
        sums[1] = V.Sum(t0);
        sums[2] = V.Sum(s1);
        sums[3] = V.Sum(t1);
        sums[4] = V.Sum(s2);
        sums[5] = V.Sum(t2);
        sums[6] = V.Sum(s3);
        sums[7] = V.Sum(t3);
        sums[8] = V.Sum(s4);
        sums[9] = V.Sum(t4);
        sums[10] = V.Sum(s5);
        sums[11] = V.Sum(t5);
        sums[12] = V.Sum(s6);
        sums[13] = V.Sum(t6);
        sums[14] = V.Sum(s7);
        sums[15] = V.Sum(t7);
    }

    /// <summary>Four windows from <paramref name="first"/> on by four columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Four(float** lines, int lineCount, int body, nint stride, int first, float* tails, int tailVectors, float* w, float* sums)
    {
        V s0 = V.Constant(0), s1 = s0, s2 = s0, s3 = s0;
        V t0 = s0, t1 = s0, t2 = s0, t3 = s0;
        V u0 = s0, u1 = s0, u2 = s0, u3 = s0;
        V v0 = s0, v1 = s0, v2 = s0, v3 = s0;
        for (int line = 0; line <= lineCount; line++)
        {
            bool isTail = line == lineCount;
            float* x = isTail ? tails : lines[line] + (first * stride);
            nint step = isTail ? tailVectors * V.Count : stride;
            float* x3 = x + (3 * step);
            for (int i = isTail ? tailVectors : body; i > 0; i--)
            {
                V a = V.Load(x), b = V.Load(x + step), c = V.Load(x + (2 * step)), d = V.Load(x3);
                V e = V.Load(w);
                s0 = V.Fma(a, e, s0);
                s1 = V.Fma(b, e, s1);
                s2 = V.Fma(c, e, s2);
                s3 = V.Fma(d, e, s3);
                e = V.Load(w + V.Count);
                t0 = V.Fma(a, e, t0);
                t1 = V.Fma(b, e, t1);
                t2 = V.Fma(c, e, t2);
                t3 = V.Fma(d, e, t3);
                e = V.Load(w + (2 * V.Count));
                u0 = V.Fma(a, e, u0);
                u1 = V.Fma(b, e, u1);
                u2 = V.Fma(c, e, u2);
                u3 = V.Fma(d, e, u3);
                e = V.Load(w + (3 * V.Count));
                v0 = V.Fma(a, e, v0);
                v1 = V.Fma(b, e, v1);
                v2 = V.Fma(c, e, v2);
                v3 = V.Fma(d, e, v3);
                x += V.Count;
                x3 += V.Count;
                w += 4 * V.Count;
            }
        }

        sums[0] = V.Sum(s0);
        sums[1] = V.Sum(t0);
        sums[2] = V.Sum(u0);
        sums[3] = V.Sum(v0);
        sums[4] = V.Sum(s1);
        sums[5] = V.Sum(t1);
        sums[6] = V.Sum(u1);
        sums[7] = V.Sum(v1);
        sums[8] = V.Sum(s2);
        sums[9] = V.Sum(t2);
        sums[10] = V.Sum(u2);
        sums[11] = V.Sum(v2);
        sums[12] = V.Sum(s3);
        sums[13] = V.Sum(t3);
        sums[14] = V.Sum(u3);
        sums[15] = V.Sum(v3);
    }
}
