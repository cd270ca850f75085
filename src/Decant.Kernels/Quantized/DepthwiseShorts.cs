using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Decant.Kernels.Quantized;

/// <summary>Depthwise sums of 16-bit integers in registers of 128 bits, a tap after another. Weights are [block][tap][channels of the block] in 32 bits.</summary>
internal static unsafe class DepthwiseShorts
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in DepthwiseTask task)
    {
        byte** taps = task.Taps;
        int count = task.TapCount, lanes = Vector128<int>.Count;
        for (int pixel = 0; pixel < task.Pixels; pixel++)
        {
            int* sums = task.Sums + (pixel * task.SumStride);
            var weights = (Vector128<int>*)task.Weights;
            nint offset = pixel * task.Step;
            for (int block = 0; block < task.Blocks; block++, offset += lanes * sizeof(short), sums += lanes)
            {
                Vector128<int> even = default, odd = default;
                int t = 0;
                for (; t < count - 1; t += 2, weights += 2)
                {
                    even += IntegerLanes128.LoadShorts((short*)(taps[t] + offset)) * weights[0];
                    odd += IntegerLanes128.LoadShorts((short*)(taps[t + 1] + offset)) * weights[1];
                }

                if (t < count)
                    even += IntegerLanes128.LoadShorts((short*)(taps[t] + offset)) * *weights++;
                (even + odd).Store(sums);
            }
        }
    }
}

/// <summary>The same in plain C#, a channel after another.</summary>
internal static unsafe class DepthwiseScalar
{
    public static void Run(in DepthwiseTask task)
    {
        for (int pixel = 0; pixel < task.Pixels; pixel++)
        {
            int* weights = (int*)task.Weights;
            for (int c = 0; c < task.Blocks; c++)
            {
                int sum = 0;
                for (int t = 0; t < task.TapCount; t++)
                    sum = unchecked(sum + (((short*)(task.Taps[t] + (pixel * task.Step)))[c] * *weights++));
                task.Sums[(pixel * task.SumStride) + c] = sum;
            }
        }
    }
}
