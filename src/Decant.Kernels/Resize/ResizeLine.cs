using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Resize;

/// <summary>Linear interpolation of two lines of floats.</summary>
internal static unsafe class ResizeLine
{
    /// <summary>Floats behind a target of <see cref="Widen"/> that it may write.</summary>
    public const int Room = 16;

    private const int Triple = 3;

    /// <summary>How far ahead the lines of the cache are fetched that <see cref="Between"/> writes: most of an enlarged image are in no near cache.</summary>
    private const int Ahead = 1024;

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

    /// <summary>Pixels interpolated along a row; false, and nothing done, where they are too narrow for a register.</summary>
    public static bool Widen(float* source, ResizeAxis* axis, int count, in ResizeGeometry geometry, float* target)
    {
        int bits = LaneWidth.Current, channels = geometry.Channels;
        if (bits >= 512 && channels >= Lanes512<float>.Count)
            Pixels<Lanes512<float>>(source, axis, count, channels, target);
        else if (bits >= 256 && channels >= Lanes256<float>.Count)
            Pixels<Lanes256<float>>(source, axis, count, channels, target);
        else if (bits >= 128 && channels >= Lanes128<float>.Count)
            Pixels<Lanes128<float>>(source, axis, count, channels, target);
        else if (bits >= 128 && channels == Triple)
            Triples(source, axis, count, geometry.InWidth - 1, target);
        else
            return false;
        return true;
    }

    // The last register overlaps the one before.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Lanes<V>(float* a, float* b, float fraction, float* y, int n)
        where V : struct, ILanes<V, float>
    {
        V f = V.Create(fraction);
        int last = n - V.Count;
        for (int i = 0; i < last; i += V.Count)
        {
            if (Sse.IsSupported)
                Sse.Prefetch0(y + i + Ahead);
            Step(a + i, b + i, f, y + i);
        }

        Step(a + last, b + last, f, y + last);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Pixels<V>(float* source, ResizeAxis* axis, int count, int channels, float* target)
        where V : struct, ILanes<V, float>
    {
        int last = channels - V.Count;
        for (int ox = 0; ox < count; ox++, target += channels)
        {
            float* a = source + ((long)axis[ox].Low * channels), b = source + ((long)axis[ox].High * channels);
            V f = V.Create(axis[ox].Fraction);
            for (int i = 0; i < last; i += V.Count)
                Step(a + i, b + i, f, target + i);
            Step(a + last, b + last, f, target + last);
        }
    }

    /// <summary>Pixels of three floats in registers of four: the last of a row, behind which there may be nothing to read, float by float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Triples(float* source, ResizeAxis* axis, int count, int last, float* target)
    {
        int ox = 0;
        for (; ox < count && axis[ox].High < last; ox++, target += Triple)
            Step(source + ((long)axis[ox].Low * Triple), source + ((long)axis[ox].High * Triple), Lanes128<float>.Create(axis[ox].Fraction), target);
        for (; ox < count; ox++, target += Triple)
        {
            float* a = source + ((long)axis[ox].Low * Triple), b = source + ((long)axis[ox].High * Triple);
            for (int i = 0; i < Triple; i++)
                target[i] = a[i] + ((b[i] - a[i]) * axis[ox].Fraction);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<V>(float* a, float* b, V fraction, float* y)
        where V : struct, ILanes<V, float>
    {
        V from = V.Load(a);
        (from + ((V.Load(b) - from) * fraction)).Store(y);
    }
}
