using Decant.IR;
using Decant.Ops;

namespace Decant.Passes.Optimize;

/// <summary>
/// (x·s + t) ∗ w = x ∗ (w·s) + Σ t·w, per channel of the input of a convolution or matrix product: normalizations, multiplications
/// and additions of constants in front of it go into its weights and a bias behind it.
/// </summary>
/// <remarks>Where a convolution pads, it pads with 0 and not with t, so that a shift is folded into those only that do not pad.</remarks>
internal sealed class FoldInputScales() : NodePass("fold_input_scales")
{
    /// <summary>A bias of as many channels as convolutions have may take the place of one number.</summary>
    private const long MaxGrowth = 4096;

    protected override Patch? Try(Node node, PassContext context)
    {
        if (Product.Of(node) is not { } product || product.Node.Inputs[product.Data] is not { Port: 0 } data || ChannelAffine.Of(data.Node, product.Inputs, product.Rank, product.ChannelsFirst) is not { } affine)
            return null;
        if (!context.HasOneUse(data.Node))
            return context.Decline(node, $"'{data.Node.Name}' is an output or has other readers");
        if (affine.Input.Fact().DType != product.Weights.DType || affine.Input.Shape().Rank != product.Rank)
            return context.Decline(node, $"the rank of what '{data.Node.Name}' reads is not known");
        bool hasChannels = affine.Input.Shape()[product.ChannelsFirst ? 1 : -1] == product.Inputs;
        if (node.Op.Name is "Conv2D" or "Conv3D" && !hasChannels)
            return context.Decline(node, "convolves groups of channels, or their number is not known");
        if (!hasChannels && Broadcasts(data.Node, affine.Data))
            return context.Decline(node, $"'{data.Node.Name}' would make several channels of one, and their number is not known");
        if (affine.Shift is not null && (IsPadded(node) || node.Op.Name is "Conv2DBackpropInput" or "Conv3DBackpropInputV2"))
            return context.Decline(node, $"pads with 0, and '{data.Node.Name}' does not map 0 to 0");
        if (affine.Shift is not null && context.IsKept(node))
            return context.Decline(node, "is an output, behind which no bias can be put");
        TensorAttr? weights = affine.Scale is null ? null : product.ScaledInputs(affine.Scale);
        if (weights is null && affine.Scale is not null)
            return context.Decline(node, "weights would not be finite");
        Tensor? bias = null;
        if (affine.Shift is not null && (bias = FloatElements.Make(product.Gain(affine.Shift), product.Weights.DType, new Shape(product.Outputs))) is null)
            return context.Decline(node, "biases would not be finite");
        long growth = (weights is null ? 0 : ConstantBytes.Of(weights)) + (bias is null ? 0 : ConstantBytes.Of(bias)) - ConstantBytes.FreedBy(context, weights is null ? [data.Node] : [node, data.Node]);
        if (growth > MaxGrowth)
            return context.Decline(node, $"would make the model {growth} bytes larger");

        var patch = new Patch($"{Name}: {node.Name} ({data.Node.Op.Name} {data.Node.Name})");
        Node? scaled = weights is null ? null : patch.AddConst($"{node.Name}/weights", weights, [.. Rewrites.Constants(node), .. Rewrites.Constants(data.Node)]);
        patch.Change(node, n =>
        {
            n.Inputs[product.Data] = affine.Input;
            if (scaled is not null)
                n.Inputs[product.WeightsInput] = scaled;
            n.ControlInputs.AddRange(data.Node.ControlInputs.Except(n.ControlInputs));
        });
        if (bias is null)
            return patch;
        Node summands = patch.AddConst($"{node.Name}/bias", bias, [.. Rewrites.Constants(node), .. Rewrites.Constants(data.Node)]);
        return patch.Replace(node, patch.Add($"{node.Name}/shifted", "BiasAdd", [node, summands], Rewrites.BiasAttributes(product)));
    }

    /// <summary>Whether a node gives more channels than its input has when that has one.</summary>
    private static bool Broadcasts(Node node, int data) =>
        node.Op.Name is "Add" or "AddV2" or "Sub" or "Mul" or "Div" or "RealDiv" && node.Inputs[1 - data].Constant is { ElementCount: > 1 };

    private static bool IsPadded(Node node) => node.Op.Name is "Conv2D" or "Conv3D" or "DepthwiseConv2dNative" && new NodeAttributes(node) is var attributes
        && (attributes.String("padding") == "SAME" || (attributes.String("padding") == "EXPLICIT" && attributes.Ints("explicit_paddings").Any(p => p != 0)));
}
