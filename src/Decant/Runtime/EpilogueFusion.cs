using Decant.IR;
using Decant.Ops;
using Decant.Ops.Arrays;
using Decant.Ops.LinearAlgebra;
using Decant.Ops.NN;

namespace Decant.Runtime;

/// <summary>
/// Joins what follows on a float32 convolution or matrix product of constant weights into its step:
/// act((x ∗ w)·s + b) = act(x ∗ (w·s) + b), with s and b constants per output channel that come of biases, additions and
/// multiplications by constants, and normalizations by constant moments. Results differ by the rounding of w·s. A convolution also
/// takes the addition of a residual, act(x ∗ w + b + r), Prelu, also where the graph makes it of other ops, and a <c>Pad</c> of zeros before it, which becomes its own padding.
/// Last, a convolution takes act(..)·s + b of constants per channel, which stay as they are behind an activation, or the hard swish.
/// </summary>
/// <param name="engine">What the units are for.</param>
/// <param name="constants">Their constants.</param>
/// <param name="readers">Who reads what.</param>
/// <param name="foldsWeights">Whether w·s is worth making: not for a single run, in which s costs less where it is.</param>
internal sealed class EpilogueFusion(Engine engine, ConstantValues constants, ValueReaders readers, bool foldsWeights)
{
    /// <summary>More than a convolution has; the limit of its attribute is far above.</summary>
    internal const long LargestPad = 1 << 16;

    /// <summary>The units with those that were joined in the place of their last.</summary>
    public List<PlannedNode> Run(List<PlannedNode> units)
    {
        Dictionary<Node, int> positions = units.Select((u, i) => (u.Output, i)).ToDictionary(p => p.Output, p => p.i);
        var result = units.ToArray<PlannedNode?>();
        for (int i = 0; i < units.Count; i++)
        {
            if (result[i] is not { Fused.Count: 0 } unit || Start(unit.Node) is not { } chain)
                continue;
            bool IsUnit(Node node) => positions.TryGetValue(node, out int at) && result[at]?.Node == node;
            while (readers.Only(chain.Last) is { } next && IsUnit(next) && readers.IsReadAtFirst(next) && chain.Take(next, engine, constants))
            {
            }

            if (PreluForm.Find(chain.Last, readers, v => constants.Find(v)?.Invoke()) is { } prelu && prelu.Nodes.TrueForAll(IsUnit))
                chain.Take(prelu, constants);
            if (HardSwishForm.Find(chain.Last, readers, v => constants.Find(v)?.Invoke()) is { } swish && swish.Nodes.TrueForAll(IsUnit))
                chain.Take(swish);

            Node? pad = unit.Node.Inputs[0].IsPresent && readers.Only(unit.Node.Inputs[0]) == unit.Node && positions.TryGetValue(unit.Node.Inputs[0].Node, out int before) && result[before]?.Node == unit.Node.Inputs[0].Node
                ? unit.Node.Inputs[0].Node : null;
            long[]? pads = pad is null ? null : Pads(unit.Node, pad);
            if (chain.Fused.Count == 0 && pads is null)
                continue;
            Node joined = chain.Join(constants);
            if (pads is not null)
            {
                joined.Inputs[0] = pad!.Inputs[0];
                joined.Attributes.Set("padding", "EXPLICIT");
                joined.Attributes.Set("explicit_paddings", new ListAttr { Ints = pads });
                result[positions[pad]] = null;
            }

            foreach (Node node in chain.Fused)
                result[positions[node]] = null;
            result[i] = null;
            Node last = chain.Last.Node;
            result[positions[last]] = new PlannedNode(joined) { Output = last, Fused = pads is null ? chain.Fused : [pad!, .. chain.Fused] };
        }

        return [.. result.OfType<PlannedNode>()];
    }

    /// <summary>The paddings of a node that adds zeros along the spatial axes alone, where the convolution that reads it adds none itself.</summary>
    private long[]? Pads(Node convolution, Node pad)
    {
        if (!engine.Ops.TryGet(pad.Op, out Op? op) || op is not Pad || !engine.Ops.TryGet(convolution.Op, out Op? reader) || reader is not (Conv or DepthwiseConv) || new NodeAttributes(convolution).String("padding") != "VALID")
            return null;
        if (constants.Find(pad.Inputs[1]) is not { } read || (pad.Inputs.Count > 2 && (constants.Find(pad.Inputs[2])?.Invoke() is not { DType: DType.Float32, ElementCount: 1 } value || value.Span<float>()[0] != 0)))
            return null;
        long[] pads = TensorInts.Read(read(), pad);
        Layout layout = Layout.Read(convolution, (pads.Length / 2) - 2);
        bool isSpatial = pads.Length == 2 * layout.Rank && pads[0] == 0 && pads[1] == 0 && pads[2 * layout.Channel] == 0 && pads[(2 * layout.Channel) + 1] == 0;
        return isSpatial && Array.TrueForAll(pads, p => p is >= 0 and <= LargestPad) ? pads : null;
    }

    private ChannelChain? Start(Node node)
    {
        if (node.Inputs.Count != 2 || node.Attributes.Contains("fused_ops") || !engine.Ops.TryGet(node.Op, out Op? op) || op is not (Conv or DepthwiseConv or MatMul))
            return null;
        if (readers.ReadsReference(node) || constants.Find(node.Inputs[1]) is not { } read || read() is not { DType: DType.Float32 } weights || weights.Shape.Rank < 2 || weights.ElementCount == 0)
            return null;
        var attributes = new NodeAttributes(node);
        bool transposed = op is MatMul && attributes.Has("transpose_b") && attributes.Bool("transpose_b");
        long channels = op is DepthwiseConv ? weights.Shape[-1] * weights.Shape[-2] : weights.Shape[transposed ? -2 : -1];
        if (op is MatMul)
            return weights.Shape.Rank == 2 ? new ChannelChain(node, (int)channels, 2, false, transposed ? (int)weights.Shape[-1] : 1, takesResidual: false, takesSlopes: false, takesLast: false, foldsWeights) : null;
        Layout layout = Layout.Read(node, weights.Shape.Rank - 2);
        return new ChannelChain(node, (int)channels, layout.Rank, layout.ChannelsFirst, 1, takesResidual: op is Conv && !layout.ChannelsFirst, takesSlopes: op is Conv, takesLast: !layout.ChannelsFirst, foldsWeights);
    }
}
