namespace Decant.Passes.Compress;

/// <summary>Finds rows of a matrix that have the same bytes.</summary>
internal static class EqualRows
{
    /// <summary>For each row that counts the first that is equal to it; for others the row itself.</summary>
    public static int[] First(Tensor matrix, bool[] counts)
    {
        int rows = counts.Length, bytes = (int)matrix.Shape[1] * sizeof(float);
        int[] first = [.. Enumerable.Range(0, rows)];
        var byHash = new Dictionary<int, List<int>>();
        byte[] row = new byte[bytes], other = new byte[bytes];
        for (int i = 0; i < rows; i++)
        {
            if (!counts[i])
                continue;
            matrix.Data.Slice((long)i * bytes, bytes).Read(row);
            var hash = default(HashCode);
            hash.AddBytes(row);
            if (!byHash.TryGetValue(hash.ToHashCode(), out List<int>? candidates))
                byHash[hash.ToHashCode()] = candidates = [];
            foreach (int candidate in candidates)
            {
                matrix.Data.Slice((long)candidate * bytes, bytes).Read(other);
                if (!row.AsSpan().SequenceEqual(other))
                    continue;
                first[i] = candidate;
                break;
            }

            if (first[i] == i)
                candidates.Add(i);
        }

        return first;
    }
}
