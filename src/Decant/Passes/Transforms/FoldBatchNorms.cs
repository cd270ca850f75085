using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>
/// Mul(Conv2D(x, w), c) = Conv2D(x, w * c), and the same for DepthwiseConv2dNative and MatMul, with a constant c per output channel or
/// one for all: what is left of a batch normalization once constants are folded. The addition behind it stays, as a bias.
/// </summary>
internal sealed class FoldBatchNorms() : NodePass("fold_batch_norms")
{
    public static PassEntry Entry { get; } = new("fold_batch_norms", "Multiplies factors per channel into the weights of the convolution or product before them", _ => new FoldBatchNorms());

    protected override Patch? Try(Node node, PassContext context)
    {
        if (node.Op != "Mul" || node.Inputs.Count != 2)
            return null;
        int side = WeightedNode.IsOne(node.Inputs[0].Node) && node.Inputs[1].Constant is not null ? 0 : WeightedNode.IsOne(node.Inputs[1].Node) && node.Inputs[0].Constant is not null ? 1 : -1;
        if (side < 0)
            return null;
        Node weighted = node.Inputs[side].Node;
        if (!context.HasOneUse(weighted))
            return context.Decline(node, $"'{weighted.Name}' is read by others too, or is an output");
        if (WeightedNode.Of(weighted, context, out string reason) is not { } it)
            return context.Decline(node, reason);
        Value constant = node.Inputs[1 - side];
        if (ChannelFactors.Of(constant.Constant, it.Rank, it.ChannelAxis, it.Channels) is not { } scale)
            return context.Decline(node, $"Mul constant input to batch norm has bad shape: {constant.Constant!.Shape}, for {it.Channels} channels");
        var patch = new Patch($"{Name}: {node.Name}");
        it.Scale(patch, scale);
        patch.Change(weighted, w => w.ControlInputs.AddRange(node.ControlInputs.Except(w.ControlInputs).Where(b => b != w)));
        patch.Replace(node, weighted).Rename(weighted, node.Name).Remove(node);
        patch.RemoveWith(node, context, constant);
        return patch;
    }
}
