using Decant.IR;

namespace Decant.Passes.Optimize;

/// <summary>
/// (x ∗ w + b)·s + t = x ∗ (w·s) + (b·s + t), per channel of the output of a convolution or matrix product: normalizations,
/// multiplications and divisions by constants behind it go into its weights and its bias.
/// </summary>
/// <remarks>Weights are computed in float64 and rounded once.</remarks>
internal sealed class FoldOutputScales() : NodePass("fold_output_scales")
{
    protected override Patch? Try(Node node, PassContext context)
    {
        if (Find(node) is not { } found)
            return null;
        (Product product, ChannelAffine? bias, ChannelAffine scale) = found;
        if (!context.HasOneOutputInUse(node))
            return context.Decline(node, "its moments are read, not the result alone");
        if (!context.HasOneUse(product.Node))
            return context.Decline(node, $"'{product.Node.Name}' is an output or has other readers");
        if (bias is not null && !context.HasOneUse(bias.Node))
            return context.Decline(node, $"'{bias.Node.Name}' is an output or has other readers");
        double[] factors = scale.Scale!;
        if (product.ScaledOutputs(factors) is not { } weights)
            return context.Decline(node, "weights would not be finite");
        Tensor? summands = null;
        if (bias is not null || scale.Shift is not null)
        {
            double[] sum = [.. factors.Select((f, c) => ((bias?.Shift![c] ?? 0) * f) + (scale.Shift?[c] ?? 0))];
            summands = FloatElements.Make(sum, weights.DType, new Shape(sum.Length));
            if (summands is null)
                return context.Decline(node, "biases would not be finite");
        }

        Node[] removed = bias is null ? [node, product.Node] : [node, product.Node, bias.Node];
        long growth = ConstantBytes.Of(weights) + (summands is null ? 0 : ConstantBytes.Of(summands)) - ConstantBytes.FreedBy(context, removed);
        if (growth > 0)
            return context.Decline(node, $"the weights of '{product.Node.Name}' are shared, and a copy of them would make the model {growth} bytes larger");

        var patch = new Patch($"{Name}: {node.Name} ({node.Op.Name} into {product.Node.Name})");
        Node scaled = patch.AddConst($"{product.Node.Name}/weights", weights, [.. Rewrites.Constants(product.Node), .. Rewrites.Constants(node)]);
        patch.Change(product.Node, n => n.Inputs[product.WeightsInput] = scaled);
        Node[] waits = [.. Rewrites.Waits(bias is null ? [node] : [node, bias.Node])];
        if (summands is null)
            return patch.Change(node, n => n.Become("Identity", [product.Node], new AttributeMap { { "T", weights.DType } }, waits));
        Node added = patch.AddConst($"{node.Name}/bias", summands, [.. Rewrites.Constants(node), .. Rewrites.Constants(product.Node)]);
        return patch.Change(node, n => n.Become("BiasAdd", [product.Node, added], Rewrites.BiasAttributes(product), waits));
    }

    /// <summary>The scale that a node is, the bias between, and the product.</summary>
    private static (Product Product, ChannelAffine? Bias, ChannelAffine Scale)? Find(Node node)
    {
        if (node.Op.Name is not ("Mul" or "Div" or "RealDiv" or "FusedBatchNorm" or "FusedBatchNormV2" or "FusedBatchNormV3" or "BatchNormWithGlobalNormalization"))
            return null;
        foreach (Value input in node.Inputs)
        {
            if (!input.IsPresent || input.Port != 0)
                continue;
            if (Product.Of(input.Node) is { } product)
                return As(node, product) is { Scale: not null } scale && scale.Input == product.Node ? (product, null, scale) : null;
            foreach (Value inner in input.Node.Inputs)
            {
                if (inner.IsPresent && inner.Port == 0 && Product.Of(inner.Node) is { } before && As(input.Node, before) is { Scale: null } bias && bias.Input == before.Node)
                    return As(node, before) is { Scale: not null } scale && scale.Input == input.Node ? (before, bias, scale) : null;
            }
        }

        return null;
    }

    private static ChannelAffine? As(Node node, Product product) => ChannelAffine.Of(node, product.Outputs, product.Rank, product.ChannelsFirst);
}
