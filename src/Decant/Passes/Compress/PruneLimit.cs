using System.Runtime.InteropServices;

namespace Decant.Passes.Compress;

/// <summary>
/// Which elements of a tensor are pruned: those of a magnitude below a limit, and the first few of exactly that magnitude. Magnitudes
/// are compared as bits without the sign, which are in the same order.
/// </summary>
internal readonly record struct PruneLimit(uint Magnitude, long Ties)
{
    private const uint WithoutSign = 0x7FFFFFFF;
    private const int LowBits = 15;

    /// <summary>The limits by which ⌊sparsity·n⌋ of the n elements of some tensors are pruned; of equal ones those that come first.</summary>
    public static PruneLimit[] Of(IReadOnlyList<Func<Tensor>> tensors, double sparsity)
    {
        long[] high = new long[1 << (31 - LowBits)], low = new long[1 << LowBits];
        foreach (Func<Tensor> tensor in tensors)
        {
            Visit(tensor(), magnitudes =>
            {
                foreach (uint bits in magnitudes)
                    high[(bits & WithoutSign) >> LowBits]++;
            });
        }

        long rank = (long)(sparsity * high.Sum());
        uint top = Find(high, ref rank);
        foreach (Func<Tensor> tensor in tensors)
        {
            Visit(tensor(), magnitudes =>
            {
                foreach (uint bits in magnitudes)
                {
                    if ((bits & WithoutSign) >> LowBits == top)
                        low[bits & ((1 << LowBits) - 1)]++;
                }
            });
        }

        uint limit = (top << LowBits) | Find(low, ref rank);
        var limits = new PruneLimit[tensors.Count];
        for (int i = 0; i < limits.Length; i++)
        {
            long equal = 0;
            if (rank > 0)
            {
                Visit(tensors[i](), magnitudes =>
                {
                    foreach (uint bits in magnitudes)
                        equal += (bits & WithoutSign) == limit ? 1 : 0;
                });
            }

            limits[i] = new PruneLimit(limit, Math.Min(equal, rank));
            rank -= limits[i].Ties;
        }

        return limits;
    }

    /// <summary>The tensor with 0 in the place of what is pruned.</summary>
    public Tensor Apply(Tensor tensor)
    {
        (uint limit, long ties) = (Magnitude, Ties);
        return FloatElements.Convert<float>(tensor, DType.Float32, (from, to) =>
        {
            for (int i = 0; i < from.Length; i++)
            {
                uint magnitude = BitConverter.SingleToUInt32Bits(from[i]) & WithoutSign;
                to[i] = magnitude < limit || (magnitude == limit && ties-- > 0) ? 0 : from[i];
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

    private static void Visit(Tensor tensor, Action<ReadOnlySpan<uint>> visit) => FloatElements.Visit(tensor, piece => visit(MemoryMarshal.Cast<float, uint>(piece)));
}
