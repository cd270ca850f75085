using Decant.IR;

namespace Decant.Lowering.Fusions;

/// <summary>x·rsqrt(sum(x²) + e), x / sqrt(..), with the sum along the last axis and a small e or max(sum, e): L2_NORMALIZATION.</summary>
internal static class Norms
{
    private const float LargestEpsilon = 1e-3f;

    public static bool L2(Node node, FusionGraph graph)
    {
        if (node.Op.Name is not ("MUL" or "DIV") || node.Fact(0).DType != DType.Float32 || Constants.Activation(node) != "NONE")
            return false;
        for (int i = 0; i < 2; i++)
        {
            Value x = node.Inputs[1 - i];
            if ((node.Op.Name == "DIV" && i == 0) || FusionGraph.Producer(node.Inputs[i], node.Op.Name == "MUL" ? "RSQRT" : "SQRT") is not { } root || !graph.HasOneUse(root))
                continue;
            Value sum = root.Inputs[0];
            if (FusionGraph.Producer(sum, "ADD", "MAXIMUM") is { } guarded && Constants.Sides(guarded) is { } sides && Constants.Number(sides.Constant) is >= 0 and < LargestEpsilon)
                sum = sides.Other;
            else
                continue;
            if (FusionGraph.Producer(sum, "SUM") is not { } total || total.Attributes["keep_dims"] is not BoolAttr { Value: true } || total.Inputs[1].Constant is not { DType: DType.Int32, ElementCount: 1 } axis
                || x.Node.Fact(x.Port).Shape is not { HasRank: true } shape || (axis.Span<int>()[0] != shape.Rank - 1 && axis.Span<int>()[0] != -1))
                continue;
            if (FusionGraph.Producer(total.Inputs[0], "SQUARE", "MUL") is not { } square || square.Inputs[0] != x || square.Inputs[^1] != x)
                continue;
            graph.Remove(node);
            node.Op = new OpName(Dialect.TFLite, "L2_NORMALIZATION");
            node.Attributes = new() { { "fused_activation_function", "NONE" } };
            graph.SetInput(node, 0, x);
            return true;
        }

        return false;
    }
}
