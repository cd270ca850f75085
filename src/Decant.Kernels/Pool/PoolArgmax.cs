using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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

    /// <summary>Where each position of a window starts in the input, in row-major order; how many there are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static int Starts(in PoolWindow window, in PoolGeometry geometry, int* starts)
    {
        int count = 0, step = window.Width.Step * geometry.Channels;
        for (int d = 0; d < window.Depth.Count; d++)
        {
            for (int h = 0; h < window.Height.Count; h++)
            {
                long row = geometry.Pixel(window.Batch, window.Depth.Start + (d * window.Depth.Step), window.Height.Start + (h * window.Height.Step), window.Width.Start);
                int start = checked((int)(row * geometry.Channels));
                for (int w = 0; w < window.Width.Count; w++, start = checked(start + step))
                    starts[count++] = start;
            }
        }

        return count;
    }

    /// <summary>indices[c] = at[c] + c + offset.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Places<TIndex>(int* at, long offset, TIndex* indices, int channels)
        where TIndex : unmanaged, INumber<TIndex>
    {
        int c = 0;
        if (typeof(TIndex) == typeof(long) && LaneWidth.Current >= 512)
        {
            Vector512<long> first = Vector512<long>.Indices + Vector512.Create(offset);
            for (; c <= channels - Vector512<long>.Count; c += Vector512<long>.Count)
                (Vector512.WidenLower(Vector256.Load(at + c).ToVector512Unsafe()) + first + Vector512.Create((long)c)).Store((long*)indices + c);
        }
        else if (typeof(TIndex) == typeof(long))
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
