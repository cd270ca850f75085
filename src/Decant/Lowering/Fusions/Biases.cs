using Decant.IR;

namespace Decant.Lowering.Fusions;

/// <summary>(x ∗ w + b) + c = x ∗ w + (b + c): a constant per channel behind a convolution or product goes into its bias.</summary>
internal static class Biases
{
    public static bool Join(Node node, FusionGraph graph)
    {
        if (node.Op.Name is not ("ADD" or "SUB") || Constants.Activation(node) != "NONE" || Constants.Sides(node) is not { } sides || (node.Op.Name == "SUB" && sides.Constant != node.Inputs[1]))
            return false;
        if (FusionGraph.Producer(sides.Other, "CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "TRANSPOSE_CONV", "CONV_3D", "CONV_3D_TRANSPOSE") is not { } product || !graph.HasOneUse(product) || Constants.Activation(product) != "NONE")
            return false;
        Shape shape = product.Fact(0).Shape;
        if (!shape.HasRank || shape[-1] < 0 || node.Fact(0).Shape is not { HasRank: true, Rank: var rank } || rank != shape.Rank || Constants.PerChannel(sides.Constant, shape[-1]) is not { } added)
            return false;
        int at = product.Op.Name is "TRANSPOSE_CONV" or "CONV_3D_TRANSPOSE" ? 3 : 2;
        float[]? bias = at < product.Inputs.Count && product.Inputs[at].IsPresent ? Constants.PerChannel(product.Inputs[at], shape[-1]) : new float[shape[-1]];
        if (bias is null)
            return false;
        int sign = node.Op.Name == "SUB" ? -1 : 1;
        graph.SetInput(product, at, graph.Const($"{node.Name}/bias", Tensor.Wrap([.. bias.Zip(added, (b, a) => b + (sign * a))])));
        graph.Absorb(product, node);
        return true;
    }
}
