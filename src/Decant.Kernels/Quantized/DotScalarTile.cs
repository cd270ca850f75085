using Decant.Kernels.Gemm;

namespace Decant.Kernels.Quantized;

/// <summary>The tile in plain C#: pairs of 16-bit integers, one column after another.</summary>
internal static unsafe class DotScalarTile<TRows>
    where TRows : struct, ICount
{
    public const int Columns = 8;

    public static void Run(DotTask* task)
    {
        for (int r = 0; r < TRows.Count; r++)
        {
            int* sums = task->Sums + (r * task->SumStride);
            for (int c = 0; c < Columns; c++)
            {
                short* b = (short*)task->Panel + (c * 2);
                int sum = 0;
                for (nint s = 0; s < task->StretchCount; s++)
                {
                    short* a = (short*)(task->Stretches[s] + task->Offset + (r * task->Stride));
                    for (nint g = 0; g < task->Groups; g++, b += Columns * 2)
                        sum += (a[g * 2] * b[0]) + (a[(g * 2) + 1] * b[1]);
                }

                sums[c] = sum;
            }
        }
    }
}
