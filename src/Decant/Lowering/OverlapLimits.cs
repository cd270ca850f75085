using Decant.IR;
using Decant.Ops;
using Decant.Ops.Images;

namespace Decant.Lowering;

/// <summary>
/// The overlap up to which boxes are kept. TensorFlow drops a box that overlaps a better one by more than the limit, TensorFlow.js also one that
/// does by exactly the limit, as boxes that cover each other by half do: there the limit is the next float32. When scores fall with the overlap, TensorFlow drops
/// none for it, and TensorFlow.js does: there the limit is 1.
/// </summary>
internal static class OverlapLimits
{
    private const int Limit = 3, Sigma = 5;

    /// <summary>Changes the nodes of a graph. Limits that are computed stay, and 1 does, which is the largest that TensorFlow.js takes.</summary>
    public static void Run(Graph graph)
    {
        foreach (Node node in graph.Nodes.Where(n => n.Op.Name is "NonMaxSuppressionV2" or "NonMaxSuppressionV3" or "NonMaxSuppressionV4" or "NonMaxSuppressionV5" && n.Inputs.Count > Limit).ToList())
        {
            bool isSoft = node.Op == "NonMaxSuppressionV5" && node.Inputs.Count > Sigma && node.Inputs[Sigma].Constant is { DType: DType.Float32, ElementCount: 1 } sigma && sigma.Span<float>()[0] > 0
                && node.Attributes[NonMaxSuppression.DropsOverlaps] is not BoolAttr { Value: true };
            if (node.Inputs[Limit].Constant is { DType: DType.Float32, ElementCount: 1 } limit && limit.Span<float>()[0] is >= 0 and < 1 and var value)
                node.Inputs[Limit] = new GraphBuilder(graph).Const($"{node.Name}/iou_threshold", Tensor.Scalar(isSoft ? 1 : MathF.BitIncrement(value)));
        }
    }
}
