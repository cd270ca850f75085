using System.Numerics;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Elementwise;

/// <summary>Converts between widths of floats: exact where it widens, to nearest with ties to even where it narrows.</summary>
public static unsafe class FloatConversions
{
    private const int Grain = 16384;

    /// <summary>float16 to float32.</summary>
    public static void Widen(ReadOnlySpan<Half> from, Span<float> to, WorkerPool pool)
    {
        Guard.Length(to, from.Length);
        fixed (Half* source = from)
        fixed (float* target = to)
            pool.For(from.Length, Grain, new WidenJob((ushort*)source, target));
    }

    /// <summary>float32 to float16.</summary>
    public static void Narrow(ReadOnlySpan<float> from, Span<Half> to, WorkerPool pool)
    {
        Guard.Length(to, from.Length);
        fixed (float* source = from)
        fixed (Half* target = to)
            pool.For(from.Length, Grain, new NarrowJob(source, (ushort*)target));
    }

    /// <summary>float32 to float64.</summary>
    public static void Widen(ReadOnlySpan<float> from, Span<double> to)
    {
        Guard.Length(to, from.Length);
        int i = 0;
        for (; i <= from.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(from[i..]), out Vector<double> low, out Vector<double> high);
            low.CopyTo(to[i..]);
            high.CopyTo(to[(i + Vector<double>.Count)..]);
        }

        for (; i < from.Length; i++)
            to[i] = from[i];
    }

    /// <summary>float64 to float32.</summary>
    public static void Narrow(ReadOnlySpan<double> from, Span<float> to)
    {
        Guard.Length(to, from.Length);
        int i = 0;
        for (; i <= from.Length - Vector<float>.Count; i += Vector<float>.Count)
            Vector.Narrow(new Vector<double>(from[i..]), new Vector<double>(from[(i + Vector<double>.Count)..])).CopyTo(to[i..]);
        for (; i < from.Length; i++)
            to[i] = (float)from[i];
    }

    private readonly struct WidenJob(ushort* from, float* to) : IRangeJob
    {
        public void Run(int start, int end) => HalfLoop.Widen(from + start, to + start, end - start);
    }

    private readonly struct NarrowJob(float* from, ushort* to) : IRangeJob
    {
        public void Run(int start, int end) => HalfLoop.Narrow(from + start, to + start, end - start);
    }
}
