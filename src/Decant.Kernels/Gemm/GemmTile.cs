using System.Runtime.CompilerServices;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Gemm;

/// <summary>
/// Register tiles of any width, one after another: up to 6 rows by two registers of columns. Each accumulator is a named local, since an array of them
/// would live in memory; rows beyond TRows.Count vanish when the JIT specialises the type.
/// </summary>
internal static unsafe class GemmTile<V, TRows, TColumns>
    where V : struct, ILanes<V, float>
    where TRows : struct, ICount
    where TColumns : struct, ICount
{
    /// <summary>Residual and activation are <see cref="GemmFinish"/>'s: with them here the JIT runs out of locals and calls the operations.</summary>
    public static void Run(TileTask* task)
    {
        int width = TColumns.Count * V.Count;
        float* start = stackalloc float[width * TRows.Count], sums = stackalloc float[width * TRows.Count];
        float* bias = task->Finish.Bias;
        TileFinish finish = task->Finish.Part(isFirst: false, isLast: true);
        for (nint tile = 0; tile < task->Tiles; tile++)
        {
            nint at = task->Targets[tile];
            float** rows = task->Rows + (tile * task->TilePointers);
            if (task->Columns == width && task->Residual == null && (bias == null || task->Start == null))
            {
                Multiply(task, rows, task->Start == null ? bias : task->Start + at, task->Start == null ? 0 : task->Stride, task->C + at, task->Stride);
                if (!finish.IsNothing)
                    GemmFinish.Run(task->C + at, task->Stride, TRows.Count, width, finish);
                continue;
            }

            for (int r = 0; r < TRows.Count; r++)
            {
                for (int j = 0; j < task->Columns; j++)
                    start[(r * width) + j] = (bias == null ? 0 : bias[j]) + (task->Start == null ? 0 : task->Start[at + (r * task->Stride) + j]);
            }

            Multiply(task, rows, start, width, sums, width);
            for (int r = 0; r < TRows.Count; r++, at += task->Stride)
                GemmFinish.Row(sums + (r * width), task->Residual == null ? null : task->Residual + at, task->C + at, task->Columns, finish);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Multiply(TileTask* task, float** rows, float* start, nint startStride, float* c, nint stride)
    {
        V zero = V.Constant(0);
        V c00 = zero, c01 = zero;
        V c10 = zero, c11 = zero;
        V c20 = zero, c21 = zero;
        V c30 = zero, c31 = zero;
        V c40 = zero, c41 = zero;
        V c50 = zero, c51 = zero;
        if (start != null)
        {
            c00 = V.Load(start);
            if (TColumns.Count > 1)
                c01 = V.Load(start + V.Count);

            if (TRows.Count > 1)
            {
                start += startStride;
                c10 = V.Load(start);
                if (TColumns.Count > 1)
                    c11 = V.Load(start + V.Count);
            }

            if (TRows.Count > 2)
            {
                start += startStride;
                c20 = V.Load(start);
                if (TColumns.Count > 1)
                    c21 = V.Load(start + V.Count);
            }

            if (TRows.Count > 3)
            {
                start += startStride;
                c30 = V.Load(start);
                if (TColumns.Count > 1)
                    c31 = V.Load(start + V.Count);
            }

            if (TRows.Count > 4)
            {
                start += startStride;
                c40 = V.Load(start);
                if (TColumns.Count > 1)
                    c41 = V.Load(start + V.Count);
            }

            if (TRows.Count > 5)
            {
                start += startStride;
                c50 = V.Load(start);
                if (TColumns.Count > 1)
                    c51 = V.Load(start + V.Count);
            }
        }

        float* panel = task->Panel;
        nint run = task->Run;
        for (int segment = task->Segments; segment > 0; segment--)
        {
            float* a0 = rows[0];
            float* a1 = TRows.Count > 1 ? rows[1] : null;
            float* a2 = TRows.Count > 2 ? rows[2] : null;
            float* a3 = TRows.Count > 3 ? rows[3] : null;
            float* a4 = TRows.Count > 4 ? rows[4] : null;
            float* a5 = TRows.Count > 5 ? rows[5] : null;
            rows += GemmKernel.PointerRows;
            for (nint p = 0; p < run; p++)
            {
                V x = V.Load(panel);
                V y = TColumns.Count > 1 ? V.Load(panel + V.Count) : zero;
                panel += TColumns.Count * V.Count;
                V s = V.Create(a0[p]);
                c00 = V.Fma(x, s, c00);
                if (TColumns.Count > 1)
                    c01 = V.Fma(y, s, c01);

                if (TRows.Count > 1)
                {
                    s = V.Create(a1[p]);
                    c10 = V.Fma(x, s, c10);
                    if (TColumns.Count > 1)
                        c11 = V.Fma(y, s, c11);
                }

                if (TRows.Count > 2)
                {
                    s = V.Create(a2[p]);
                    c20 = V.Fma(x, s, c20);
                    if (TColumns.Count > 1)
                        c21 = V.Fma(y, s, c21);
                }

                if (TRows.Count > 3)
                {
                    s = V.Create(a3[p]);
                    c30 = V.Fma(x, s, c30);
                    if (TColumns.Count > 1)
                        c31 = V.Fma(y, s, c31);
                }

                if (TRows.Count > 4)
                {
                    s = V.Create(a4[p]);
                    c40 = V.Fma(x, s, c40);
                    if (TColumns.Count > 1)
                        c41 = V.Fma(y, s, c41);
                }

                if (TRows.Count > 5)
                {
                    s = V.Create(a5[p]);
                    c50 = V.Fma(x, s, c50);
                    if (TColumns.Count > 1)
                        c51 = V.Fma(y, s, c51);
                }
            }
        }

        c00.Store(c);
        if (TColumns.Count > 1)
            c01.Store(c + V.Count);

        if (TRows.Count > 1)
        {
            c += stride;
            c10.Store(c);
            if (TColumns.Count > 1)
                c11.Store(c + V.Count);
        }

        if (TRows.Count > 2)
        {
            c += stride;
            c20.Store(c);
            if (TColumns.Count > 1)
                c21.Store(c + V.Count);
        }

        if (TRows.Count > 3)
        {
            c += stride;
            c30.Store(c);
            if (TColumns.Count > 1)
                c31.Store(c + V.Count);
        }

        if (TRows.Count > 4)
        {
            c += stride;
            c40.Store(c);
            if (TColumns.Count > 1)
                c41.Store(c + V.Count);
        }

        if (TRows.Count > 5)
        {
            c += stride;
            c50.Store(c);
            if (TColumns.Count > 1)
                c51.Store(c + V.Count);
        }
    }
}
