using System.Runtime.CompilerServices;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Gemm;

/// <summary>
/// One register tile: up to 12 rows by two registers of columns. Each accumulator is a named local, since an array of them
/// would live in memory; rows beyond TRows.Count vanish when the JIT specialises the type.
/// </summary>
internal static unsafe class GemmTile<V, TRows>
    where V : struct, ILanes<V, float>
    where TRows : struct, IRows
{
    /// <summary>
    /// C[rows, 2V] = (accumulate ? C : 0) + A[rows, k]·panel[k, 2V]. Rows of A are <c>lda</c> elements apart, rows of C <c>ldc</c>. Each element sums
    /// its products in ascending k, fused. Bias and activation are <see cref="GemmFinish"/>'s: with them here the JIT runs out of its budget for
    /// inlining and spills the accumulators around calls.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(float* a, nint lda, float* panel, int k, float* c, nint ldc, bool accumulate)
    {
        int width = V.Count;
        V zero = V.Constant(0);
        V c0x = zero, c0y = zero;
        V c1x = zero, c1y = zero;
        V c2x = zero, c2y = zero;
        V c3x = zero, c3y = zero;
        V c4x = zero, c4y = zero;
        V c5x = zero, c5y = zero;
        V c6x = zero, c6y = zero;
        V c7x = zero, c7y = zero;
        V c8x = zero, c8y = zero;
        V c9x = zero, c9y = zero;
        V c10x = zero, c10y = zero;
        V c11x = zero, c11y = zero;
        if (accumulate)
        {
            c0x = V.Load(c);
            c0y = V.Load(c + width);
            if (TRows.Count > 1)
            {
                c1x = V.Load(c + (1 * ldc));
                c1y = V.Load(c + (1 * ldc) + width);
            }

            if (TRows.Count > 2)
            {
                c2x = V.Load(c + (2 * ldc));
                c2y = V.Load(c + (2 * ldc) + width);
            }

            if (TRows.Count > 3)
            {
                c3x = V.Load(c + (3 * ldc));
                c3y = V.Load(c + (3 * ldc) + width);
            }

            if (TRows.Count > 4)
            {
                c4x = V.Load(c + (4 * ldc));
                c4y = V.Load(c + (4 * ldc) + width);
            }

            if (TRows.Count > 5)
            {
                c5x = V.Load(c + (5 * ldc));
                c5y = V.Load(c + (5 * ldc) + width);
            }

            if (TRows.Count > 6)
            {
                c6x = V.Load(c + (6 * ldc));
                c6y = V.Load(c + (6 * ldc) + width);
            }

            if (TRows.Count > 7)
            {
                c7x = V.Load(c + (7 * ldc));
                c7y = V.Load(c + (7 * ldc) + width);
            }

            if (TRows.Count > 8)
            {
                c8x = V.Load(c + (8 * ldc));
                c8y = V.Load(c + (8 * ldc) + width);
            }

            if (TRows.Count > 9)
            {
                c9x = V.Load(c + (9 * ldc));
                c9y = V.Load(c + (9 * ldc) + width);
            }

            if (TRows.Count > 10)
            {
                c10x = V.Load(c + (10 * ldc));
                c10y = V.Load(c + (10 * ldc) + width);
            }

            if (TRows.Count > 11)
            {
                c11x = V.Load(c + (11 * ldc));
                c11y = V.Load(c + (11 * ldc) + width);
            }
        }

        float* a3 = a + (3 * lda);
        float* a6 = a3 + (3 * lda);
        float* a9 = a6 + (3 * lda);
        for (int p = 0; p < k; p++)
        {
            V x = V.Load(panel);
            V y = V.Load(panel + width);
            panel += 2 * width;
            V s = V.Create(*a);
            c0x = V.Fma(s, x, c0x);
            c0y = V.Fma(s, y, c0y);
            if (TRows.Count > 1)
            {
                s = V.Create(a[lda]);
                c1x = V.Fma(s, x, c1x);
                c1y = V.Fma(s, y, c1y);
            }

            if (TRows.Count > 2)
            {
                s = V.Create(a[2 * lda]);
                c2x = V.Fma(s, x, c2x);
                c2y = V.Fma(s, y, c2y);
            }

            if (TRows.Count > 3)
            {
                s = V.Create(*a3);
                c3x = V.Fma(s, x, c3x);
                c3y = V.Fma(s, y, c3y);
            }

            if (TRows.Count > 4)
            {
                s = V.Create(a3[lda]);
                c4x = V.Fma(s, x, c4x);
                c4y = V.Fma(s, y, c4y);
            }

            if (TRows.Count > 5)
            {
                s = V.Create(a3[2 * lda]);
                c5x = V.Fma(s, x, c5x);
                c5y = V.Fma(s, y, c5y);
            }

            if (TRows.Count > 6)
            {
                s = V.Create(*a6);
                c6x = V.Fma(s, x, c6x);
                c6y = V.Fma(s, y, c6y);
            }

            if (TRows.Count > 7)
            {
                s = V.Create(a6[lda]);
                c7x = V.Fma(s, x, c7x);
                c7y = V.Fma(s, y, c7y);
            }

            if (TRows.Count > 8)
            {
                s = V.Create(a6[2 * lda]);
                c8x = V.Fma(s, x, c8x);
                c8y = V.Fma(s, y, c8y);
            }

            if (TRows.Count > 9)
            {
                s = V.Create(*a9);
                c9x = V.Fma(s, x, c9x);
                c9y = V.Fma(s, y, c9y);
            }

            if (TRows.Count > 10)
            {
                s = V.Create(a9[lda]);
                c10x = V.Fma(s, x, c10x);
                c10y = V.Fma(s, y, c10y);
            }

            if (TRows.Count > 11)
            {
                s = V.Create(a9[2 * lda]);
                c11x = V.Fma(s, x, c11x);
                c11y = V.Fma(s, y, c11y);
            }

            a++;
            a3++;
            a6++;
            a9++;
        }

        c0x.Store(c);
        c0y.Store(c + width);
        if (TRows.Count > 1)
        {
            c1x.Store(c + (1 * ldc));
            c1y.Store(c + (1 * ldc) + width);
        }

        if (TRows.Count > 2)
        {
            c2x.Store(c + (2 * ldc));
            c2y.Store(c + (2 * ldc) + width);
        }

        if (TRows.Count > 3)
        {
            c3x.Store(c + (3 * ldc));
            c3y.Store(c + (3 * ldc) + width);
        }

        if (TRows.Count > 4)
        {
            c4x.Store(c + (4 * ldc));
            c4y.Store(c + (4 * ldc) + width);
        }

        if (TRows.Count > 5)
        {
            c5x.Store(c + (5 * ldc));
            c5y.Store(c + (5 * ldc) + width);
        }

        if (TRows.Count > 6)
        {
            c6x.Store(c + (6 * ldc));
            c6y.Store(c + (6 * ldc) + width);
        }

        if (TRows.Count > 7)
        {
            c7x.Store(c + (7 * ldc));
            c7y.Store(c + (7 * ldc) + width);
        }

        if (TRows.Count > 8)
        {
            c8x.Store(c + (8 * ldc));
            c8y.Store(c + (8 * ldc) + width);
        }

        if (TRows.Count > 9)
        {
            c9x.Store(c + (9 * ldc));
            c9y.Store(c + (9 * ldc) + width);
        }

        if (TRows.Count > 10)
        {
            c10x.Store(c + (10 * ldc));
            c10y.Store(c + (10 * ldc) + width);
        }

        if (TRows.Count > 11)
        {
            c11x.Store(c + (11 * ldc));
            c11y.Store(c + (11 * ldc) + width);
        }
    }
}
