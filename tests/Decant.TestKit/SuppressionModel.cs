using Decant.IR;
using Decant.IR.TextForm;

namespace Decant.TestKit;

/// <summary>A graph of one CombinedNonMaxSuppression.</summary>
/// <param name="Images">Images.</param>
/// <param name="Boxes">Boxes of each image.</param>
/// <param name="BoxClasses">Classes that have boxes of their own; 1 for shared ones.</param>
/// <param name="Classes">Classes.</param>
/// <param name="PerClass">The most boxes of a class.</param>
/// <param name="Total">The most boxes of an image.</param>
/// <param name="Overlap">The largest overlap of boxes that stay.</param>
/// <param name="Least">Boxes stay whose score is larger.</param>
/// <param name="Attributes">Attributes of the node, as text.</param>
public sealed record SuppressionModel(int Images, int Boxes, int BoxClasses, int Classes, int PerClass, int Total, string Overlap, string Least, string Attributes = "")
{
    /// <summary>Shared boxes and own ones, several images, clipped boxes, fewer and more rows than boxes, and none that is good enough.</summary>
    public static IReadOnlyList<SuppressionModel> All { get; } =
    [
        new(1, 20, 1, 1, 5, 5, "0.5", "0.1"),
        new(1, 20, 1, 3, 4, 10, "0.3", "0.4"),
        new(2, 30, 4, 4, 6, 8, "0.4", "0.3", "clip_boxes: false"),
        new(3, 12, 1, 2, 3, 20, "0.6", "0.2", "clip_boxes: true"),
        new(2, 12, 2, 2, 3, 20, "0.6", "0.9", "clip_boxes: true, pad_per_class: true"),
        new(1, 3, 1, 2, 50, 7, "0.5", "0"),
        new(1, 25, 1, 5, 5, 5, "0.5", "2"),
    ];

    /// <summary>The inputs and outputs of the graph.</summary>
    public static (string[] Inputs, string[] Outputs) Names => (["boxes", "scores"], ["y", "y:1", "y:2", "y:3"]);

    /// <summary>The graph; its inputs have the shapes that are given, or those of the record.</summary>
    public Model Make(string? boxes = null, string? scores = null) => GraphParser.Parse(
        $$"""
        graph {
          boxes = Placeholder() {dtype: float32, shape: shape[{{boxes ?? $"{Images}, {Boxes}, {BoxClasses}, 4"}}]}
          scores = Placeholder() {dtype: float32, shape: shape[{{scores ?? $"{Images}, {Boxes}, {Classes}"}}]}
          per_class = Const() {dtype: int32, value: int32[] { {{PerClass}} } }
          total = Const() {dtype: int32, value: int32[] { {{Total}} } }
          overlap = Const() {dtype: float32, value: float32[] { {{Overlap}} } }
          least = Const() {dtype: float32, value: float32[] { {{Least}} } }
          y = CombinedNonMaxSuppression(boxes, scores, per_class, total, overlap, least) {{{Attributes}}}
        }
        """);

    /// <summary>Boxes of a fifth of the image and more, which overlap often and reach over its edge, and scores in [0, 1).</summary>
    public Dictionary<string, Tensor> Inputs()
    {
        var random = new Random(7);
        float[] boxes = [.. Enumerable.Range(0, Images * Boxes * BoxClasses).SelectMany(_ => Box(random))];
        float[] scores = [.. Enumerable.Range(0, Images * Boxes * Classes).Select(_ => random.NextSingle())];
        return new() { ["boxes"] = Tensor.Wrap(boxes, new Shape(Images, Boxes, BoxClasses, 4)), ["scores"] = Tensor.Wrap(scores, new Shape(Images, Boxes, Classes)) };
    }

    private static float[] Box(Random random)
    {
        (float y, float x) = (random.NextSingle(), random.NextSingle());
        return [y - 0.1f, x - 0.1f, y + 0.1f + (random.NextSingle() / 4), x + 0.1f + (random.NextSingle() / 4)];
    }
}
