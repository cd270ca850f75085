using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Decant.Runtime;

namespace Decant.Passes.Compress;

/// <summary>
/// The values that stand for the elements of a tensor with the least sum of squared differences (k-means in one dimension), ascending.
/// No chance is involved: the exact optimum for a histogram of the elements, then Lloyd's iteration on a finer one.
/// </summary>
internal static class Clusters
{
    private const int CoarseBins = 2048;
    private const int FineBins = 1 << 16;
    private const int MostIterations = 100;
    private const int Cells = 4096;

    /// <summary>At most <paramref name="count"/> values; the elements themselves where there are no more different ones.</summary>
    public static float[] Find(Weights weights, int count)
    {
        Tensor tensor = weights.Tensor;
        if (Distinct(tensor, count) is { } distinct)
            return distinct;
        var fine = Histogram.Of(tensor, weights.Min, weights.Max, FineBins);
        double[] centroids = SegmentedHistogram.Centroids(fine.Merged(CoarseBins), count);
        for (int i = 0; i < MostIterations && Improve(fine, centroids); i++)
        {
        }

        return [.. centroids.Select(c => (float)c).Distinct()];
    }

    /// <summary>The index of the value nearest to each element; of two as near ones the lower.</summary>
    public static Tensor Assign(Tensor tensor, float[] centroids)
    {
        // Between two neighbours the middle decides; as double it is exact.
        double[] middles = [.. centroids.Zip(centroids.Skip(1), (a, b) => ((double)a + b) / 2)];
        // For cells of equal width, how many middles are certainly below all that is in them.
        double origin = centroids[0], scale = centroids.Length > 1 ? (Cells - 1) / ((double)centroids[^1] - origin) : 0;
        byte[] below = new byte[Cells];
        for (int cell = 1, count = 0; cell < Cells; cell++)
        {
            while (count < middles.Length && (middles[count] - origin) * scale < cell - 0.01)
                count++;
            below[cell] = (byte)count;
        }

        return FloatStream.Convert<byte>(tensor, DType.UInt8, [MethodImpl(MethodImplOptions.AggressiveOptimization)] (from, to, _) =>
        {
            for (int i = 0; i < from.Length; i++)
            {
                double x = from[i];
                int nearest = below[(int)Math.Clamp((x - origin) * scale, 0, Cells - 1)];
                while (nearest < middles.Length && middles[nearest] < x)
                    nearest++;
                to[i] = (byte)nearest;
            }
        });
    }

    private static float[]? Distinct(Tensor tensor, int most)
    {
        const int Piece = 1 << 16;
        var found = new HashSet<float>();
        for (long at = 0; at < tensor.ElementCount && found.Count <= most; at += Piece)
        {
            float[] piece = new float[Math.Min(Piece, tensor.ElementCount - at)];
            tensor.Data.Slice(at * sizeof(float)).Read(MemoryMarshal.AsBytes(piece.AsSpan()));
            for (int i = 0; i < piece.Length && found.Count <= most; i++)
                found.Add(piece[i]);
        }

        return found.Count <= most ? [.. found.Order()] : null;
    }

    /// <summary>Moves each centroid to the mean of the bins that are nearest to it; false when none moves.</summary>
    private static bool Improve(Histogram histogram, double[] centroids)
    {
        bool moved = false;
        int bin = 0;
        for (int i = 0; i < centroids.Length; i++)
        {
            double until = i + 1 < centroids.Length ? (centroids[i] + centroids[i + 1]) / 2 : double.PositiveInfinity;
            (double sum, long count) = (0, 0);
            for (; bin < histogram.Means.Length && histogram.Means[bin] <= until; bin++)
            {
                sum += histogram.Means[bin] * histogram.Counts[bin];
                count += histogram.Counts[bin];
            }

            double mean = count > 0 ? sum / count : centroids[i];
            moved |= mean != centroids[i];
            centroids[i] = mean;
        }

        return moved;
    }
}
