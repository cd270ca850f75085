using System.Runtime.CompilerServices;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Reduce;

/// <summary>Positions of extremes of float32 down columns, for a register of columns down a group of rows, so that the best and their places are loaded and stored once per group.</summary>
internal static unsafe class ArgColumns<TOrder>
    where TOrder : struct, IArgOrder
{
    /// <summary>Rows read side by side.</summary>
    private const int Group = 8;

    /// <summary>best[c] is the extreme of x[r·stride + c] over r, at[c] the first r where it is; how many columns, whole registers of them, are done.</summary>
    public static int Run(float* x, long stride, int rows, float* best, int* at, int columns) => LaneWidth.Current switch
    {
        >= 512 => Groups<Lanes512<float>>(x, stride, rows, best, at, columns),
        >= 256 => Groups<Lanes256<float>>(x, stride, rows, best, at, columns),
        >= 128 => Groups<Lanes128<float>>(x, stride, rows, best, at, columns),
        _ => 0,
    };

    // Two registers side by side are a line of the cache in most processors: rows may lie so that their lines drive each other out.
    private static int Groups<V>(float* x, long stride, int rows, float* best, int* at, int columns)
        where V : struct, ILanes<V, float>
    {
        int paired = columns / (2 * V.Count) * (2 * V.Count), whole = columns / V.Count * V.Count;
        for (int r = 0; r < rows; r += Group, x += Group * stride)
        {
            int count = Math.Min(Group, rows - r);
            Lanes<Twin<V, float>>(x, stride, r, count, best, at, paired);
            if (whole > paired)
                Lanes<V>(x + paired, stride, r, count, best + paired, at + paired, V.Count);
        }

        return whole;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Lanes<V>(float* x, long stride, int first, int rows, float* best, int* at, int columns)
        where V : struct, ILanes<V, float>
    {
        for (int c = 0; c < columns; c += V.Count)
        {
            V most = V.Load(best + c), place = V.Load((float*)at + c), index = V.Int32(first);
            float* p = x + c;
            for (int r = 0; r < rows; r++, p += stride)
            {
                V v = V.Load(p);
                place = V.Blend(TOrder.Beyond(v, most), index, place);
                most = TOrder.Further(v, most);
                index = V.AddInt32(index, V.Int32(1));
            }

            most.Store(best + c);
            place.Store((float*)at + c);
        }
    }
}
