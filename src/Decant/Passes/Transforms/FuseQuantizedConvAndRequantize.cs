using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>
/// Requantize(QuantizedConv2D(...), min, max) = QuantizedConv2DAndRequantize(..., min, max) for a constant range, and the same for the forms
/// with a bias and a Relu. The fused ops know ranges around zero (qint8) and from zero on (quint8) alone.
/// </summary>
internal sealed class FuseQuantizedConvAndRequantize() : NodePass("fuse_quantized_conv_and_requantize")
{
    public static PassEntry Entry { get; } = new("fuse_quantized_conv_and_requantize", "Fuses a Requantize by a constant range into the quantized convolution before it", _ => new FuseQuantizedConvAndRequantize());

    protected override Patch? Try(Node node, PassContext context)
    {
        if (node.Op != "Requantize" || node.Inputs.Count != 5 || node.Inputs.Exists(i => !i.IsPresent))
            return null;
        Node conv = node.Inputs[0].Node;
        if (conv.Op.Name is not ("QuantizedConv2D" or "QuantizedConv2DAndRelu" or "QuantizedConv2DWithBias" or "QuantizedConv2DWithBiasAndRelu"))
            return null;
        if (!Enumerable.Range(0, 3).All(i => node.Inputs[i] == new Value(conv, i)))
            return context.Decline(node, $"does not read the range of '{conv.Name}' as it is");
        if (node.Inputs[3].Constant is not { DType: DType.Float32, ElementCount: 1 } min || node.Inputs[4].Constant is not { DType: DType.Float32, ElementCount: 1 } max)
            return context.Decline(node, "its range is no constant");
        if (!context.IsOnlyReadBy(conv, node))
            return context.Decline(node, $"'{conv.Name}' is read by others too, or is an output");
        (float lowest, float highest) = (min.Span<float>()[0], max.Span<float>()[0]);
        DType type = (node.Attributes["out_type"] as TypeAttr)?.Value ?? DType.Invalid;
        if (!(type == DType.QUInt8 && lowest == 0 && highest > 0 && conv.Op.Name.EndsWith("Relu", StringComparison.Ordinal)) && !(type == DType.QInt8 && lowest == -highest && highest > 0))
            return context.Decline(node, $"requantizes to {type.Name()} from {lowest} to {highest}, which {conv.Op}AndRequantize does not");
        if (conv.Attributes["Tfilter"] is not TypeAttr { Value: DType.QInt8 })
            return context.Decline(node, $"the filter of '{conv.Name}' is not of qint8, as {conv.Op}AndRequantize takes it");

        var patch = new Patch($"{Name}: {node.Name}");
        AttributeMap attributes = conv.Attributes.Clone();
        attributes.Set("out_type", type);
        if (conv.Op.Name.Contains("Bias", StringComparison.Ordinal))
            attributes.Set("Tbias", DType.Float32);
        Node fused = patch.Add(node.Name, $"{conv.Op}AndRequantize", [.. conv.Inputs, node.Inputs[3], node.Inputs[4]], attributes);
        fused.Device = conv.Device;
        fused.ControlInputs.AddRange(conv.ControlInputs.AsSpan().ToArray().Union(node.ControlInputs.AsSpan().ToArray()));
        for (int i = 0; i < 3; i++)
            patch.Replace(new Value(node, i), new Value(fused, i));
        return patch.Remove(node, conv);
    }
}
