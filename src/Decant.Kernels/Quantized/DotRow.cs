using System.Runtime.CompilerServices;

namespace Decant.Kernels.Quantized;

/// <summary>The tile of a single row, whose sums are split over four steps of the loop: two chains alone would wait for one another.</summary>
internal static unsafe class DotRow<V, TDot>
    where V : unmanaged
    where TDot : struct, IDot<V>
{
    private const int Steps = 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(DotTask* task)
    {
        V c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
        V* panel = (V*)task->Panel;
        for (nint s = 0; s < task->StretchCount; s++)
        {
            byte* row = task->Stretches[s] + task->Offset;
            byte* end = row + (task->Groups * 4);
            for (; end - row >= 4 * Steps; row += 4 * Steps, panel += 2 * Steps)
            {
                V a0 = TDot.Broadcast(*(int*)row), a1 = TDot.Broadcast(((int*)row)[1]), a2 = TDot.Broadcast(((int*)row)[2]), a3 = TDot.Broadcast(((int*)row)[3]);
                c00 = TDot.Dot(c00, a0, panel[0]);
                c01 = TDot.Dot(c01, a0, panel[1]);
                c10 = TDot.Dot(c10, a1, panel[2]);
                c11 = TDot.Dot(c11, a1, panel[3]);
                c20 = TDot.Dot(c20, a2, panel[4]);
                c21 = TDot.Dot(c21, a2, panel[5]);
                c30 = TDot.Dot(c30, a3, panel[6]);
                c31 = TDot.Dot(c31, a3, panel[7]);
            }

            for (; row < end; row += 4, panel += 2)
            {
                V a = TDot.Broadcast(*(int*)row);
                c00 = TDot.Dot(c00, a, panel[0]);
                c01 = TDot.Dot(c01, a, panel[1]);
            }
        }

        V* sums = (V*)task->Sums;
        sums[0] = TDot.Add(TDot.Add(c00, c10), TDot.Add(c20, c30));
        sums[1] = TDot.Add(TDot.Add(c01, c11), TDot.Add(c21, c31));
    }
}
