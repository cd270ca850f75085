using System.Runtime.CompilerServices;
using Decant.Kernels.Gemm;

namespace Decant.Kernels.Quantized;

/// <summary>
/// One register tile: 2 to 6 rows by 2 registers of columns. 12 sums, 2 registers of B and one of A are 15 registers, of the 16 that the
/// dot-product instructions can name; twelve chains hide the latency of 5 cycles at 2 a cycle.
/// </summary>
internal static unsafe class DotTile<V, TDot, TRows>
    where V : unmanaged
    where TDot : struct, IDot<V>
    where TRows : struct, ICount
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(DotTask* task)
    {
        V c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default;
        V c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default;
        nint stride = task->Stride;
        byte* panel = task->Panel;
        nint end = task->Groups * 4;
        for (nint s = 0; s < task->StretchCount; s++)
        {
            byte* a0 = task->Stretches[s] + task->Offset;
            byte* a1 = TRows.Count > 1 ? a0 + stride : null;
            byte* a2 = TRows.Count > 2 ? a1 + stride : null;
            byte* a3 = TRows.Count > 3 ? a2 + stride : null;
            byte* a4 = TRows.Count > 4 ? a3 + stride : null;
            byte* a5 = TRows.Count > 5 ? a4 + stride : null;
            for (nint p = 0; p < end; p += 4)
            {
                V b0 = *(V*)panel, b1 = ((V*)panel)[1];
                panel += 2 * sizeof(V);
                V a = TDot.Broadcast(*(int*)(a0 + p));
                c00 = TDot.Dot(c00, a, b0);
                c01 = TDot.Dot(c01, a, b1);
                if (TRows.Count > 1)
                {
                    a = TDot.Broadcast(*(int*)(a1 + p));
                    c10 = TDot.Dot(c10, a, b0);
                    c11 = TDot.Dot(c11, a, b1);
                }

                if (TRows.Count > 2)
                {
                    a = TDot.Broadcast(*(int*)(a2 + p));
                    c20 = TDot.Dot(c20, a, b0);
                    c21 = TDot.Dot(c21, a, b1);
                }

                if (TRows.Count > 3)
                {
                    a = TDot.Broadcast(*(int*)(a3 + p));
                    c30 = TDot.Dot(c30, a, b0);
                    c31 = TDot.Dot(c31, a, b1);
                }

                if (TRows.Count > 4)
                {
                    a = TDot.Broadcast(*(int*)(a4 + p));
                    c40 = TDot.Dot(c40, a, b0);
                    c41 = TDot.Dot(c41, a, b1);
                }

                if (TRows.Count > 5)
                {
                    a = TDot.Broadcast(*(int*)(a5 + p));
                    c50 = TDot.Dot(c50, a, b0);
                    c51 = TDot.Dot(c51, a, b1);
                }
            }
        }

        int* sums = task->Sums;
        nint sumStride = task->SumStride;
        ((V*)sums)[0] = c00;
        ((V*)sums)[1] = c01;
        if (TRows.Count > 1)
        {
            sums += sumStride;
            ((V*)sums)[0] = c10;
            ((V*)sums)[1] = c11;
        }

        if (TRows.Count > 2)
        {
            sums += sumStride;
            ((V*)sums)[0] = c20;
            ((V*)sums)[1] = c21;
        }

        if (TRows.Count > 3)
        {
            sums += sumStride;
            ((V*)sums)[0] = c30;
            ((V*)sums)[1] = c31;
        }

        if (TRows.Count > 4)
        {
            sums += sumStride;
            ((V*)sums)[0] = c40;
            ((V*)sums)[1] = c41;
        }

        if (TRows.Count > 5)
        {
            sums += sumStride;
            ((V*)sums)[0] = c50;
            ((V*)sums)[1] = c51;
        }
    }
}
