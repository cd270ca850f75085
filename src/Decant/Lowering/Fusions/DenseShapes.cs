using Decant.IR;

namespace Decant.Lowering.Fusions;

/// <summary>A product of flattened rows whose result gets the outer dimensions back: FULLY_CONNECTED keeps them by itself.</summary>
internal static class DenseShapes
{
    public static bool Join(Node node, FusionGraph graph)
    {
        if (node.Op.Name != "RESHAPE" || FusionGraph.Producer(node.Inputs[0], "FULLY_CONNECTED") is not { } product || !graph.HasOneUse(product)
            || FusionGraph.Producer(product.Inputs[0], "RESHAPE") is not { } flat || node.Fact(0).Shape is not { HasRank: true } to)
            return false;
        Value input = flat.Inputs[0];
        if (input.Node.Fact(input.Port).Shape is not { HasRank: true } from || from.Rank != to.Rank || from.Rank < 2 || from[-1] != product.Inputs[1].Node.Fact(0).Shape[-1] || to[-1] != product.Inputs[1].Node.Fact(0).Shape[0])
            return false;
        if (new Shape(from.Dims[..^1]) != new Shape(to.Dims[..^1]) || from.Dims[..^1].ToArray().Count(d => d < 0) > 1)
            return false;
        product.Attributes.Set("keep_num_dims", true);
        graph.SetInput(product, 0, input);
        graph.Absorb(product, node);
        return true;
    }
}
