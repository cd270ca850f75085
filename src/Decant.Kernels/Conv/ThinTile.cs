using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Conv;

/// <summary>
/// Sums of products of windows with weights, registers along the window. A tile is 8 windows by 1 or 2 columns, or 4 by 4: at most
/// 16 accumulators, each a named local since an array of them would live in memory. Where there are 16 registers in all, it is 8 by 1 or 4 by 2.
/// </summary>
internal static unsafe class ThinTile<V>
    where V : struct, ILanes<V, float>
{
    private static bool HasManyRegisters => V.Count == 16 || AdvSimd.Arm64.IsSupported;

    /// <summary>sums[window, column] of all lines and of the rests in <paramref name="tails"/>, which are <c>tailVectors</c> registers a window.</summary>
    public static void Run(float** lines, int lineCount, int body, nint stride, float* tails, int tailVectors, float* weights, int columns, float* sums)
    {
        switch (columns)
        {
            case 1:
                One(lines, lineCount, body, stride, tails, tailVectors, weights, sums);
                break;
            case 2 or 4 when !HasManyRegisters:
                for (int column = 0; column < columns; column += 2)
                {
                    Pair(lines, lineCount, body, stride, 0, tails, tailVectors, weights + (column * V.Count), columns, sums + column);
                    Pair(lines, lineCount, body, stride, 4, tails + (4 * tailVectors * V.Count), tailVectors, weights + (column * V.Count), columns, sums + (4 * columns) + column);
                }

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
                V.AddProduct(ref s0, V.Load(x), u);
                V.AddProduct(ref s1, V.Load(x + step), u);
                V.AddProduct(ref s2, V.Load(x + (2 * step)), u);
                V.AddProduct(ref s3, V.Load(x3), u);
                V.AddProduct(ref s4, V.Load(x3 + step), u);
                V.AddProduct(ref s5, V.Load(x3 + (2 * step)), u);
                V.AddProduct(ref s6, V.Load(x6), u);
                V.AddProduct(ref s7, V.Load(x6 + step), u);
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

    /// <summary>Four windows from <paramref name="first"/> on by two of <paramref name="columns"/> columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Pair(float** lines, int lineCount, int body, nint stride, int first, float* tails, int tailVectors, float* w, int columns, float* sums)
    {
        V s0 = V.Constant(0), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
        nint next = (nint)columns * V.Count;
        for (int line = 0; line <= lineCount; line++)
        {
            bool isTail = line == lineCount;
            float* x = isTail ? tails : lines[line] + (first * stride);
            nint step = isTail ? tailVectors * V.Count : stride;
            float* x3 = x + (3 * step);
            for (int i = isTail ? tailVectors : body; i > 0; i--)
            {
                V u = V.Load(w), v = V.Load(w + V.Count);
                V a = V.Load(x);
                V.AddProduct(ref s0, a, u);
                V.AddProduct(ref t0, a, v);
                a = V.Load(x + step);
                V.AddProduct(ref s1, a, u);
                V.AddProduct(ref t1, a, v);
                a = V.Load(x + (2 * step));
                V.AddProduct(ref s2, a, u);
                V.AddProduct(ref t2, a, v);
                a = V.Load(x3);
                V.AddProduct(ref s3, a, u);
                V.AddProduct(ref t3, a, v);
                x += V.Count;
                x3 += V.Count;
                w += next;
            }
        }

        sums[0] = V.Sum(s0);
        sums[1] = V.Sum(t0);
        sums += columns;
        sums[0] = V.Sum(s1);
        sums[1] = V.Sum(t1);
        sums += columns;
        sums[0] = V.Sum(s2);
        sums[1] = V.Sum(t2);
        sums += columns;
        sums[0] = V.Sum(s3);
        sums[1] = V.Sum(t3);
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
                V.AddProduct(ref s0, a, u);
                V.AddProduct(ref t0, a, v);
                a = V.Load(x + step);
                V.AddProduct(ref s1, a, u);
                V.AddProduct(ref t1, a, v);
                a = V.Load(x + (2 * step));
                V.AddProduct(ref s2, a, u);
                V.AddProduct(ref t2, a, v);
                a = V.Load(x3);
                V.AddProduct(ref s3, a, u);
                V.AddProduct(ref t3, a, v);
                a = V.Load(x3 + step);
                V.AddProduct(ref s4, a, u);
                V.AddProduct(ref t4, a, v);
                a = V.Load(x3 + (2 * step));
                V.AddProduct(ref s5, a, u);
                V.AddProduct(ref t5, a, v);
                a = V.Load(x6);
                V.AddProduct(ref s6, a, u);
                V.AddProduct(ref t6, a, v);
                a = V.Load(x6 + step);
                V.AddProduct(ref s7, a, u);
                V.AddProduct(ref t7, a, v);
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
                V.AddProduct(ref s0, a, e);
                V.AddProduct(ref s1, b, e);
                V.AddProduct(ref s2, c, e);
                V.AddProduct(ref s3, d, e);
                e = V.Load(w + V.Count);
                V.AddProduct(ref t0, a, e);
                V.AddProduct(ref t1, b, e);
                V.AddProduct(ref t2, c, e);
                V.AddProduct(ref t3, d, e);
                e = V.Load(w + (2 * V.Count));
                V.AddProduct(ref u0, a, e);
                V.AddProduct(ref u1, b, e);
                V.AddProduct(ref u2, c, e);
                V.AddProduct(ref u3, d, e);
                e = V.Load(w + (3 * V.Count));
                V.AddProduct(ref v0, a, e);
                V.AddProduct(ref v1, b, e);
                V.AddProduct(ref v2, c, e);
                V.AddProduct(ref v3, d, e);
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
