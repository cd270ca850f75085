using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Decant.Runtime;

namespace Decant.Passes.Compress;

/// <summary>Elements counted in bins of equal width that are not empty, ascending: how many there are and their mean.</summary>
internal sealed record Histogram(long[] Counts, double[] Means)
{
    /// <summary>Counts the elements of a tensor that has at least two different ones.</summary>
    public static Histogram Of(Tensor tensor, float min, float max, int bins)
    {
        double scale = bins / ((double)max - min);
        (long[] Counts, double[] Sums)[] parts = FloatStream.VisitParts(tensor, () => (new long[bins], new double[bins]), [MethodImpl(MethodImplOptions.AggressiveOptimization)] (part, piece, _) =>
        {
            (long[] counts, double[] sums) = part;
            foreach (float x in piece)
            {
                int bin = Math.Min((int)((x - (double)min) * scale), bins - 1);
                counts[bin]++;
                sums[bin] += x;
            }
        });
        foreach ((long[] counts, double[] sums) in parts.AsSpan(1))
        {
            TensorPrimitives.Add(counts, parts[0].Counts, parts[0].Counts);
            TensorPrimitives.Add(sums, parts[0].Sums, parts[0].Sums);
        }

        return Of(parts[0].Counts, parts[0].Sums);
    }

    /// <summary>The same elements in at most so many bins of about as many former ones each.</summary>
    public Histogram Merged(int bins)
    {
        if (Counts.Length <= bins)
            return this;
        long[] counts = new long[bins];
        double[] sums = new double[bins];
        for (int i = 0; i < Counts.Length; i++)
        {
            int bin = (int)((long)i * bins / Counts.Length);
            counts[bin] += Counts[i];
            sums[bin] += Means[i] * Counts[i];
        }

        return Of(counts, sums);
    }

    private static Histogram Of(long[] counts, double[] sums)
    {
        int[] filled = [.. Enumerable.Range(0, counts.Length).Where(i => counts[i] > 0)];
        return new Histogram([.. filled.Select(i => counts[i])], [.. filled.Select(i => sums[i] / counts[i])]);
    }
}
