using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Peak;

/// <summary>Plain reads and copies of a given number of bytes; the number decides which cache, or the memory, is measured.</summary>
internal sealed unsafe class MemoryTraffic : IDisposable
{
    private const int Piece = 1 << 16;

    private readonly byte* source;
    private readonly byte* target;
    private readonly int pieces;

    public MemoryTraffic(long bytes)
    {
        pieces = checked((int)((bytes + Piece - 1) / Piece));
        nuint size = (nuint)pieces * Piece;
        source = (byte*)NativeMemory.AlignedAlloc(size, 4096);
        target = (byte*)NativeMemory.AlignedAlloc(size, 4096);
        NativeMemory.Clear(source, size);
        NativeMemory.Clear(target, size);
    }

    /// <summary>Bytes that one <see cref="Read"/> or <see cref="Copy"/> goes over.</summary>
    public long Bytes => (long)pieces * Piece;

    /// <summary>Loads every byte once.</summary>
    public void Read(WorkerPool pool) => pool.For(pieces, 1, new ReadJob(source, target));

    /// <summary>memcpy.</summary>
    public void Copy(WorkerPool pool) => pool.For(pieces, 1, new CopyJob(source, target));

    /// <summary>10^9 bytes per second of the fastest of some runs.</summary>
    public double BestGigabytes(int runs, Action run)
    {
        double best = 0;
        for (int i = 0; i < runs; i++)
        {
            long start = Stopwatch.GetTimestamp();
            run();
            best = Math.Max(best, Bytes / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9);
        }

        return best;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(source);
        NativeMemory.AlignedFree(target);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static Vector512<long> Sum(byte* from, byte* end)
    {
        Vector512<long> a = default, b = default, c = default, d = default;
        for (; from < end; from += 256)
        {
            a |= Vector512.Load((long*)from);
            b |= Vector512.Load((long*)(from + 64));
            c |= Vector512.Load((long*)(from + 128));
            d |= Vector512.Load((long*)(from + 192));
        }

        return a | b | c | d;
    }

    private readonly struct ReadJob(byte* source, byte* sink) : IRangeJob
    {
        public void Run(int start, int end)
        {
            // What is read is kept, or the loop could be left out.
            Vector512<long> sum = Sum(source + ((long)start * Piece), source + ((long)end * Piece));
            if (sum != Vector512<long>.Zero)
                sum.Store((long*)(sink + ((long)start * Piece)));
        }
    }

    private readonly struct CopyJob(byte* source, byte* target) : IRangeJob
    {
        public void Run(int start, int end)
        {
            long bytes = (long)(end - start) * Piece;
            Buffer.MemoryCopy(source + ((long)start * Piece), target + ((long)start * Piece), bytes, bytes);
        }
    }
}
