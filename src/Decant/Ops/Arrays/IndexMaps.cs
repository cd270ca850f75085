namespace Decant.Ops.Arrays;

/// <summary>Copies in which each index of each axis of the target has an index of its own in the source.</summary>
internal static class IndexMaps
{
    /// <summary>target[i, j, ...] = source[maps[0][i], maps[1][j], ...], where the source has these strides.</summary>
    public static void Copy<T>(ReadOnlySpan<T> source, Span<T> target, int[][] maps, int[] strides)
    {
        if (target.IsEmpty)
            return;
        if (maps.Length == 0)
        {
            target[0] = source[0];
            return;
        }

        // Axes at the end that stay as they are move as one piece.
        int last = maps.Length - 1, piece = 1;
        for (; last > 0 && IsIdentity(maps[last], strides[last - 1] / piece); last--)
            piece = strides[last - 1];
        int to = 0;
        Walk(source, target, ref to, maps.AsSpan(0, last + 1), strides, 0);
    }

    private static void Walk<T>(ReadOnlySpan<T> source, Span<T> target, ref int to, ReadOnlySpan<int[]> maps, ReadOnlySpan<int> strides, int from)
    {
        int[] map = maps[0];
        if (maps.Length > 1)
        {
            foreach (int index in map)
                Walk(source, target, ref to, maps[1..], strides[1..], from + (index * strides[0]));
            return;
        }

        // Indices that follow one another are copied at once.
        for (int i = 0, end; i < map.Length; i = end)
        {
            for (end = i + 1; end < map.Length && map[end] == map[end - 1] + 1; end++)
            {
            }

            int count = (end - i) * strides[0];
            source.Slice(from + (map[i] * strides[0]), count).CopyTo(target[to..]);
            to += count;
        }
    }

    private static bool IsIdentity(int[] map, int size)
    {
        for (int i = 0; i < map.Length; i++)
        {
            if (map[i] != i)
                return false;
        }

        return map.Length == size;
    }
}
