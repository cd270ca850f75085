using System.Runtime.CompilerServices;

namespace Decant.Kernels.Quantized;

/// <summary>Depthwise sums of 16-bit integers, a tap after another. Weights are [block][tap][channels of the block] in 32 bits.</summary>
internal static unsafe class DepthwiseShorts<V, TLanes>
    where V : unmanaged
    where TLanes : struct, IIntegerLanes<V>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in DepthwiseTask task)
    {
        byte** taps = task.Taps;
        int count = task.TapCount, lanes = sizeof(V) / sizeof(int);
        for (int pixel = 0; pixel < task.Pixels; pixel++)
        {
            int* sums = task.Sums + (pixel * task.SumStride);
            V* weights = (V*)task.Weights;
            nint offset = pixel * task.Step;
            for (int block = 0; block < task.Blocks; block++, offset += lanes * sizeof(short), sums += lanes)
            {
                V even = default, odd = default;
                int t = 0;
                for (; t < count - 1; t += 2, weights += 2)
                {
                    even = TLanes.MultiplyAdd(even, TLanes.LoadShorts((short*)(taps[t] + offset)), weights[0]);
                    odd = TLanes.MultiplyAdd(odd, TLanes.LoadShorts((short*)(taps[t + 1] + offset)), weights[1]);
                }

                if (t < count)
                    even = TLanes.MultiplyAdd(even, TLanes.LoadShorts((short*)(taps[t] + offset)), *weights++);
                *(V*)sums = TLanes.Add(even, odd);
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
