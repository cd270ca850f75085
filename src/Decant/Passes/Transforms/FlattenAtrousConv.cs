using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>
/// BatchToSpaceND(Conv(SpaceToBatchND(x, b, p), w), b, c) = Conv(x, w') with w' = w, its taps b apart and zeros between them. Padding is
/// SAME, as tf.layers makes it, or none, where no padding and no crops were there.
/// </summary>
internal sealed class FlattenAtrousConv() : NodePass("flatten_atrous_conv")
{
    /// <summary>What a filter may take when it is spread out.</summary>
    private const long MaxElements = 1 << 28;

    public static PassEntry Entry { get; } = new("flatten_atrous_conv", "Makes a dilated convolution by space-to-batch one convolution by a filter with zeros", _ => new FlattenAtrousConv());

    protected override Patch? Try(Node node, PassContext context)
    {
        if (node.Op != "BatchToSpaceND" || node.Inputs.Count != 3 || node.Inputs.Exists(i => !i.IsPresent))
            return null;
        Node conv = node.Inputs[0].Node;
        if (!WeightedNode.IsOne(conv) || conv.Op == "MatMul" || conv.Inputs[0].Node is not { Op.Name: "SpaceToBatchND", Inputs.Count: 3 } space)
            return null;
        if (new[] { conv, space }.FirstOrDefault(n => !context.HasOneUse(n)) is { } shared)
            return context.Decline(node, $"'{shared.Name}' is read by others too, or is an output");
        if (conv.Inputs[1].Constant is not { DType: DType.Float32, Shape.Rank: 4, ElementCount: > 0 } filter)
            return context.Decline(node, $"the filter of '{conv.Name}' is no Const of float32: run fold_constants first");
        if (ConstantInts.Of(space.Inputs[1], 2) is not [var bh and > 0, var bw and > 0] block || ConstantInts.Of(node.Inputs[1], 2) is not { } back || !block.SequenceEqual(back))
            return context.Decline(node, "the block shapes are no equal constants of two dimensions");
        if (ConstantInts.Of(space.Inputs[2], 4) is not { } paddings || ConstantInts.Of(node.Inputs[2], 4) is not { } crops)
            return context.Decline(node, "the paddings or the crops are no constants");
        if (WeightedNode.DataFormat(conv) != "NHWC" || (conv.Attributes["padding"] as StringAttr)?.Text != "VALID" || !AreOnes(conv.Attributes["strides"]) || !AreOnes(conv.Attributes["dilations"]))
            return context.Decline(node, $"'{conv.Name}' has strides, dilations, padding or channels first");
        (long kh, long kw) = (((filter.Shape[0] - 1) * bh) + 1, ((filter.Shape[1] - 1) * bw) + 1);
        if (Padding(paddings, crops, [kh, kw]) is not { } padding)
            return context.Decline(node, "the paddings and crops are neither those of SAME nor none");
        if (kh * kw > MaxElements / filter.Shape[2] / filter.Shape[3])
            return context.Decline(node, $"the filter would be of the shape [{kh},{kw},{filter.Shape[2]},{filter.Shape[3]}]");

        var patch = new Patch($"{Name}: {node.Name}");
        Value weights = patch.AddConst(conv.Inputs[1].Node.Name, Spread(filter, kh, kw, bh, bw));
        Value x = space.Inputs[0];
        patch.Change(conv, c =>
        {
            c.Inputs[0] = x;
            c.Inputs[1] = weights;
            c.Attributes["padding"] = padding;
            c.ControlInputs.AddRange(node.ControlInputs.Concat(space.ControlInputs).Except(c.ControlInputs));
        });
        patch.Replace(node, conv).Rename(conv, node.Name).Remove(node, space);
        patch.RemoveWith(conv, context, conv.Inputs[1]);
        foreach (Node constant in new[] { node.Inputs[1], node.Inputs[2], space.Inputs[1], space.Inputs[2] }.Select(v => v.Node).Distinct())
        {
            if (!context.IsKept(constant) && context.Users(constant).All(u => u == node || u == space))
                patch.Remove(constant);
        }

        return patch;
    }

    /// <summary>The padding that does what padding before and cropping behind did, or null.</summary>
    private static string? Padding(long[] paddings, long[] crops, long[] kernel)
    {
        bool isNone = true;
        bool isSame = true;
        for (int i = 0; i < 2; i++)
        {
            // What is padded beyond the crops reaches the convolution; SAME pads (k - 1) / 2 before and the rest behind.
            (long before, long behind) = (paddings[2 * i] - crops[2 * i], paddings[(2 * i) + 1] - crops[(2 * i) + 1]);
            isNone &= crops[2 * i] == 0 && before == 0 && behind == 0;
            isSame &= crops[2 * i] == 0 && before == (kernel[i] - 1) / 2 && behind == kernel[i] - 1 - before;
        }

        return isSame ? "SAME" : isNone ? "VALID" : null;
    }

    private static Tensor Spread(Tensor filter, long kh, long kw, long bh, long bw)
    {
        Shape shape = filter.Shape;
        int inner = (int)(shape[2] * shape[3]);
        ReadOnlySpan<float> from = filter.Span<float>();
        float[] to = new float[kh * kw * inner];
        for (long h = 0; h < shape[0]; h++)
        {
            for (long w = 0; w < shape[1]; w++)
                from.Slice((int)((h * shape[1]) + w) * inner, inner).CopyTo(to.AsSpan((int)((h * bh * kw) + (w * bw)) * inner));
        }

        return Tensor.Wrap(to, new Shape(kh, kw, shape[2], shape[3]));
    }

    private static bool AreOnes(AttrValue? attribute) => attribute is null || (attribute is ListAttr list && list.Ints.All(i => i == 1));
}
