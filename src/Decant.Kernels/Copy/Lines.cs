using System.Runtime.CompilerServices;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Copy;

/// <summary>Copies of lines of one length at regular distances: rows of a slice, of a concatenation, of what is padded.</summary>
public static unsafe class Lines
{
    /// <summary>From here on a line is left to memcpy.</summary>
    private const long LongBytes = 1 << 15;

    /// <summary>Copies runs that follow each other in <paramref name="source"/> to <paramref name="target"/>, one every <paramref name="step"/> elements from <paramref name="start"/>.</summary>
    /// <exception cref="ArgumentException">The target ends before the last run does.</exception>
    public static void Interleave<T>(ReadOnlySpan<T> source, Span<T> target, int run, int start, int step)
        where T : unmanaged
    {
        int count = run == 0 ? 0 : source.Length / run;
        Guard.Length(target, Reach(run, start, step, count));
        fixed (T* from = source, to = target)
            Copy((byte*)from, (long)run * sizeof(T), (byte*)(to + start), (long)step * sizeof(T), (long)run * sizeof(T), count);
    }

    /// <summary>The reverse: copies runs, one every <paramref name="step"/> elements from <paramref name="start"/>, so that they follow each other in <paramref name="target"/>.</summary>
    /// <exception cref="ArgumentException">The source ends before the last run does.</exception>
    public static void Gather<T>(ReadOnlySpan<T> source, Span<T> target, int run, int start, int step)
        where T : unmanaged
    {
        int count = run == 0 ? 0 : target.Length / run;
        Guard.Length(source, Reach(run, start, step, count));
        fixed (T* from = source, to = target)
            Copy((byte*)(from + start), (long)step * sizeof(T), (byte*)to, (long)run * sizeof(T), (long)run * sizeof(T), count);
    }

    /// <summary>Copies <paramref name="count"/> lines; steps are bytes between beginnings of lines, and may be negative or 0.</summary>
    internal static void Copy(byte* source, long sourceStep, byte* target, long targetStep, long bytes, long count)
    {
        int width = LaneWidth.Current;
        if (bytes < sizeof(uint) || bytes >= LongBytes || width == 0)
        {
            for (; count > 0; count--, source += sourceStep, target += targetStep)
                Buffer.MemoryCopy(source, target, bytes, bytes);
        }
        else if (bytes < sizeof(ulong))
        {
            Ends<uint>(source, sourceStep, target, targetStep, bytes, count);
        }
        else if (bytes < Lanes128<byte>.Count)
        {
            Ends<ulong>(source, sourceStep, target, targetStep, bytes, count);
        }
        else if (width >= 512 && bytes >= Lanes512<byte>.Count)
        {
            Wide<Lanes512<byte>>(source, sourceStep, target, targetStep, bytes, count);
        }
        else if (width >= 256 && bytes >= Lanes256<byte>.Count)
        {
            Wide<Lanes256<byte>>(source, sourceStep, target, targetStep, bytes, count);
        }
        else
        {
            Wide<Lanes128<byte>>(source, sourceStep, target, targetStep, bytes, count);
        }
    }

    private static long Reach(int run, int start, int step, int count) => count == 0 ? 0 : start + ((count - 1L) * step) + run;

    /// <summary>Lines of one or two words, of which the second may overlap the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Ends<T>(byte* source, long sourceStep, byte* target, long targetStep, long bytes, long count)
        where T : unmanaged
    {
        nint last = (nint)bytes - sizeof(T);
        for (; count > 0; count--, source += sourceStep, target += targetStep)
        {
            T end = Unsafe.ReadUnaligned<T>(source + last);
            Unsafe.WriteUnaligned(target, Unsafe.ReadUnaligned<T>(source));
            Unsafe.WriteUnaligned(target + last, end);
        }
    }

    /// <summary>The first register and the last lie at the ends of a line; those between are stored to whole registers' places in memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Wide<V>(byte* source, long sourceStep, byte* target, long targetStep, long bytes, long count)
        where V : struct, ILanes<V, byte>
    {
        nint last = (nint)bytes - V.Count;
        for (; count > 0; count--, source += sourceStep, target += targetStep)
        {
            V end = V.Load(source + last);
            V.Load(source).Store(target);
            for (nint i = V.Count - ((nint)target & (V.Count - 1)); i < last; i += V.Count)
                V.Load(source + i).Store(target + i);
            end.Store(target + last);
        }
    }
}
