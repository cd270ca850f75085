using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Decant.Kernels.Quantized;

/// <summary>Loops over the columns of a matrix of bytes that is packed.</summary>
internal static unsafe class IntegerColumns
{
    /// <summary>Elements whose sum fits 32 bits in any lane.</summary>
    private const int MostSummed = 1 << 20;

    /// <summary>The least and the greatest of bytes; 0 of none.</summary>
    public static (int Least, int Greatest) Bounds(ReadOnlySpan<byte> values, bool isSigned) =>
        isSigned ? Bounds(MemoryMarshal.Cast<byte, sbyte>(values)) : Bounds(values);

    /// <summary>16-bit integers less a zero point, of bytes.</summary>
    public static void Widen(byte* from, short* to, nint count, bool isSigned, int zeroPoint)
    {
        if (isSigned)
            WidenCopy<sbyte>.Copy(from, to: (byte*)to, count, zeroPoint);
        else
            WidenCopy<byte>.Copy(from, to: (byte*)to, count, zeroPoint);
    }

    /// <summary>The sum of 16-bit integers, and that of their magnitudes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (long Sum, long Absolute) Sums(short* values, nint count)
    {
        long sum = 0, absolute = 0;
        nint i = 0;
        while (count - i >= Vector<short>.Count)
        {
            Vector<int> sums = default, magnitudes = default;
            for (nint end = i + Math.Min(MostSummed, count - i) - Vector<short>.Count; i <= end; i += Vector<short>.Count)
            {
                Vector<short> x = Vector.Load(values + i), magnitude = Vector.Abs(x);
                sums += Vector.WidenLower(x) + Vector.WidenUpper(x);
                magnitudes += Vector.WidenLower(magnitude) + Vector.WidenUpper(magnitude);
            }

            sum += Vector.Sum(sums);
            absolute += Vector.Sum(magnitudes);
        }

        for (; i < count; i++)
            (sum, absolute) = (sum + values[i], absolute + Math.Abs((int)values[i]));
        return (sum, absolute);
    }

    /// <summary>The low bytes of 16-bit integers plus an addend.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Narrow(short* from, byte* to, nint count, int addend)
    {
        nint i = 0;
        Vector<short> added = new((short)addend);
        for (; i <= count - Vector<byte>.Count; i += Vector<byte>.Count)
            Vector.Narrow((Vector.Load(from + i) + added).As<short, ushort>(), (Vector.Load(from + i + Vector<short>.Count) + added).As<short, ushort>()).Store(to + i);
        for (; i < count; i++)
            to[i] = (byte)(from[i] + addend);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (int Least, int Greatest) Bounds<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (values.IsEmpty)
            return (0, 0);
        (T least, T greatest) = (values[0], values[0]);
        ReadOnlySpan<Vector<T>> vectors = MemoryMarshal.Cast<T, Vector<T>>(values);
        if (!vectors.IsEmpty)
        {
            (Vector<T> lows, Vector<T> highs) = (vectors[0], vectors[0]);
            foreach (Vector<T> vector in vectors)
                (lows, highs) = (Vector.Min(lows, vector), Vector.Max(highs, vector));
            for (int i = 0; i < Vector<T>.Count; i++)
                (least, greatest) = (T.Min(least, lows[i]), T.Max(greatest, highs[i]));
        }

        foreach (T value in values[(vectors.Length * Vector<T>.Count)..])
            (least, greatest) = (T.Min(least, value), T.Max(greatest, value));
        return (int.CreateTruncating(least), int.CreateTruncating(greatest));
    }
}
