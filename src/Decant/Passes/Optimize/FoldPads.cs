using Decant.IR;
using Decant.Ops;

namespace Decant.Passes.Optimize;

/// <summary>
/// conv(pad(x, 0)) = conv(x) with those paddings: <c>Pad</c> of spatial dimensions with 0 in front of a convolution that does not pad
/// becomes its <c>explicit_paddings</c>, or <c>SAME</c> where that pads as much.
/// </summary>
internal sealed class FoldPads() : NodePass("fold_pads")
{
    protected override Patch? Try(Node node, PassContext context)
    {
        if (node.Op.Dialect != Dialect.TensorFlow || node.Op.Name is not ("Conv2D" or "DepthwiseConv2dNative") || node.Inputs.Count != 2)
            return null;
        Node pad = node.Inputs[0].Node;
        if (pad is null || pad.Op.Name is not ("Pad" or "PadV2") || pad.Op.Dialect != Dialect.TensorFlow)
            return null;
        var attributes = new NodeAttributes(node);
        if (!context.HasOneUse(pad))
            return context.Decline(node, $"'{pad.Name}' is an output or has other readers");
        if (pad.Inputs[1].Constant is not { DType: DType.Int32 or DType.Int64, ElementCount: 8 } constant)
            return context.Decline(node, $"the paddings of '{pad.Name}' are not constant");
        if (pad.Op == "PadV2" && (pad.Inputs[2].Constant is not { } value || FloatElements.Read(value) is not [0]))
            return context.Decline(node, $"'{pad.Name}' pads with another value than 0");
        if (attributes.String("padding") == "SAME")
            return context.Decline(node, "pads itself as the size of its input demands");
        long[] pads = TensorInts.Read(constant, pad);
        int channel = attributes.String("data_format") == "NCHW" ? 1 : 3;
        if (pads[0] != 0 || pads[1] != 0 || pads[2 * channel] != 0 || pads[(2 * channel) + 1] != 0)
            return context.Decline(node, $"'{pad.Name}' pads the batch or the channels");
        if (Array.Exists(pads, p => p < 0))
            return context.Decline(node, $"'{pad.Name}' pads by a negative number");
        if (attributes.String("padding") == "EXPLICIT")
            pads = [.. pads.Zip(attributes.Ints("explicit_paddings"), (a, b) => a + b)];
        bool isSame = IsSame(node, pad.Inputs[0].Shape(), pads, channel == 1);
        return new Patch($"{Name}: {node.Name} ({pad.Name}{(isSame ? ", as SAME" : "")})").Change(node, n =>
        {
            n.Inputs[0] = pad.Inputs[0];
            n.Attributes.Set("padding", isSame ? "SAME" : "EXPLICIT");
            if (isSame)
                n.Attributes.Remove("explicit_paddings");
            else
                n.Attributes.Set("explicit_paddings", new ListAttr { Ints = pads });
            n.ControlInputs.AddRange(Rewrites.Waits(pad).Except(n.ControlInputs));
        });
    }

    /// <summary>Whether <c>SAME</c> pads an input of this shape as much: ⌈size / stride⌉ outputs, the odd one behind.</summary>
    private static bool IsSame(Node node, Shape input, long[] pads, bool channelsFirst)
    {
        if (input.Rank != 4 || node.Inputs[1].Shape() is not { IsFullyKnown: true, Rank: 4 } filter)
            return false;
        var attributes = new NodeAttributes(node);
        IReadOnlyList<long> strides = attributes.Ints("strides"), dilations = attributes.Has("dilations") ? attributes.Ints("dilations") : [];
        for (int i = 0; i < 2; i++)
        {
            int axis = channelsFirst ? i + 2 : i + 1;
            if (input[axis] <= 0 || strides.Count != 4 || dilations.Count is not (0 or 4))
                return false;
            long window = ((filter[i] - 1) * (dilations.Count == 0 ? 1 : dilations[axis])) + 1;
            long outputs = (input[axis] + strides[axis] - 1) / strides[axis];
            long total = Math.Max(0, ((outputs - 1) * strides[axis]) + window - input[axis]);
            if (pads[2 * axis] != total / 2 || pads[(2 * axis) + 1] != total - (total / 2))
                return false;
        }

        return true;
    }
}
