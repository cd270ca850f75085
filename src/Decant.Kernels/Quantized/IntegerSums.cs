using System.Numerics;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Quantized;

/// <summary>Sums of integers of 8 or 16 bits along the middle axis of [outer, count, inner], in 32 bits.</summary>
public static unsafe class IntegerSums
{
    private const int Grain = 16384;

    /// <summary>sums [outer, inner].</summary>
    public static void Run<T>(ReadOnlySpan<T> x, Span<int> sums, int outer, int count, int inner, WorkerPool pool)
        where T : unmanaged, IBinaryInteger<T>
    {
        Guard.Length(x, (long)outer * count * inner);
        Guard.Length(sums, (long)outer * inner);
        fixed (T* px = x)
        fixed (int* ps = sums)
            pool.For(outer, 1 + (Grain / Math.Max(1, count * inner)), new Job<T>(px, ps, count, inner));
    }

    /// <summary>sums[i] += x[i].</summary>
    internal static void Add<T>(T* x, int* sums, int count)
        where T : unmanaged, IBinaryInteger<T>
    {
        int c = 0;
        for (; c <= count - Vector<int>.Count; c += Vector<int>.Count)
            (Vector.Load(sums + c) + Widening.Load(x + c)).Store(sums + c);
        for (; c < count; c++)
            sums[c] += int.CreateTruncating(x[c]);
    }

    private readonly struct Job<T>(T* x, int* sums, int count, int inner) : IRangeJob
        where T : unmanaged, IBinaryInteger<T>
    {
        public void Run(int start, int end)
        {
            new Span<int>(sums + ((nint)start * inner), (end - start) * inner).Clear();
            for (int outer = start; outer < end; outer++)
            {
                for (int i = 0; i < count; i++)
                    Add(x + ((((nint)outer * count) + i) * inner), sums + ((nint)outer * inner), inner);
            }
        }
    }
}
