namespace Decant.Kernels.Gemm;

/// <summary>The tile contract in plain loops: rows by one register of 16 columns.</summary>
internal static unsafe class GemmScalarTile<TRows>
    where TRows : struct, ICount
{
    public const int Width = 16;

    public static void Run(TileTask* task)
    {
        float* sums = stackalloc float[Width];
        for (int r = 0; r < TRows.Count; r++)
        {
            nint at = r * task->Stride;
            for (int j = 0; j < task->Columns; j++)
            {
                float sum = task->Start == null ? 0 : task->Start[at + j];
                float* b = task->Panel + j;
                for (int segment = 0; segment < task->Segments; segment++)
                {
                    float* a = task->Rows[(segment * GemmKernel.PointerRows) + r];
                    for (int p = 0; p < task->Run; p++, b += Width)
                        sum = MathF.FusedMultiplyAdd(a[p], *b, sum);
                }

                sums[j] = sum;
            }

            GemmFinish.Row(sums, task->Residual == null ? null : task->Residual + at, task->C + at, task->Columns, task->Finish);
        }
    }
}
