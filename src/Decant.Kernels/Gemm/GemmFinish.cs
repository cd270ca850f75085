using System.Runtime.CompilerServices;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Gemm;

/// <summary>Bias and activation of a finished tile, while it is in the L1 cache.</summary>
internal static unsafe class GemmFinish
{
    public static void Run(float* c, nint ldc, int rows, int columns, TileFinish finish)
    {
        int done = 0;
        if (LaneWidth.Current >= 256 && columns >= Lanes256<float>.Count)
        {
            done = columns / Lanes256<float>.Count * Lanes256<float>.Count;
            Lanes<Lanes256<float>>(c, ldc, rows, done, finish);
        }
        else if (LaneWidth.Current >= 128 && columns >= Lanes128<float>.Count)
        {
            done = columns / Lanes128<float>.Count * Lanes128<float>.Count;
            Lanes<Lanes128<float>>(c, ldc, rows, done, finish);
        }

        if (done < columns)
            Scalars(c + done, ldc, rows, columns - done, new TileFinish(finish.Bias == null ? null : finish.Bias + done, finish.Activation));
    }

    private static void Scalars(float* c, nint ldc, int rows, int columns, TileFinish finish)
    {
        for (int r = 0; r < rows; r++, c += ldc)
        {
            for (int j = 0; j < columns; j++)
            {
                float x = finish.Bias == null ? c[j] : c[j] + finish.Bias[j];
                c[j] = GemmReference.Activate(x, finish.Activation);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Lanes<V>(float* c, nint ldc, int rows, int columns, TileFinish finish)
        where V : struct, ILanes<V, float>
    {
        V low = V.Create(finish.Low), high = V.Create(finish.High);
        for (int j = 0; j < columns; j += V.Count)
        {
            V bias = finish.Bias == null ? V.Constant(-0.0) : V.Load(finish.Bias + j);
            float* p = c + j;
            for (int r = 0; r < rows; r++, p += ldc)
            {
                // NaN passes through both comparisons; adding -0 changes nothing.
                V x = V.Load(p) + bias;
                if (finish.Activation != Activation.None)
                    x = V.Select(V.Less(x, low), low, V.Select(V.Less(high, x), high, x));
                x.Store(p);
            }
        }
    }
}
