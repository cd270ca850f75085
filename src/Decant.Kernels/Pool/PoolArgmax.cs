using System.Numerics;
using System.Runtime.CompilerServices;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Pool;

/// <summary>The largest float32 of each channel of a window and where it is, registers along the channels.</summary>
internal static unsafe class PoolArgmax
{
    /// <summary>Positions of a window that lie on the stack.</summary>
    public const int MostTaps = 256;

    /// <summary>Of each channel the largest of the values behind <paramref name="starts"/>, and the start of the one that it is: the first, unless a later one is greater.</summary>
    public static void Pixel(float* x, int* starts, int taps, float* best, int* at, int channels)
    {
        int bits = LaneWidth.Current;
        if (bits >= 512 && channels >= Lanes512<float>.Count)
            Pixel<Lanes512<float>>(x, starts, taps, best, at, channels);
        else if (bits >= 256 && channels >= Lanes256<float>.Count)
            Pixel<Lanes256<float>>(x, starts, taps, best, at, channels);
        else
            Pixel<Lanes128<float>>(x, starts, taps, best, at, channels);
    }

    /// <summary>indices[c] = at[c] + c + offset.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Places<TIndex>(int* at, long offset, TIndex* indices, int channels)
        where TIndex : unmanaged, INumber<TIndex>
    {
        int c = 0;
        if (typeof(TIndex) == typeof(long))
        {
            for (; c <= channels - Vector<int>.Count; c += Vector<int>.Count)
            {
                Vector.Widen(Unsafe.ReadUnaligned<Vector<int>>(at + c) + Vector<int>.Indices, out Vector<long> low, out Vector<long> high);
                Unsafe.WriteUnaligned(indices + c, low + new Vector<long>(c + offset));
                Unsafe.WriteUnaligned(indices + c + Vector<long>.Count, high + new Vector<long>(c + offset));
            }
        }

        for (; c < channels; c++)
            indices[c] = TIndex.CreateTruncating(at[c] + c + offset);
    }

    // The last register ends at the last channel.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Pixel<V>(float* x, int* starts, int taps, float* best, int* at, int channels)
        where V : struct, ILanes<V, float>
    {
        for (int c = 0; c < channels; c += V.Count)
        {
            c = Math.Min(c, channels - V.Count);
            float* from = x + c;
            V largest = V.Load(from + starts[0]), place = V.Int32(starts[0]);
            for (int i = 1; i < taps; i++)
            {
                V v = V.Load(from + starts[i]), mask = V.Less(largest, v);
                largest = V.Select(mask, v, largest);
                place = V.Select(mask, V.Int32(starts[i]), place);
            }

            largest.Store(best + c);
            place.Store((float*)at + c);
        }
    }
}
