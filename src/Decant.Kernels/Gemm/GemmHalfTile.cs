using System.Runtime.CompilerServices;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Gemm;

/// <summary>
/// <see cref="GemmTile{V, TRows}"/> of the first of the two registers of columns, for the last panel of a matrix that has no
/// columns in the second.
/// </summary>
internal static unsafe class GemmHalfTile<V, TRows>
    where V : struct, ILanes<V, float>
    where TRows : struct, IRows
{
    /// <summary>C[rows, V] = (accumulate ? C : 0) + A[rows, k]·panel[k, first V of 2V], as <see cref="GemmTile{V, TRows}.Run"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(float* a, nint lda, float* panel, int k, float* c, nint ldc, bool accumulate)
    {
        int width = V.Count;
        V zero = V.Constant(0);
        V c0 = zero;
        V c1 = zero;
        V c2 = zero;
        V c3 = zero;
        V c4 = zero;
        V c5 = zero;
        V c6 = zero;
        V c7 = zero;
        V c8 = zero;
        V c9 = zero;
        V c10 = zero;
        V c11 = zero;
        if (accumulate)
        {
            c0 = V.Load(c);
            if (TRows.Count > 1)
                c1 = V.Load(c + (1 * ldc));
            if (TRows.Count > 2)
                c2 = V.Load(c + (2 * ldc));
            if (TRows.Count > 3)
                c3 = V.Load(c + (3 * ldc));
            if (TRows.Count > 4)
                c4 = V.Load(c + (4 * ldc));
            if (TRows.Count > 5)
                c5 = V.Load(c + (5 * ldc));
            if (TRows.Count > 6)
                c6 = V.Load(c + (6 * ldc));
            if (TRows.Count > 7)
                c7 = V.Load(c + (7 * ldc));
            if (TRows.Count > 8)
                c8 = V.Load(c + (8 * ldc));
            if (TRows.Count > 9)
                c9 = V.Load(c + (9 * ldc));
            if (TRows.Count > 10)
                c10 = V.Load(c + (10 * ldc));
            if (TRows.Count > 11)
                c11 = V.Load(c + (11 * ldc));
        }

        float* a3 = a + (3 * lda);
        float* a6 = a3 + (3 * lda);
        float* a9 = a6 + (3 * lda);
        for (int p = 0; p < k; p++)
        {
            V x = V.Load(panel);
            panel += 2 * width;
            V s = V.Create(*a);
            c0 = V.Fma(s, x, c0);
            if (TRows.Count > 1)
            {
                s = V.Create(a[lda]);
                c1 = V.Fma(s, x, c1);
            }

            if (TRows.Count > 2)
            {
                s = V.Create(a[2 * lda]);
                c2 = V.Fma(s, x, c2);
            }

            if (TRows.Count > 3)
            {
                s = V.Create(*a3);
                c3 = V.Fma(s, x, c3);
            }

            if (TRows.Count > 4)
            {
                s = V.Create(a3[lda]);
                c4 = V.Fma(s, x, c4);
            }

            if (TRows.Count > 5)
            {
                s = V.Create(a3[2 * lda]);
                c5 = V.Fma(s, x, c5);
            }

            if (TRows.Count > 6)
            {
                s = V.Create(*a6);
                c6 = V.Fma(s, x, c6);
            }

            if (TRows.Count > 7)
            {
                s = V.Create(a6[lda]);
                c7 = V.Fma(s, x, c7);
            }

            if (TRows.Count > 8)
            {
                s = V.Create(a6[2 * lda]);
                c8 = V.Fma(s, x, c8);
            }

            if (TRows.Count > 9)
            {
                s = V.Create(*a9);
                c9 = V.Fma(s, x, c9);
            }

            if (TRows.Count > 10)
            {
                s = V.Create(a9[lda]);
                c10 = V.Fma(s, x, c10);
            }

            if (TRows.Count > 11)
            {
                s = V.Create(a9[2 * lda]);
                c11 = V.Fma(s, x, c11);
            }

            a++;
            a3++;
            a6++;
            a9++;
        }

        c0.Store(c);
        if (TRows.Count > 1)
            c1.Store(c + (1 * ldc));

        if (TRows.Count > 2)
            c2.Store(c + (2 * ldc));

        if (TRows.Count > 3)
            c3.Store(c + (3 * ldc));

        if (TRows.Count > 4)
            c4.Store(c + (4 * ldc));

        if (TRows.Count > 5)
            c5.Store(c + (5 * ldc));

        if (TRows.Count > 6)
            c6.Store(c + (6 * ldc));

        if (TRows.Count > 7)
            c7.Store(c + (7 * ldc));

        if (TRows.Count > 8)
            c8.Store(c + (8 * ldc));

        if (TRows.Count > 9)
            c9.Store(c + (9 * ldc));

        if (TRows.Count > 10)
            c10.Store(c + (10 * ldc));

        if (TRows.Count > 11)
            c11.Store(c + (11 * ldc));
    }
}
