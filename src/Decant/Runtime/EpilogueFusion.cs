using Decant.IR;
using Decant.Ops;
using Decant.Ops.LinearAlgebra;
using Decant.Ops.NN;

namespace Decant.Runtime;

/// <summary>
/// Joins what follows on a float32 convolution or matrix product of constant weights into its step:
/// act((x ∗ w)·s + b) = act(x ∗ (w·s) + b), with s and b constants per output channel that come of biases, additions and
/// multiplications by constants, and normalizations by constant moments. Results differ by the rounding of w·s.
/// </summary>
internal sealed class EpilogueFusion(Engine engine, ConstantValues constants, ValueReaders readers)
{
    /// <summary>The units with those that were joined in the place of their last.</summary>
    public List<PlannedNode> Run(List<PlannedNode> units)
    {
        Dictionary<Node, int> positions = units.Select((u, i) => (u.Output, i)).ToDictionary(p => p.Output, p => p.i);
        var result = units.ToArray<PlannedNode?>();
        for (int i = 0; i < units.Count; i++)
        {
            if (result[i] is not { Fused.Count: 0 } unit || Start(unit.Node) is not { } chain)
                continue;
            while (readers.Only(chain.Last) is { } next && positions.ContainsKey(next) && chain.Take(next, engine, constants))
            {
            }

            if (chain.Fused.Count == 0)
                continue;
            foreach (Node node in chain.Fused)
                result[positions[node]] = null;
            result[i] = null;
            result[positions[chain.Fused[^1]]] = new PlannedNode(chain.Join(constants)) { Output = chain.Fused[^1], Fused = chain.Fused };
        }

        return [.. result.OfType<PlannedNode>()];
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
            return weights.Shape.Rank == 2 ? new ChannelChain(node, (int)channels, 2, false, transposed ? (int)weights.Shape[-1] : 1) : null;
        Layout layout = Layout.Read(node, weights.Shape.Rank - 2);
        return new ChannelChain(node, (int)channels, layout.Rank, layout.ChannelsFirst, 1);
    }
}
