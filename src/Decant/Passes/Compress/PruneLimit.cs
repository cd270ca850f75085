using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Decant.Runtime;

namespace Decant.Passes.Compress;

/// <summary>
/// Which elements of a tensor are pruned: those of a magnitude below a limit, and those of exactly that magnitude up to a position.
/// Magnitudes are compared as bits without the sign, which are in the same order.
/// </summary>
internal readonly record struct PruneLimit(uint Magnitude, long Until)
{
    private const uint WithoutSign = 0x7FFFFFFF;
    private const int LowBits = 15;

    /// <summary>The limits by which ⌊sparsity·n⌋ of the n elements of some tensors are pruned; of equal ones those that come first.</summary>
    public static PruneLimit[] Of(IReadOnlyList<Func<Tensor>> tensors, double sparsity)
    {
        long[] high = Count(tensors, 31 - LowBits, [MethodImpl(MethodImplOptions.AggressiveOptimization)] static (counts, magnitudes) =>
        {
            foreach (uint bits in magnitudes)
                counts[(bits & WithoutSign) >> LowBits]++;
        });
        long rank = (long)(sparsity * high.Sum());
        uint top = Find(high, ref rank);
        long[] low = Count(tensors, LowBits, [MethodImpl(MethodImplOptions.AggressiveOptimization)] (counts, magnitudes) =>
        {
            foreach (uint bits in magnitudes)
            {
                if ((bits & WithoutSign) >> LowBits == top)
                    counts[bits & ((1 << LowBits) - 1)]++;
            }
        });
        uint limit = (top << LowBits) | Find(low, ref rank);
        var limits = new PruneLimit[tensors.Count];
        for (int i = 0; i < limits.Length; i++)
            limits[i] = new PruneLimit(limit, rank > 0 ? Position(tensors[i](), limit, ref rank) : 0);
        return limits;
    }

    /// <summary>The tensor with 0 in the place of what is pruned.</summary>
    public Tensor Apply(Tensor tensor)
    {
        (uint limit, long until) = (Magnitude, Until);
        return FloatStream.Convert<float>(tensor, DType.Float32, [MethodImpl(MethodImplOptions.AggressiveOptimization)] (from, to, at) =>
        {
            for (int i = 0; i < from.Length; i++)
            {
                uint magnitude = BitConverter.SingleToUInt32Bits(from[i]) & WithoutSign;
                to[i] = magnitude < limit || (magnitude == limit && at + i < until) ? 0 : from[i];
            }
        });
    }

    /// <summary>The first bin with which more than <paramref name="rank"/> elements are counted; the rank becomes that within the bin.</summary>
    private static uint Find(long[] counts, ref long rank)
    {
        uint bin = 0;
        while (bin < counts.Length - 1 && counts[bin] <= rank)
            rank -= counts[bin++];
        return bin;
    }

    /// <summary>The position after the element that is the last of so many of this magnitude; <paramref name="left"/> becomes how many are missing.</summary>
    private static long Position(Tensor tensor, uint limit, ref long left)
    {
        uint[] read = new uint[1 << 16];
        for (long at = 0; at < tensor.ElementCount; at += read.Length)
        {
            Span<uint> piece = read.AsSpan(0, (int)Math.Min(read.Length, tensor.ElementCount - at));
            tensor.Data.Slice(at * sizeof(float)).Read(MemoryMarshal.AsBytes(piece));
            for (int i = 0; i < piece.Length; i++)
            {
                if ((piece[i] & WithoutSign) == limit && --left == 0)
                    return at + i + 1;
            }
        }

        return tensor.ElementCount;
    }

    private static long[] Count(IReadOnlyList<Func<Tensor>> tensors, int bits, Counter count)
    {
        long[] counts = new long[1 << bits];
        foreach (Func<Tensor> tensor in tensors)
        {
            foreach (long[] part in FloatStream.VisitParts(tensor(), () => new long[1 << bits], (part, piece, _) => count(part, MemoryMarshal.Cast<float, uint>(piece))))
                TensorPrimitives.Add(counts, part, counts);
        }

        return counts;
    }

    private delegate void Counter(long[] counts, ReadOnlySpan<uint> magnitudes);
}
