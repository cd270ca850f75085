using System.Globalization;
using Decant.IR;

namespace Decant.Passes.Compress;

/// <summary>
/// Sets the weights of least magnitude to 0 until a given share of them is: of each tensor, or of all tensors together. The size stays
/// the same; archives of it are small.
/// </summary>
/// <param name="sparsity">The share, from 0 to below 1.</param>
/// <param name="together">Whether all tensors have one limit.</param>
/// <param name="selection">The weights.</param>
internal sealed class SparsePass(double sparsity, bool together, WeightSelection selection) : WeightPass("weights_to_sparse", selection)
{
    private readonly Dictionary<Node, PruneLimit> _limits = [];

    public override IEnumerable<Patch> Patches(PassContext context)
    {
        if (together)
        {
            (Node Node, Weights Weights)[] all = [.. context.Graph.Nodes.Select(n => (n, Find(n, context)!)).Where(w => w.Item2 is not null)];
            PruneLimit[] limits = PruneLimit.Of([.. all.Select(a => (Func<Tensor>)(() => a.Weights.Tensor))], sparsity);
            for (int i = 0; i < limits.Length; i++)
                _limits[all[i].Node] = limits[i];
        }

        return base.Patches(context);
    }

    protected override Patch Try(Node node, Weights weights, PassContext context)
    {
        PruneLimit limit = together ? _limits[node] : PruneLimit.Of([() => weights.Tensor], sparsity)[0];
        string below = BitConverter.UInt32BitsToSingle(limit.Magnitude).ToString("G4", CultureInfo.InvariantCulture);
        return Change(node, weights, $"magnitudes below {below}", limit.Apply);
    }
}
