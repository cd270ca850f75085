using System.Runtime.CompilerServices;
using Decant.Kernels.Gemm;

namespace Decant.Kernels.Quantized;

/// <summary>
/// One register tile of a single register of columns, for products of few: 2 to 12 rows. 12 sums, a register of B and one of A are as many chains as in
/// <see cref="DotTile{V, TDot, TRows}"/>, and half of its columns would be nothing but padding. Four rows share a pointer, as there are not 12 to spare.
/// </summary>
internal static unsafe class DotNarrowTile<V, TDot, TRows>
    where V : unmanaged
    where TDot : struct, IDot<V>
    where TRows : struct, ICount
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(DotTask* task)
    {
        V c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default;
        V c6 = default, c7 = default, c8 = default, c9 = default, c10 = default, c11 = default;
        nint stride = task->Stride, three = 3 * stride;
        V* panel = (V*)task->Panel;
        for (nint s = 0; s < task->StretchCount; s++)
        {
            byte* a0 = task->Stretches[s] + task->Offset, a4 = a0 + (4 * stride), a8 = a4 + (4 * stride);
            for (V* end = panel + task->Groups; panel < end; panel++, a0 += 4, a4 += 4, a8 += 4)
            {
                V b = *panel;
                c0 = TDot.Dot(c0, TDot.Broadcast(*(int*)a0), b);
                c1 = TDot.Dot(c1, TDot.Broadcast(*(int*)(a0 + stride)), b);
                if (TRows.Count > 2)
                    c2 = TDot.Dot(c2, TDot.Broadcast(*(int*)(a0 + (2 * stride))), b);
                if (TRows.Count > 3)
                    c3 = TDot.Dot(c3, TDot.Broadcast(*(int*)(a0 + three)), b);
                if (TRows.Count > 4)
                    c4 = TDot.Dot(c4, TDot.Broadcast(*(int*)a4), b);
                if (TRows.Count > 5)
                    c5 = TDot.Dot(c5, TDot.Broadcast(*(int*)(a4 + stride)), b);
                if (TRows.Count > 6)
                    c6 = TDot.Dot(c6, TDot.Broadcast(*(int*)(a4 + (2 * stride))), b);
                if (TRows.Count > 7)
                    c7 = TDot.Dot(c7, TDot.Broadcast(*(int*)(a4 + three)), b);
                if (TRows.Count > 8)
                    c8 = TDot.Dot(c8, TDot.Broadcast(*(int*)a8), b);
                if (TRows.Count > 9)
                    c9 = TDot.Dot(c9, TDot.Broadcast(*(int*)(a8 + stride)), b);
                if (TRows.Count > 10)
                    c10 = TDot.Dot(c10, TDot.Broadcast(*(int*)(a8 + (2 * stride))), b);
                if (TRows.Count > 11)
                    c11 = TDot.Dot(c11, TDot.Broadcast(*(int*)(a8 + three)), b);
            }
        }

        int* sums = task->Sums;
        nint sumStride = task->SumStride;
        *(V*)sums = c0;
        *(V*)(sums += sumStride) = c1;
        if (TRows.Count > 2)
            *(V*)(sums += sumStride) = c2;
        if (TRows.Count > 3)
            *(V*)(sums += sumStride) = c3;
        if (TRows.Count > 4)
            *(V*)(sums += sumStride) = c4;
        if (TRows.Count > 5)
            *(V*)(sums += sumStride) = c5;
        if (TRows.Count > 6)
            *(V*)(sums += sumStride) = c6;
        if (TRows.Count > 7)
            *(V*)(sums += sumStride) = c7;
        if (TRows.Count > 8)
            *(V*)(sums += sumStride) = c8;
        if (TRows.Count > 9)
            *(V*)(sums += sumStride) = c9;
        if (TRows.Count > 10)
            *(V*)(sums += sumStride) = c10;
        if (TRows.Count > 11)
            *(V*)(sums + sumStride) = c11;
    }

    /// <summary>A single row, whose sums are split over four steps of the loop, as in <see cref="DotRow{V, TDot}"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Row(DotTask* task)
    {
        const int Steps = 4;
        V c0 = default, c1 = default, c2 = default, c3 = default;
        V* panel = (V*)task->Panel;
        for (nint s = 0; s < task->StretchCount; s++)
        {
            byte* row = task->Stretches[s] + task->Offset;
            V* end = panel + task->Groups;
            for (; end - panel >= Steps; row += 4 * Steps, panel += Steps)
            {
                c0 = TDot.Dot(c0, TDot.Broadcast(*(int*)row), panel[0]);
                c1 = TDot.Dot(c1, TDot.Broadcast(((int*)row)[1]), panel[1]);
                c2 = TDot.Dot(c2, TDot.Broadcast(((int*)row)[2]), panel[2]);
                c3 = TDot.Dot(c3, TDot.Broadcast(((int*)row)[3]), panel[3]);
            }

            for (; panel < end; row += 4, panel++)
                c0 = TDot.Dot(c0, TDot.Broadcast(*(int*)row), *panel);
        }

        *(V*)task->Sums = TDot.Add(TDot.Add(c0, c1), TDot.Add(c2, c3));
    }
}
