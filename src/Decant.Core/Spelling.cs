namespace Decant;

/// <summary>Finds what somebody may have meant.</summary>
public static class Spelling
{
    /// <summary>The candidate with the smallest edit distance, if it is small against the length of the name.</summary>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        string? best = null;
        int limit = Math.Max(2, name.Length / 3) + 1;
        foreach (string candidate in candidates)
        {
            if (Math.Abs(candidate.Length - name.Length) < limit && Distance(name, candidate, limit) is int distance && distance < limit)
                (best, limit) = (candidate, distance);
        }

        return best;
    }

    /// <summary>Asks whether that candidate was meant; null when none is near.</summary>
    public static string? Hint(string name, IEnumerable<string> candidates) => Nearest(name, candidates) is { } near ? $"did you mean '{near}'?" : null;

    private static int Distance(string a, string b, int limit)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            int smallest = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                (diagonal, row[j]) = (row[j], cost);
                smallest = Math.Min(smallest, cost);
            }

            if (smallest >= limit)
                return limit;
        }

        return row[b.Length];
    }
}
