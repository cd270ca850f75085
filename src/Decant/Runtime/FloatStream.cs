using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Decant.Kernels.Threading;

namespace Decant.Runtime;

/// <summary>Walks the elements of float32 tensors in pieces, so that weights in a file are read and never mapped into memory as a whole.</summary>
internal static class FloatStream
{
    /// <summary>Into how many parts a walk by several threads is divided; not the number of threads, so that sums of parts are the same for any.</summary>
    private const int Parts = 8;

    /// <summary>Hands the elements to <paramref name="visit"/> in order.</summary>
    public static void Visit(Tensor tensor, Action<ReadOnlySpan<float>> visit) =>
        tensor.Data.Visit(bytes => visit(MemoryMarshal.Cast<byte, float>(bytes)));

    /// <summary>Walks parts of the elements on several threads, each in order.</summary>
    /// <param name="tensor">A float32 tensor.</param>
    /// <param name="begin">Makes what a part is taken down in.</param>
    /// <param name="visit">Takes down elements of a part; the last argument is the position of the first one in the tensor.</param>
    /// <returns>What was taken down of each part, in order.</returns>
    public static T[] VisitParts<T>(Tensor tensor, Func<T> begin, PartVisitor<T> visit)
    {
        T[] parts = [.. Enumerable.Range(0, Parts).Select(_ => begin())];
        WorkerPool.Shared.For(Parts, 1, new VisitJob<T>(tensor, parts, visit));
        return parts;
    }

    /// <summary>Makes of each element another of type <typeparamref name="T"/>, in a tensor of the same shape, when somebody reads it.</summary>
    /// <param name="tensor">A float32 tensor.</param>
    /// <param name="dtype">The type of the result, stored as <typeparamref name="T"/>.</param>
    /// <param name="convert">Fills the second span from the first; both are as long. Called for any pieces in any order, by several threads.</param>
    public static Tensor Convert<T>(Tensor tensor, DType dtype, ElementConverter<float, T> convert)
        where T : unmanaged
    {
        long bytes = tensor.ElementCount * Unsafe.SizeOf<T>();
        return new Tensor(dtype, tensor.Shape, new BufferSlice(new ComputedBuffer(bytes, Fill), 0, bytes));

        void Fill(long offset, Span<byte> target)
        {
            Span<T> to = MemoryMarshal.Cast<byte, T>(target);
            long at = offset / Unsafe.SizeOf<T>();
            float[] read = ArrayPool<float>.Shared.Rent(to.Length);
            Span<float> from = read.AsSpan(0, to.Length);
            tensor.Data.Slice(at * sizeof(float), (long)to.Length * sizeof(float)).Read(MemoryMarshal.AsBytes(from));
            convert(from, to, at);
            ArrayPool<float>.Shared.Return(read);
        }
    }

    /// <summary>The lowest and the highest element; +∞ and -∞ for none, NaN if there is one.</summary>
    public static (float Min, float Max) Extremes(Tensor tensor)
    {
        float[][] parts = VisitParts(tensor, () => (float[])[float.PositiveInfinity, float.NegativeInfinity], static (part, piece, _) => Widen(piece, ref part[0], ref part[1]));
        return parts.Select(p => (p[0], p[1])).Aggregate((a, b) => (Math.Min(a.Item1, b.Item1), Math.Max(a.Item2, b.Item2)));
    }

    // Optimized at once: a walk is over before the runtime would find that it pays.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen(ReadOnlySpan<float> elements, ref float min, ref float max)
    {
        Vector<float> least = new(min), most = new(max);
        Vector<int> ordered = Vector<int>.AllBitsSet;
        int i = 0;
        for (; i <= elements.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var x = new Vector<float>(elements[i..]);
            least = Vector.ConditionalSelect(Vector.LessThan(x, least), x, least);
            most = Vector.ConditionalSelect(Vector.GreaterThan(x, most), x, most);
            ordered &= Vector.Equals(x, x);
        }

        for (int j = 0; j < Vector<float>.Count; j++)
            (min, max) = (Math.Min(min, least[j]), Math.Max(max, most[j]));
        for (; i < elements.Length; i++)
            (min, max) = (Math.Min(min, elements[i]), Math.Max(max, elements[i]));
        if (ordered != Vector<int>.AllBitsSet)
            (min, max) = (float.NaN, float.NaN);
    }

    private readonly struct VisitJob<T>(Tensor tensor, T[] parts, PartVisitor<T> visit) : IRangeJob
    {
        public void Run(int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                long at = tensor.ElementCount * i / Parts, end = tensor.ElementCount * (i + 1) / Parts;
                T part = parts[i];
                PartVisitor<T> visitor = visit;
                tensor.Data.Slice(at * sizeof(float), (end - at) * sizeof(float)).Visit(bytes =>
                {
                    visitor(part, MemoryMarshal.Cast<byte, float>(bytes), at);
                    at += bytes.Length / sizeof(float);
                });
            }
        }
    }
}

/// <summary>Takes down elements of a part of a tensor, the first of which is at a position of the tensor.</summary>
internal delegate void PartVisitor<T>(T part, ReadOnlySpan<float> elements, long at);
