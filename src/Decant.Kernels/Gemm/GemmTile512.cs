using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Kernels.Gemm;

/// <summary>
/// Register tiles for AVX-512, one after another: up to 6 rows by 4 registers of columns. Six rows need few broadcasts, and few pointers, for as many
/// multiply-adds; what the type's counts leave out vanishes when the JIT specialises it. Each accumulator is a named local of the register's own
/// type: an array would live in memory, and with a type around it the JIT runs out of locals while it inlines, and calls what is left.
/// </summary>
internal static unsafe class GemmTile512<TRows, TColumns>
    where TRows : struct, ICount
    where TColumns : struct, ICount
{
    private const int Lanes = 16;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(TileTask* task)
    {
        nint stride = task->Stride;
        float* next = task->Next;
        for (nint tile = 0; tile < task->Tiles; tile++)
        {
            Vector512<float> c00 = default, c01 = default, c02 = default, c03 = default;
            Vector512<float> c10 = default, c11 = default, c12 = default, c13 = default;
            Vector512<float> c20 = default, c21 = default, c22 = default, c23 = default;
            Vector512<float> c30 = default, c31 = default, c32 = default, c33 = default;
            Vector512<float> c40 = default, c41 = default, c42 = default, c43 = default;
            Vector512<float> c50 = default, c51 = default, c52 = default, c53 = default;
            nint at = task->Targets[tile];
            if (task->Finish.Bias != null)
            {
                float* bias = task->Finish.Bias;
                Vector512<float> m0 = Mask(task, 0), m1 = Mask(task, 1), m2 = Mask(task, 2), m3 = Mask(task, 3);
                Vector512<float> d0 = Avx512F.MaskLoad(bias, m0, Vector512<float>.Zero), d1 = Avx512F.MaskLoad(bias + Lanes, m1, Vector512<float>.Zero);
                Vector512<float> d2 = Avx512F.MaskLoad(bias + (2 * Lanes), m2, Vector512<float>.Zero), d3 = Avx512F.MaskLoad(bias + (3 * Lanes), m3, Vector512<float>.Zero);
                c00 = d0; c01 = d1; c02 = d2; c03 = d3;
                c10 = d0; c11 = d1; c12 = d2; c13 = d3;
                c20 = d0; c21 = d1; c22 = d2; c23 = d3;
                c30 = d0; c31 = d1; c32 = d2; c33 = d3;
                c40 = d0; c41 = d1; c42 = d2; c43 = d3;
                c50 = d0; c51 = d1; c52 = d2; c53 = d3;
            }

            if (task->Start != null)
            {
                Vector512<float> m0 = Mask(task, 0), m1 = Mask(task, 1), m2 = Mask(task, 2), m3 = Mask(task, 3);
                float* start = task->Start + at;
                c00 += Avx512F.MaskLoad(start, m0, Vector512<float>.Zero); c01 += Avx512F.MaskLoad(start + Lanes, m1, Vector512<float>.Zero); c02 += Avx512F.MaskLoad(start + (2 * Lanes), m2, Vector512<float>.Zero); c03 += Avx512F.MaskLoad(start + (3 * Lanes), m3, Vector512<float>.Zero);

                if (TRows.Count > 1)
                {
                    start += stride;
                    c10 += Avx512F.MaskLoad(start, m0, Vector512<float>.Zero); c11 += Avx512F.MaskLoad(start + Lanes, m1, Vector512<float>.Zero); c12 += Avx512F.MaskLoad(start + (2 * Lanes), m2, Vector512<float>.Zero); c13 += Avx512F.MaskLoad(start + (3 * Lanes), m3, Vector512<float>.Zero);
                }

                if (TRows.Count > 2)
                {
                    start += stride;
                    c20 += Avx512F.MaskLoad(start, m0, Vector512<float>.Zero); c21 += Avx512F.MaskLoad(start + Lanes, m1, Vector512<float>.Zero); c22 += Avx512F.MaskLoad(start + (2 * Lanes), m2, Vector512<float>.Zero); c23 += Avx512F.MaskLoad(start + (3 * Lanes), m3, Vector512<float>.Zero);
                }

                if (TRows.Count > 3)
                {
                    start += stride;
                    c30 += Avx512F.MaskLoad(start, m0, Vector512<float>.Zero); c31 += Avx512F.MaskLoad(start + Lanes, m1, Vector512<float>.Zero); c32 += Avx512F.MaskLoad(start + (2 * Lanes), m2, Vector512<float>.Zero); c33 += Avx512F.MaskLoad(start + (3 * Lanes), m3, Vector512<float>.Zero);
                }

                if (TRows.Count > 4)
                {
                    start += stride;
                    c40 += Avx512F.MaskLoad(start, m0, Vector512<float>.Zero); c41 += Avx512F.MaskLoad(start + Lanes, m1, Vector512<float>.Zero); c42 += Avx512F.MaskLoad(start + (2 * Lanes), m2, Vector512<float>.Zero); c43 += Avx512F.MaskLoad(start + (3 * Lanes), m3, Vector512<float>.Zero);
                }

                if (TRows.Count > 5)
                {
                    start += stride;
                    c50 += Avx512F.MaskLoad(start, m0, Vector512<float>.Zero); c51 += Avx512F.MaskLoad(start + Lanes, m1, Vector512<float>.Zero); c52 += Avx512F.MaskLoad(start + (2 * Lanes), m2, Vector512<float>.Zero); c53 += Avx512F.MaskLoad(start + (3 * Lanes), m3, Vector512<float>.Zero);
                }
            }

            float** rows = task->Rows + (tile * task->TilePointers);
            float* panel = task->Panel;
            nint run = task->Run, step = task->Step;
            for (int segment = task->Segments; segment > 0; segment--)
            {
                float* a0 = rows[0];
                float* a1 = TRows.Count > 1 ? rows[1] : null;
                float* a2 = TRows.Count > 2 ? rows[2] : null;
                float* a3 = TRows.Count > 3 ? rows[3] : null;
                float* a4 = TRows.Count > 4 ? rows[4] : null;
                float* a5 = TRows.Count > 5 ? rows[5] : null;
                rows += GemmKernel.PointerRows;
                if (task->Next == null)
                    next = a0 + task->Ahead;
                for (nint p = 0; p < run; p++)
                {
                    Sse.Prefetch0(next);
                    next += step;
                    Vector512<float> b0 = Vector512.Load(panel);
                    Vector512<float> b1 = TColumns.Count > 1 ? Vector512.Load(panel + Lanes) : default;
                    Vector512<float> b2 = TColumns.Count > 2 ? Vector512.Load(panel + (2 * Lanes)) : default;
                    Vector512<float> b3 = TColumns.Count > 3 ? Vector512.Load(panel + (3 * Lanes)) : default;
                    panel += TColumns.Count * Lanes;
                    Vector512<float> s = Vector512.Create(a0[p]);
                    c00 = Vector512.FusedMultiplyAdd(b0, s, c00);
                    if (TColumns.Count > 1)
                        c01 = Vector512.FusedMultiplyAdd(b1, s, c01);
                    if (TColumns.Count > 2)
                        c02 = Vector512.FusedMultiplyAdd(b2, s, c02);
                    if (TColumns.Count > 3)
                        c03 = Vector512.FusedMultiplyAdd(b3, s, c03);

                    if (TRows.Count > 1)
                    {
                        s = Vector512.Create(a1[p]);
                        c10 = Vector512.FusedMultiplyAdd(b0, s, c10);
                        if (TColumns.Count > 1)
                            c11 = Vector512.FusedMultiplyAdd(b1, s, c11);
                        if (TColumns.Count > 2)
                            c12 = Vector512.FusedMultiplyAdd(b2, s, c12);
                        if (TColumns.Count > 3)
                            c13 = Vector512.FusedMultiplyAdd(b3, s, c13);
                    }

                    if (TRows.Count > 2)
                    {
                        s = Vector512.Create(a2[p]);
                        c20 = Vector512.FusedMultiplyAdd(b0, s, c20);
                        if (TColumns.Count > 1)
                            c21 = Vector512.FusedMultiplyAdd(b1, s, c21);
                        if (TColumns.Count > 2)
                            c22 = Vector512.FusedMultiplyAdd(b2, s, c22);
                        if (TColumns.Count > 3)
                            c23 = Vector512.FusedMultiplyAdd(b3, s, c23);
                    }

                    if (TRows.Count > 3)
                    {
                        s = Vector512.Create(a3[p]);
                        c30 = Vector512.FusedMultiplyAdd(b0, s, c30);
                        if (TColumns.Count > 1)
                            c31 = Vector512.FusedMultiplyAdd(b1, s, c31);
                        if (TColumns.Count > 2)
                            c32 = Vector512.FusedMultiplyAdd(b2, s, c32);
                        if (TColumns.Count > 3)
                            c33 = Vector512.FusedMultiplyAdd(b3, s, c33);
                    }

                    if (TRows.Count > 4)
                    {
                        s = Vector512.Create(a4[p]);
                        c40 = Vector512.FusedMultiplyAdd(b0, s, c40);
                        if (TColumns.Count > 1)
                            c41 = Vector512.FusedMultiplyAdd(b1, s, c41);
                        if (TColumns.Count > 2)
                            c42 = Vector512.FusedMultiplyAdd(b2, s, c42);
                        if (TColumns.Count > 3)
                            c43 = Vector512.FusedMultiplyAdd(b3, s, c43);
                    }

                    if (TRows.Count > 5)
                    {
                        s = Vector512.Create(a5[p]);
                        c50 = Vector512.FusedMultiplyAdd(b0, s, c50);
                        if (TColumns.Count > 1)
                            c51 = Vector512.FusedMultiplyAdd(b1, s, c51);
                        if (TColumns.Count > 2)
                            c52 = Vector512.FusedMultiplyAdd(b2, s, c52);
                        if (TColumns.Count > 3)
                            c53 = Vector512.FusedMultiplyAdd(b3, s, c53);
                    }
                }
            }

            if (task->Residual != null)
            {
                Vector512<float> m0 = Mask(task, 0), m1 = Mask(task, 1), m2 = Mask(task, 2), m3 = Mask(task, 3);
                float* residual = task->Residual + at;
                c00 += Avx512F.MaskLoad(residual, m0, Vector512<float>.Zero); c01 += Avx512F.MaskLoad(residual + Lanes, m1, Vector512<float>.Zero); c02 += Avx512F.MaskLoad(residual + (2 * Lanes), m2, Vector512<float>.Zero); c03 += Avx512F.MaskLoad(residual + (3 * Lanes), m3, Vector512<float>.Zero);

                if (TRows.Count > 1)
                {
                    residual += stride;
                    c10 += Avx512F.MaskLoad(residual, m0, Vector512<float>.Zero); c11 += Avx512F.MaskLoad(residual + Lanes, m1, Vector512<float>.Zero); c12 += Avx512F.MaskLoad(residual + (2 * Lanes), m2, Vector512<float>.Zero); c13 += Avx512F.MaskLoad(residual + (3 * Lanes), m3, Vector512<float>.Zero);
                }

                if (TRows.Count > 2)
                {
                    residual += stride;
                    c20 += Avx512F.MaskLoad(residual, m0, Vector512<float>.Zero); c21 += Avx512F.MaskLoad(residual + Lanes, m1, Vector512<float>.Zero); c22 += Avx512F.MaskLoad(residual + (2 * Lanes), m2, Vector512<float>.Zero); c23 += Avx512F.MaskLoad(residual + (3 * Lanes), m3, Vector512<float>.Zero);
                }

                if (TRows.Count > 3)
                {
                    residual += stride;
                    c30 += Avx512F.MaskLoad(residual, m0, Vector512<float>.Zero); c31 += Avx512F.MaskLoad(residual + Lanes, m1, Vector512<float>.Zero); c32 += Avx512F.MaskLoad(residual + (2 * Lanes), m2, Vector512<float>.Zero); c33 += Avx512F.MaskLoad(residual + (3 * Lanes), m3, Vector512<float>.Zero);
                }

                if (TRows.Count > 4)
                {
                    residual += stride;
                    c40 += Avx512F.MaskLoad(residual, m0, Vector512<float>.Zero); c41 += Avx512F.MaskLoad(residual + Lanes, m1, Vector512<float>.Zero); c42 += Avx512F.MaskLoad(residual + (2 * Lanes), m2, Vector512<float>.Zero); c43 += Avx512F.MaskLoad(residual + (3 * Lanes), m3, Vector512<float>.Zero);
                }

                if (TRows.Count > 5)
                {
                    residual += stride;
                    c50 += Avx512F.MaskLoad(residual, m0, Vector512<float>.Zero); c51 += Avx512F.MaskLoad(residual + Lanes, m1, Vector512<float>.Zero); c52 += Avx512F.MaskLoad(residual + (2 * Lanes), m2, Vector512<float>.Zero); c53 += Avx512F.MaskLoad(residual + (3 * Lanes), m3, Vector512<float>.Zero);
                }
            }

            // Of a comparison with NaN both of these give the second operand.
            if (task->Finish.Activation != Activation.None)
            {
                Vector512<float> low = Vector512.Create(task->Finish.Low);
                c00 = Avx512F.Max(low, c00); c01 = Avx512F.Max(low, c01); c02 = Avx512F.Max(low, c02); c03 = Avx512F.Max(low, c03);
                c10 = Avx512F.Max(low, c10); c11 = Avx512F.Max(low, c11); c12 = Avx512F.Max(low, c12); c13 = Avx512F.Max(low, c13);
                c20 = Avx512F.Max(low, c20); c21 = Avx512F.Max(low, c21); c22 = Avx512F.Max(low, c22); c23 = Avx512F.Max(low, c23);
                c30 = Avx512F.Max(low, c30); c31 = Avx512F.Max(low, c31); c32 = Avx512F.Max(low, c32); c33 = Avx512F.Max(low, c33);
                c40 = Avx512F.Max(low, c40); c41 = Avx512F.Max(low, c41); c42 = Avx512F.Max(low, c42); c43 = Avx512F.Max(low, c43);
                c50 = Avx512F.Max(low, c50); c51 = Avx512F.Max(low, c51); c52 = Avx512F.Max(low, c52); c53 = Avx512F.Max(low, c53);
            }

            if (task->Finish.IsBounded)
            {
                Vector512<float> high = Vector512.Create(task->Finish.High);
                c00 = Avx512F.Min(high, c00); c01 = Avx512F.Min(high, c01); c02 = Avx512F.Min(high, c02); c03 = Avx512F.Min(high, c03);
                c10 = Avx512F.Min(high, c10); c11 = Avx512F.Min(high, c11); c12 = Avx512F.Min(high, c12); c13 = Avx512F.Min(high, c13);
                c20 = Avx512F.Min(high, c20); c21 = Avx512F.Min(high, c21); c22 = Avx512F.Min(high, c22); c23 = Avx512F.Min(high, c23);
                c30 = Avx512F.Min(high, c30); c31 = Avx512F.Min(high, c31); c32 = Avx512F.Min(high, c32); c33 = Avx512F.Min(high, c33);
                c40 = Avx512F.Min(high, c40); c41 = Avx512F.Min(high, c41); c42 = Avx512F.Min(high, c42); c43 = Avx512F.Min(high, c43);
                c50 = Avx512F.Min(high, c50); c51 = Avx512F.Min(high, c51); c52 = Avx512F.Min(high, c52); c53 = Avx512F.Min(high, c53);
            }

            float* c = task->C + at;
            if (task->Columns == TColumns.Count * Lanes)
            {
                Store(c, c00, c01, c02, c03);
                if (TRows.Count > 1)
                    Store(c + stride, c10, c11, c12, c13);
                if (TRows.Count > 2)
                    Store(c + (2 * stride), c20, c21, c22, c23);
                if (TRows.Count > 3)
                    Store(c + (3 * stride), c30, c31, c32, c33);
                if (TRows.Count > 4)
                    Store(c + (4 * stride), c40, c41, c42, c43);
                if (TRows.Count > 5)
                    Store(c + (5 * stride), c50, c51, c52, c53);
            }
            else
            {
                Vector512<float> m0 = Mask(task, 0), m1 = Mask(task, 1), m2 = Mask(task, 2), m3 = Mask(task, 3);
                Avx512F.MaskStore(c, m0, c00); Avx512F.MaskStore(c + Lanes, m1, c01); Avx512F.MaskStore(c + (2 * Lanes), m2, c02); Avx512F.MaskStore(c + (3 * Lanes), m3, c03);

                if (TRows.Count > 1)
                {
                    c += stride;
                    Avx512F.MaskStore(c, m0, c10); Avx512F.MaskStore(c + Lanes, m1, c11); Avx512F.MaskStore(c + (2 * Lanes), m2, c12); Avx512F.MaskStore(c + (3 * Lanes), m3, c13);
                }

                if (TRows.Count > 2)
                {
                    c += stride;
                    Avx512F.MaskStore(c, m0, c20); Avx512F.MaskStore(c + Lanes, m1, c21); Avx512F.MaskStore(c + (2 * Lanes), m2, c22); Avx512F.MaskStore(c + (3 * Lanes), m3, c23);
                }

                if (TRows.Count > 3)
                {
                    c += stride;
                    Avx512F.MaskStore(c, m0, c30); Avx512F.MaskStore(c + Lanes, m1, c31); Avx512F.MaskStore(c + (2 * Lanes), m2, c32); Avx512F.MaskStore(c + (3 * Lanes), m3, c33);
                }

                if (TRows.Count > 4)
                {
                    c += stride;
                    Avx512F.MaskStore(c, m0, c40); Avx512F.MaskStore(c + Lanes, m1, c41); Avx512F.MaskStore(c + (2 * Lanes), m2, c42); Avx512F.MaskStore(c + (3 * Lanes), m3, c43);
                }

                if (TRows.Count > 5)
                {
                    c += stride;
                    Avx512F.MaskStore(c, m0, c50); Avx512F.MaskStore(c + Lanes, m1, c51); Avx512F.MaskStore(c + (2 * Lanes), m2, c52); Avx512F.MaskStore(c + (3 * Lanes), m3, c53);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* c, Vector512<float> c0, Vector512<float> c1, Vector512<float> c2, Vector512<float> c3)
    {
        c0.Store(c);
        if (TColumns.Count > 1)
            c1.Store(c + Lanes);
        if (TColumns.Count > 2)
            c2.Store(c + (2 * Lanes));
        if (TColumns.Count > 3)
            c3.Store(c + (3 * Lanes));
    }

    /// <summary>All bits set in the lanes of a register of columns that exist.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Mask(TileTask* task, int register) =>
        Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(task->Columns - (register * Lanes))).AsSingle();
}
