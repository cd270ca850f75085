using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>
/// BN(Conv2D(x, w)) = BiasAdd(Conv2D(x, w * s), o) with s = 1 / sqrt(variance + epsilon) * gamma and o = -mean * s + beta in float32, in
/// this order. BN is FusedBatchNorm in its three versions or BatchNormWithGlobalNormalization; Conv2D may be
/// DepthwiseConv2dNative. Between the two may stand a BatchToSpaceND, or a concatenation of several convolutions.
/// </summary>
/// <remarks>
/// A bias may not, as in the original: the normalization behind it mostly evens out channels of very different ranges, and 8-bit integers
/// with one range for all of them, which often come next, lose the small ones when it is folded.
/// </remarks>
internal sealed class FoldOldBatchNorms() : NodePass("fold_old_batch_norms")
{
    public static PassEntry Entry { get; } = new("fold_old_batch_norms", "Folds batch normalizations by constants into the convolutions before them", _ => new FoldOldBatchNorms());

    protected override Patch? Try(Node node, PassContext context)
    {
        if (!Normalization.IsOne(node) || node.Inputs[0].Port != 0)
            return null;
        Node before = node.Inputs[0].Node;
        Node[] convolutions = before.Op.Name switch
        {
            "Conv2D" or "DepthwiseConv2dNative" => [before],
            "BatchToSpaceND" when before.Inputs.Count == 3 => [before.Inputs[0].Node],
            "ConcatV2" or "Concat" => [.. Joined(before).Select(v => v.Node)],
            _ => [],
        };
        if (before.Op.Name is "BiasAdd" or "Add" or "AddV2" && before.Inputs.Count == 2 && WeightedNode.IsOne(before.Inputs[0].Node))
            return context.Decline(node, $"the bias '{before.Name}' stands between it and '{before.Inputs[0].Node.Name}': fold_output_scales folds both");
        if (convolutions.Length == 0 || convolutions.Any(c => !WeightedNode.IsOne(c) || c.Op == "MatMul"))
            return null;
        if (convolutions.Append(before).FirstOrDefault(n => !context.HasOneUse(n)) is { } shared)
            return context.Decline(node, $"'{shared.Name}' is read by others too, or is an output");
        if (Normalization.Of(node, context, out string reason) is not { } norm)
            return context.Decline(node, reason);
        if (norm.DataFormat is { } format && convolutions.FirstOrDefault(c => WeightedNode.DataFormat(c) != format) is { } other)
            return context.Decline(node, $"its data format is {format}, and that of '{other.Name}' is {WeightedNode.DataFormat(other)}");
        var weighted = new List<WeightedNode>();
        foreach (Node convolution in convolutions)
        {
            if (WeightedNode.Of(convolution, context, out reason) is not { } it)
                return context.Decline(node, reason);
            weighted.Add(it);
        }

        return before.Op.Name switch
        {
            "BatchToSpaceND" => BehindBatchToSpace(node, before, weighted[0], norm, context),
            "ConcatV2" or "Concat" => BehindConcat(node, before, weighted, norm, context),
            _ => Behind(node, weighted[0], norm, context),
        };
    }

    private Patch? Behind(Node node, WeightedNode it, Normalization norm, PassContext context)
    {
        if (it.Channels != norm.Scale.Length)
            return BadLength(node, it.Channels, norm, context);
        var patch = new Patch($"{Name}: {node.Name}");
        Node biased = Fold(patch, it, norm.Scale, norm.Offset, node.Name, node);
        patch.Replace(node, biased).Remove(node);
        patch.RemoveWith(node, context, norm.Constants);
        return patch;
    }

    private Patch? BehindBatchToSpace(Node node, Node batchToSpace, WeightedNode it, Normalization norm, PassContext context)
    {
        if (it.Channels != norm.Scale.Length)
            return BadLength(node, it.Channels, norm, context);
        if (it.ChannelAxis != 3)
            return context.Decline(node, $"the channels of '{it.Node.Name}' are not the last dimension, as BatchToSpaceND takes them");
        var patch = new Patch($"{Name}: {node.Name}");
        Node biased = Fold(patch, it, norm.Scale, norm.Offset, $"{it.Node.Name}/biasadd", null);
        patch.Change(batchToSpace, b => Take(b, node, 0, biased)).Replace(node, batchToSpace).Rename(batchToSpace, node.Name).Remove(node);
        patch.RemoveWith(node, context, norm.Constants);
        return patch;
    }

    private Patch? BehindConcat(Node node, Node concat, List<WeightedNode> parts, Normalization norm, PassContext context)
    {
        Value axis = concat.Op == "Concat" ? concat.Inputs[0] : concat.Inputs[^1];
        if (ConstantInts.Of(axis, 1) is not [long at])
            return context.Decline(node, $"the axis of '{concat.Name}' is no constant");
        at = at < 0 ? at + 4 : at;
        bool splits = at == parts[0].ChannelAxis;
        if (parts.Exists(p => p.ChannelAxis != parts[0].ChannelAxis) || at is < 0 or > 3)
            return context.Decline(node, $"the convolutions before '{concat.Name}' have their channels in different places");
        if (splits ? parts.Sum(p => p.Channels) != norm.Scale.Length : parts.Exists(p => p.Channels != norm.Scale.Length))
            return BadLength(node, parts.Sum(p => p.Channels), norm, context);
        var patch = new Patch($"{Name}: {node.Name}");
        int from = 0;
        int first = concat.Op == "Concat" ? 1 : 0;
        var biased = new List<Node>();
        foreach (WeightedNode part in parts)
        {
            Range range = splits ? from..(from + (int)part.Channels) : ..;
            biased.Add(Fold(patch, part, norm.Scale[range], norm.Offset[range], $"{concat.Name}_bn_in{biased.Count}", null));
            from += (int)part.Channels;
        }

        patch.Change(concat, c =>
        {
            for (int i = 0; i < biased.Count; i++)
                Take(c, node, first + i, biased[i]);
        });
        patch.Replace(node, concat).Rename(concat, node.Name).Remove(node);
        patch.RemoveWith(node, context, norm.Constants);
        return patch;
    }

    /// <summary>Scales the weights and adds the offset behind the convolution.</summary>
    private static Node Fold(Patch patch, WeightedNode it, float[] scale, float[] offset, string name, Node? norm)
    {
        it.Scale(patch, scale);
        Node constant = patch.AddConst($"{it.Node.Name}_bn_offset", Tensor.Wrap(offset));
        var attributes = new AttributeMap { { "T", DType.Float32 } };
        if (it.Node.Attributes["data_format"] is { } format)
            attributes.Set("data_format", format);
        Node biased = patch.Add(name, "BiasAdd", [it.Node, constant], attributes);
        biased.Device = it.Node.Device;
        if (norm is not null)
            biased.ControlInputs.AddRange(norm.ControlInputs);
        return biased;
    }

    private static void Take(Node node, Node norm, int input, Node value)
    {
        node.Inputs[input] = value;
        node.ControlInputs.AddRange(norm.ControlInputs.Except(node.ControlInputs).Where(b => b != node));
    }

    private static IEnumerable<Value> Joined(Node concat)
    {
        for (int i = concat.Op == "Concat" ? 1 : 0; i < concat.Inputs.Count - (concat.Op == "Concat" ? 0 : 1); i++)
            yield return concat.Inputs[i];
    }

    private static Patch? BadLength(Node node, long channels, Normalization norm, PassContext context) =>
        context.Decline(node, $"normalizes {norm.Scale.Length} channels, and there are {channels}");
}
