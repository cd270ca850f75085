using Decant.IR;
using Decant.Ops;

namespace Decant.Lowering;

/// <summary>
/// The overlap up to which boxes are kept. TensorFlow drops a box that overlaps a better one by more than the limit, TensorFlow.js also one that
/// does by exactly the limit, as boxes that cover each other by half do: there the limit is the next float32.
/// </summary>
internal static class OverlapLimits
{
    private const int Limit = 3;

    /// <summary>Changes the nodes of a graph. Limits that are computed stay, and 1 does, which is the largest that TensorFlow.js takes.</summary>
    public static void Run(Graph graph)
    {
        foreach (Node node in graph.Nodes.Where(n => n.Op.Name is "NonMaxSuppressionV2" or "NonMaxSuppressionV3" or "NonMaxSuppressionV4" or "NonMaxSuppressionV5" && n.Inputs.Count > Limit).ToList())
        {
            if (node.Inputs[Limit].Constant is { DType: DType.Float32, ElementCount: 1 } limit && limit.Span<float>()[0] is >= 0 and < 1 and var value)
                node.Inputs[Limit] = new GraphBuilder(graph).Const($"{node.Name}/iou_threshold", Tensor.Scalar(MathF.BitIncrement(value)));
        }
    }
}
