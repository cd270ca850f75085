using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Decant.Passes.Compress;

/// <summary>Walks the elements of float32 tensors in pieces, so that weights in a file are read and never mapped into memory as a whole.</summary>
internal static class FloatElements
{
    /// <summary>Hands the elements to <paramref name="visit"/> in order.</summary>
    public static void Visit(Tensor tensor, Action<ReadOnlySpan<float>> visit) =>
        tensor.Data.Visit(bytes => visit(MemoryMarshal.Cast<byte, float>(bytes)));

    /// <summary>Makes of each element another of type <typeparamref name="T"/>, in a tensor of the same shape.</summary>
    /// <param name="tensor">A float32 tensor.</param>
    /// <param name="dtype">The type of the result, stored as <typeparamref name="T"/>.</param>
    /// <param name="convert">Fills the second span from the first; both are as long, and pieces follow each other.</param>
    public static Tensor Convert<T>(Tensor tensor, DType dtype, Converter<T> convert)
        where T : unmanaged
    {
        T[] result = new T[tensor.ElementCount];
        int at = 0;
        Visit(tensor, piece =>
        {
            convert(piece, result.AsSpan(at, piece.Length));
            at += piece.Length;
        });
        return Tensor.Wrap(result, tensor.Shape).Reinterpreted(dtype);
    }

    /// <summary>The lowest and the highest element; +∞ and -∞ for none, NaN if there is one.</summary>
    public static (float Min, float Max) Extremes(Tensor tensor)
    {
        (float min, float max) = (float.PositiveInfinity, float.NegativeInfinity);
        Visit(tensor, piece => (min, max) = (Math.Min(min, TensorPrimitives.Min(piece)), Math.Max(max, TensorPrimitives.Max(piece))));
        return (min, max);
    }
}

/// <summary>Makes elements of others, in order.</summary>
internal delegate void Converter<T>(ReadOnlySpan<float> from, Span<T> to);
