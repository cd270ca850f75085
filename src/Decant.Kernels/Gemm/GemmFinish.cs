using System.Runtime.CompilerServices;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Gemm;

/// <summary>Bias, residual and activation of finished sums, while they are in the L1 cache.</summary>
internal static unsafe class GemmFinish
{
    /// <summary>Finishes a tile in place.</summary>
    public static void Run(float* c, nint ldc, int rows, int columns, TileFinish finish)
    {
        int done = 0;
        if (LaneWidth.Current >= 512 && columns % Lanes512<float>.Count == 0)
        {
            done = columns;
            Lanes<Lanes512<float>>(c, null, c, ldc, rows, done, finish);
        }
        else if (LaneWidth.Current >= 256 && columns >= Lanes256<float>.Count)
        {
            done = columns / Lanes256<float>.Count * Lanes256<float>.Count;
            Lanes<Lanes256<float>>(c, null, c, ldc, rows, done, finish);
        }
        else if (LaneWidth.Current >= 128 && columns >= Lanes128<float>.Count)
        {
            done = columns / Lanes128<float>.Count * Lanes128<float>.Count;
            Lanes<Lanes128<float>>(c, null, c, ldc, rows, done, finish);
        }

        for (int r = 0; r < rows && done < columns; r++, c += ldc)
            Scalars(c, null, c, done, columns, finish);
    }

    /// <summary>Finishes <paramref name="columns"/> sums of a row of C; the residual (or null) may be C itself.</summary>
    public static void Row(float* sums, float* residual, float* c, int columns, TileFinish finish)
    {
        int done = 0;
        if (LaneWidth.Current >= 256)
        {
            done = columns / Lanes256<float>.Count * Lanes256<float>.Count;
            Lanes<Lanes256<float>>(sums, residual, c, 0, 1, done, finish);
        }

        Scalars(sums, residual, c, done, columns, finish);
    }

    /// <summary>Multiplies finished values below 0 by the slope of their column.</summary>
    public static void Slope(float* c, nint stride, int rows, int columns, float* slopes)
    {
        int bits = LaneWidth.Current;
        if (bits >= 512 && columns >= Lanes512<float>.Count)
            Slope<Lanes512<float>>(c, stride, rows, columns, slopes);
        else if (bits >= 256 && columns >= Lanes256<float>.Count)
            Slope<Lanes256<float>>(c, stride, rows, columns, slopes);
        else if (bits >= 128 && columns >= Lanes128<float>.Count)
            Slope<Lanes128<float>>(c, stride, rows, columns, slopes);
        else
        {
            for (int r = 0; r < rows; r++, c += stride)
            {
                for (int j = 0; j < columns; j++)
                    c[j] = c[j] < 0 ? c[j] * slopes[j] : c[j];
            }
        }
    }

    // The last register of a row may overlap the one before: it is made before that is stored.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Slope<V>(float* c, nint stride, int rows, int columns, float* slopes)
        where V : struct, ILanes<V, float>
    {
        int last = columns - V.Count;
        V zero = V.Constant(0), end = V.Load(slopes + last);
        for (int r = 0; r < rows; r++, c += stride)
        {
            V x = V.Load(c + last), y = V.Select(V.Less(x, zero), x * end, x);
            for (int j = 0; j < last; j += V.Count)
            {
                x = V.Load(c + j);
                V.Select(V.Less(x, zero), x * V.Load(slopes + j), x).Store(c + j);
            }

            y.Store(c + last);
        }
    }

    private static void Scalars(float* sums, float* residual, float* c, int first, int end, TileFinish finish)
    {
        for (int j = first; j < end; j++)
        {
            float x = sums[j];
            if (finish.Bias != null)
                x += finish.Bias[j];
            if (residual != null)
                x += residual[j];
            c[j] = GemmReference.Activate(x, finish.Activation);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Lanes<V>(float* sums, float* residual, float* c, nint stride, int rows, int columns, TileFinish finish)
        where V : struct, ILanes<V, float>
    {
        V low = V.Create(finish.Low), high = V.Create(finish.High);
        for (int j = 0; j < columns; j += V.Count)
        {
            V bias = finish.Bias == null ? V.Constant(-0.0) : V.Load(finish.Bias + j);
            nint at = j;
            for (int r = 0; r < rows; r++, at += stride)
            {
                // NaN passes through both comparisons; adding -0 changes nothing.
                V x = V.Load(sums + at) + bias;
                if (residual != null)
                    x += V.Load(residual + at);
                if (finish.Activation != Activation.None)
                    x = V.Select(V.Less(x, low), low, V.Select(V.Less(high, x), high, x));
                x.Store(c + at);
            }
        }
    }
}
