using System.Runtime.CompilerServices;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Resize;

/// <summary>Linear interpolation of two lines of floats.</summary>
internal static unsafe class ResizeLine
{
    /// <summary>y[i] = a[i] + (b[i] - a[i]) · fraction, each step rounded to float32; y is neither input.</summary>
    public static void Between(float* a, float* b, float fraction, float* y, int n)
    {
        int bits = LaneWidth.Current;
        if (bits >= 512 && n >= Lanes512<float>.Count)
            Lanes<Lanes512<float>>(a, b, fraction, y, n);
        else if (bits >= 256 && n >= Lanes256<float>.Count)
            Lanes<Lanes256<float>>(a, b, fraction, y, n);
        else if (bits >= 128 && n >= Lanes128<float>.Count)
            Lanes<Lanes128<float>>(a, b, fraction, y, n);
        else
        {
            for (int i = 0; i < n; i++)
                y[i] = a[i] + ((b[i] - a[i]) * fraction);
        }
    }

    // The last register overlaps the one before.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Lanes<V>(float* a, float* b, float fraction, float* y, int n)
        where V : struct, ILanes<V, float>
    {
        V f = V.Create(fraction);
        int last = n - V.Count;
        for (int i = 0; i < n; i += V.Count)
        {
            i = Math.Min(i, last);
            V from = V.Load(a + i);
            (from + ((V.Load(b + i) - from) * f)).Store(y + i);
        }
    }
}
