using System.Buffers;

namespace Decant.Ops.Images;

/// <summary>
/// Greedy non-maximum suppression: takes the best box, of equal scores the first, drops those that overlap it more than the threshold, and
/// goes on. With a positive sigma overlapping boxes stay with a score times e^(-overlap² / (2·sigma)) (soft NMS), unless <c>DropsOverlaps</c>.
/// </summary>
internal sealed record BoxSelection(float OverlapThreshold, float ScoreThreshold, float Sigma, bool DropsOverlaps = false)
{
    /// <summary>The overlap of two boxes, by their indices.</summary>
    public delegate float Overlap(int a, int b);

    /// <summary>Gives the indices of at most <paramref name="limit"/> boxes with their final scores, best first.</summary>
    public List<(int Index, float Score)> Select(ReadOnlySpan<float> scores, long limit, Overlap overlap, CancellationToken cancellation)
    {
        ulong[] heap = ArrayPool<ulong>.Shared.Rent(scores.Length);
        (float Score, int Compared)[] states = ArrayPool<(float, int)>.Shared.Rent(scores.Length);
        try
        {
            int count = 0;
            for (int i = 0; i < scores.Length; i++)
            {
                states[i] = (scores[i], 0);
                if (scores[i] > ScoreThreshold)
                    heap[count++] = Key(scores[i], i);
            }

            return Select(heap.AsSpan(0, count), states, limit, overlap, cancellation);
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(heap);
            ArrayPool<(float, int)>.Shared.Return(states);
        }
    }

    private List<(int Index, float Score)> Select(Span<ulong> heap, Span<(float Score, int Compared)> states, long limit, Overlap overlap, CancellationToken cancellation)
    {
        for (int i = (heap.Length / 2) - 1; i >= 0; i--)
            SiftDown(heap, i);
        var selected = new List<(int Index, float Score)>();
        while (selected.Count < limit && heap.Length > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            int index = (int)(uint)heap[0];
            (float before, int compared) = states[index];
            float score = before;
            bool suppressed = false;
            for (int j = selected.Count - 1; j >= compared && !suppressed; j--)
            {
                float similarity = overlap(index, selected[j].Index);
                if (Sigma > 0)
                    score *= MathF.Exp(-0.5f / Sigma * similarity * similarity);
                suppressed = ((Sigma <= 0 || DropsOverlaps) && similarity > OverlapThreshold) || !(score > ScoreThreshold);
            }

            if (!suppressed && score != before)
            {
                states[index] = (score, selected.Count);
                heap[0] = Key(score, index);
            }
            else
            {
                if (!suppressed)
                    selected.Add((index, score));
                heap[0] = heap[^1];
                heap = heap[..^1];
            }

            SiftDown(heap, 0);
        }

        return selected;
    }

    /// <summary>Less for a higher score, and of equal ones for a lower index, which is in the low 32 bits.</summary>
    private static ulong Key(float score, int index)
    {
        // The sum is +0 for -0 too. With the sign flipped, or all bits of a negative number, floats have the order of their bits.
        uint bits = BitConverter.SingleToUInt32Bits(score + 0f);
        uint rising = bits ^ ((uint)((int)bits >> 31) | 0x8000_0000);
        return ((ulong)~rising << 32) | (uint)index;
    }

    /// <summary>Puts an element of a heap whose root is least to where it belongs below.</summary>
    private static void SiftDown(Span<ulong> heap, int at)
    {
        for (int child; (child = (2 * at) + 1) < heap.Length; at = child)
        {
            if (child + 1 < heap.Length && heap[child + 1] < heap[child])
                child++;
            if (heap[at] <= heap[child])
                return;
            (heap[at], heap[child]) = (heap[child], heap[at]);
        }
    }
}
