namespace Decant.Kernels.Gemm;

/// <summary>The tile contract in plain loops: rows by one register of 16 columns.</summary>
internal static unsafe class GemmScalarTile<TRows>
    where TRows : struct, ICount
{
    public const int Width = 16;

    public static void Run(TileTask* task)
    {
        float* sums = stackalloc float[Width];
        for (nint tile = 0; tile < task->Tiles; tile++)
        {
            nint at = task->Targets[tile];
            for (int r = 0; r < TRows.Count; r++, at += task->Stride)
            {
                for (int j = 0; j < task->Columns; j++)
                    sums[j] = Sum(task, task->Rows + (tile * task->TilePointers) + r, task->Panel + j, (task->Finish.Bias == null ? 0 : task->Finish.Bias[j]) + (task->Start == null ? 0 : task->Start[at + j]));
                GemmFinish.Row(sums, task->Residual == null ? null : task->Residual + at, task->C + at, task->Columns, task->Finish.Part(isFirst: false, isLast: true));
            }
        }
    }

    /// <summary>One sum: of a row of A, its segments' pointers given, with a column of the panel.</summary>
    private static float Sum(TileTask* task, float** row, float* b, float sum)
    {
        for (int segment = 0; segment < task->Segments; segment++, row += GemmKernel.PointerRows)
        {
            for (int p = 0; p < task->Run; p++, b += Width)
                sum = MathF.FusedMultiplyAdd((*row)[p], *b, sum);
        }

        return sum;
    }
}
