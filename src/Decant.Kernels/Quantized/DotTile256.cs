using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Decant.Kernels.Gemm;

namespace Decant.Kernels.Quantized;

/// <summary>
/// <see cref="DotTile{V, TDot, TRows}"/> for VPMADDWD of 256 bits, two groups at a time: where a processor's other thread is busy, each instruction
/// beside multiplications and additions counts.
/// </summary>
internal static unsafe class DotTile256<TRows>
    where TRows : struct, ICount
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(DotTask* task)
    {
        Vector256<int> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default;
        Vector256<int> c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default;
        nint stride = task->Stride, end = task->Groups * 4;
        Vector256<short>* panel = (Vector256<short>*)task->Panel;
        for (nint s = 0; s < task->StretchCount; s++)
        {
            byte* a0 = task->Stretches[s] + task->Offset, a1 = a0 + stride;
            byte* a2 = TRows.Count > 2 ? a1 + stride : null;
            byte* a3 = TRows.Count > 3 ? a2 + stride : null;
            byte* a4 = TRows.Count > 4 ? a3 + stride : null;
            byte* a5 = TRows.Count > 5 ? a4 + stride : null;
            Vector256<short> x, y;
            nint p = 0;
            for (; p < end - 4; p += 8)
            {
                x = panel[0];
                y = panel[1];
                Add(ref c00, ref c01, x, y, a0 + p);
                Add(ref c10, ref c11, x, y, a1 + p);
                if (TRows.Count > 2)
                    Add(ref c20, ref c21, x, y, a2 + p);
                if (TRows.Count > 3)
                    Add(ref c30, ref c31, x, y, a3 + p);
                if (TRows.Count > 4)
                    Add(ref c40, ref c41, x, y, a4 + p);
                if (TRows.Count > 5)
                    Add(ref c50, ref c51, x, y, a5 + p);
                x = panel[2];
                y = panel[3];
                Add(ref c00, ref c01, x, y, a0 + p + 4);
                Add(ref c10, ref c11, x, y, a1 + p + 4);
                if (TRows.Count > 2)
                    Add(ref c20, ref c21, x, y, a2 + p + 4);
                if (TRows.Count > 3)
                    Add(ref c30, ref c31, x, y, a3 + p + 4);
                if (TRows.Count > 4)
                    Add(ref c40, ref c41, x, y, a4 + p + 4);
                if (TRows.Count > 5)
                    Add(ref c50, ref c51, x, y, a5 + p + 4);
                panel += 4;
            }

            if (p == end)
                continue;
            x = panel[0];
            y = panel[1];
            Add(ref c00, ref c01, x, y, a0 + p);
            Add(ref c10, ref c11, x, y, a1 + p);
            if (TRows.Count > 2)
                Add(ref c20, ref c21, x, y, a2 + p);
            if (TRows.Count > 3)
                Add(ref c30, ref c31, x, y, a3 + p);
            if (TRows.Count > 4)
                Add(ref c40, ref c41, x, y, a4 + p);
            if (TRows.Count > 5)
                Add(ref c50, ref c51, x, y, a5 + p);
            panel += 2;
        }

        int* sums = task->Sums;
        nint sumStride = task->SumStride;
        Store(sums, c00, c01);
        Store(sums += sumStride, c10, c11);
        if (TRows.Count > 2)
            Store(sums += sumStride, c20, c21);
        if (TRows.Count > 3)
            Store(sums += sumStride, c30, c31);
        if (TRows.Count > 4)
            Store(sums += sumStride, c40, c41);
        if (TRows.Count > 5)
            Store(sums + sumStride, c50, c51);
    }

    /// <summary>The sums of one row of the tile, increased by the products of a group of A and a row of the panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref Vector256<int> c0, ref Vector256<int> c1, Vector256<short> x, Vector256<short> y, byte* group)
    {
        Vector256<short> a = Vector256.Create(*(int*)group).AsInt16();
        Vector256<int> s = Avx2.MultiplyAddAdjacent(a, x), t = Avx2.MultiplyAddAdjacent(a, y);
        c0 += s;
        c1 += t;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(int* sums, Vector256<int> c0, Vector256<int> c1)
    {
        c0.Store(sums);
        c1.Store(sums + Vector256<int>.Count);
    }
}
