using Decant.IR;

namespace Decant.Ops.Images;

/// <summary>
/// Boxes [n, 4] and scores [n] to the indices of the boxes that are left, best first. V1 has <c>iou_threshold</c> as attribute, V2 as input;
/// V3 adds score_threshold; V4 the number of boxes and <c>pad_to_max_output_size</c> (with zeros); V5 soft_nms_sigma and the scores.
/// <c>WithOverlaps</c> takes a matrix [n, n] of overlaps in place of boxes.
/// </summary>
internal sealed class NonMaxSuppression(string name) : Op(name), IInfersFacts, IHasKernel
{
    /// <summary>An attribute of V5, of ours: overlaps are dropped also when a sigma makes scores fall, as TensorFlow.js does, and TensorFlow does not.</summary>
    public const string DropsOverlaps = "_drops_overlaps";

    private bool HasScores => Name.Name == "NonMaxSuppressionV5";

    private bool HasCount => Name.Name is "NonMaxSuppressionV4" or "NonMaxSuppressionV5";

    public void Infer(InferenceContext context)
    {
        long count = HasCount && context.Attributes.Bool("pad_to_max_output_size") && context.ConstantInts(2) is [var limit] ? limit : Shape.UnknownDimension;
        int port = 0;
        context.Set(port++, DType.Int32, new Shape(count));
        if (HasScores)
            context.Set(port++, context.Input(1).DType, new Shape(count));
        if (HasCount)
            context.Set(port, DType.Int32, Shape.Scalar);
    }

    public Kernel Prepare(KernelRequest request)
    {
        bool pads = HasCount && request.Attributes.Bool("pad_to_max_output_size");
        bool drops = HasScores && request.Attributes.Find(DropsOverlaps) is BoolAttr { Value: true };
        float? threshold = Name.Name == "NonMaxSuppression" ? request.Attributes.Float("iou_threshold") : null;
        return Kernel.Of(context => Run(context, threshold, pads, drops));
    }

    private static float Scalar(KernelContext context, int input) =>
        context.WorkInput(input).Span<float>() is [var value] ? value : throw context.Fail($"input {input} has shape {context.Shape(input)}, expected a scalar");

    private void Run(KernelContext context, float? attribute, bool pads, bool drops)
    {
        bool givesOverlaps = Name.Name == "NonMaxSuppressionWithOverlaps";
        Shape scores = context.Shape(1);
        if (scores.Rank != 1 || context.Shape(0) != new Shape(scores[0], givesOverlaps ? scores[0] : 4))
            throw context.Fail($"has boxes {context.Shape(0)} and scores {scores}, expected [n,{(givesOverlaps ? "n" : "4")}] and [n]");
        long limit = context.Int(2);
        if (limit < 0)
            throw context.Fail($"has max_output_size {limit}, expected 0 or more");
        float threshold = attribute ?? Scalar(context, 3);
        if (!givesOverlaps && threshold is not (>= 0 and <= 1))
            throw context.Fail($"has iou_threshold {threshold}, expected one in [0, 1]");
        float scoreThreshold = context.InputCount > 4 ? Scalar(context, 4) : float.MinValue;
        float sigma = HasScores ? Scalar(context, 5) : 0;
        if (sigma < 0)
            throw context.Fail($"has soft_nms_sigma {sigma}, expected 0 or more");
        Tensor boxes = context.WorkInput(0);
        int n = (int)scores[0];
        List<(int Index, float Score)> selected = new BoxSelection(threshold, scoreThreshold, sigma, drops).Select(
            context.WorkInput(1).Span<float>(), limit,
            givesOverlaps ? (a, b) => boxes.Span<float>()[(a * n) + b] : (a, b) => BoxOverlap.Of(boxes.Span<float>().Slice(4 * a, 4), boxes.Span<float>().Slice(4 * b, 4)),
            context.Cancellation);
        Give(context, selected, pads ? limit : selected.Count);
    }

    private void Give(KernelContext context, List<(int Index, float Score)> selected, long count)
    {
        int port = 0;
        Span<int> indices = context.Output<int>(port++, new Shape(count));
        indices.Clear();
        for (int i = 0; i < selected.Count; i++)
            indices[i] = selected[i].Index;
        if (HasScores)
        {
            DType dtype = context.Input(1).DType;
            Tensor output = context.BeginOutput(port, dtype, new Shape(count));
            Span<float> scores = context.Writable<float>(output);
            scores.Clear();
            for (int i = 0; i < selected.Count; i++)
                scores[i] = selected[i].Score;
            context.EndOutput(port++, dtype, output);
        }

        if (HasCount)
            context.Output<int>(port, Shape.Scalar)[0] = selected.Count;
    }
}
