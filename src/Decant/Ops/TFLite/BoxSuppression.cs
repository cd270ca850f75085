namespace Decant.Ops.TFLite;

/// <summary>
/// NON_MAX_SUPPRESSION_V4 and V5: boxes [n, 4] by their scores, without those that overlap better ones; with a sigma, scores
/// fall with the overlap instead. The outputs have as many elements as are asked for, zeros behind the selected ones.
/// </summary>
internal static class BoxSuppression
{
    public static Kernel Prepare(KernelRequest request, bool isSoft) => Kernel.Of(context =>
    {
        Tensor boxes = context.Input(0);
        ReadOnlySpan<float> corners = boxes.Span<float>(), scores = context.Input(1).Span<float>();
        long most = context.Int(2);
        (float mostOverlap, float leastScore, float sigma) = (Number(context, 3), Number(context, 4), isSoft ? Number(context, 5) : 0);
        if (boxes.Shape.Rank != 2 || boxes.Shape[1] != 4 || scores.Length != boxes.Shape[0] || most is < 0 or > int.MaxValue || sigma < 0)
            throw context.Fail($"selects {most} of {boxes} by {context.Input(1)} and the sigma {sigma}, expected boxes [n, 4], scores [n] and numbers that are not negative");
        Span<int> indices = context.Output<int>(0, new Shape(most));
        Span<float> selectedScores = isSoft ? context.Output<float>(1, new Shape(most)) : default;
        Span<int> count = context.Output<int>(isSoft ? 2 : 1, Shape.Scalar);
        indices.Clear();
        selectedScores.Clear();
        count[0] = Select(context, corners, scores, indices, selectedScores, mostOverlap, leastScore, sigma);
    });

    private static int Select(KernelContext context, ReadOnlySpan<float> corners, ReadOnlySpan<float> scores, Span<int> indices, Span<float> selectedScores, float mostOverlap, float leastScore, float sigma)
    {
        // A candidate carries how many of the selected ones it was compared with.
        var queue = new PriorityQueue<(int Box, float Score, int Compared), (float, int)>();
        for (int i = 0; i < scores.Length; i++)
        {
            if (scores[i] > leastScore)
                queue.Enqueue((i, scores[i], 0), (-scores[i], i));
        }

        int selected = 0;
        int wanted = Math.Min(queue.Count, indices.Length);
        float falloff = sigma > 0 ? -0.5f / sigma : 0;
        while (selected < wanted && queue.TryDequeue(out (int Box, float Score, int Compared) candidate, out _))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            float score = candidate.Score;
            bool isSuppressed = false;
            for (int j = selected - 1; j >= candidate.Compared && !isSuppressed && score > leastScore; j--)
            {
                float overlap = Images.BoxOverlap.Of(corners.Slice(candidate.Box * 4, 4), corners.Slice(indices[j] * 4, 4));
                isSuppressed = overlap >= mostOverlap;
                if (!isSuppressed && sigma > 0)
                    score *= MathF.Exp(falloff * overlap * overlap);
            }

            if (isSuppressed)
                continue;
            if (score == candidate.Score)
            {
                indices[selected] = candidate.Box;
                if (!selectedScores.IsEmpty)
                    selectedScores[selected] = score;
                selected++;
            }
            else if (score > leastScore)
            {
                queue.Enqueue((candidate.Box, score, selected), (-score, candidate.Box));
            }
        }

        return selected;
    }

    private static float Number(KernelContext context, int input) => context.Input(input) is { DType: DType.Float32, ElementCount: 1 } number ? number.Span<float>()[0] : throw context.Fail($"has {context.Input(input)} as input {input}, expected a float32 scalar");
}
