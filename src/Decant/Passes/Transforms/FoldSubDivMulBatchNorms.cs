using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>
/// ((Conv2D(x, w) - mean) / deviation) * gamma + beta = Conv2D(x, w * gamma / deviation) + ((0 - mean) * gamma / deviation + beta): the
/// normalization as YOLO's converters write it out, with <c>Sub</c>, <c>RealDiv</c>, <c>Mul</c> and <c>BiasAdd</c>.
/// </summary>
internal sealed class FoldSubDivMulBatchNorms() : NodePass("fold_subdivmul_batch_norms")
{
    public static PassEntry Entry { get; } = new("fold_subdivmul_batch_norms", "Folds normalizations that are written as Sub, RealDiv, Mul and BiasAdd into the convolution before them", _ => new FoldSubDivMulBatchNorms());

    protected override Patch? Try(Node node, PassContext context)
    {
        if (node.Op.Name is not ("BiasAdd" or "Add" or "AddV2") || First(node, "Mul") is not { } mul || First(mul, "RealDiv") is not { } div || First(div, "Sub") is not { } sub || sub.Inputs[0].Node is not { } conv || conv.Op != "Conv2D" || !WeightedNode.IsOne(conv))
            return null;
        if (new[] { mul, div, sub, conv }.FirstOrDefault(n => !context.HasOneUse(n)) is { } shared)
            return context.Decline(node, $"'{shared.Name}' is read by others too, or is an output");
        if (WeightedNode.Of(conv, context, out string reason) is not { } it)
            return context.Decline(node, reason);
        if (Factors(sub, it) is not { } mean || Factors(div, it) is not { } deviation || Factors(mul, it) is not { } gamma || Factors(node, it) is not { } beta)
            return context.Decline(node, $"what is subtracted, divided by, multiplied or added is not {it.Channels} constants of float32");
        if (node.Op == "BiasAdd" && WeightedNode.DataFormat(node) != WeightedNode.DataFormat(conv))
            return context.Decline(node, $"its data format is {WeightedNode.DataFormat(node)}, and that of '{conv.Name}' is {WeightedNode.DataFormat(conv)}");

        float[] offset = new float[it.Channels];
        for (int i = 0; i < offset.Length; i++)
            offset[i] = ((0f - mean[i]) * gamma[i] / deviation[i]) + beta[i];

        var patch = new Patch($"{Name}: {node.Name}");
        it.Scale(patch, gamma, deviation);
        Node constant = patch.AddConst($"{conv.Name}_bn_offset", Tensor.Wrap(offset));
        Node biased = patch.Add(node.Name, "BiasAdd", [conv, constant], new AttributeMap { { "T", DType.Float32 } });
        if (conv.Attributes["data_format"] is { } format)
            biased.Attributes.Set("data_format", format);
        biased.Device = node.Device;
        biased.ControlInputs.AddRange(new[] { node, mul, div, sub }.SelectMany(n => n.ControlInputs.AsSpan().ToArray()).Distinct());
        patch.Replace(node, biased).Remove(node, mul, div, sub);
        foreach (Node reader in new[] { node, mul, div, sub })
            patch.RemoveWith(reader, context, reader.Inputs[1]);
        return patch;
    }

    private static Node? First(Node node, string op) => node is { Inputs: { Count: 2 } inputs } && inputs[0] is { IsPresent: true, Port: 0, Node: { Inputs.Count: 2 } before } && before.Op == op ? before : null;

    private static float[]? Factors(Node node, WeightedNode it) =>
        node.Op == "BiasAdd" ? ChannelFactors.Vector(node.Inputs[1], it.Channels) : node.Inputs[1].IsPresent ? ChannelFactors.Of(node.Inputs[1].Constant, it.Rank, it.ChannelAxis, it.Channels) : null;
}
