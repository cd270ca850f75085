using Decant.IR;
using Decant.Ops;

namespace Decant.Passes.Transforms;

/// <summary>
/// Keeps one of several nodes that compute the same from the same inputs, constants byte for byte. Inputs and outputs of the graph
/// stay, and so does what has effects, state or random numbers.
/// </summary>
internal sealed class MergeDuplicateNodes() : Pass("merge_duplicate_nodes")
{
    public static PassEntry Entry { get; } = new("merge_duplicate_nodes", "Keeps one of several nodes that compute the same", _ => new MergeDuplicateNodes());

    public override IEnumerable<Patch> Patches(PassContext context)
    {
        // In topological order the inputs of duplicates are one and the same node by the time that they are compared.
        var first = new HashSet<Node>(NodeEquality.Instance);
        foreach (Node node in TopologicalOrder.Of(context.Graph))
        {
            if (context.IsKept(node) || !Purity.IsPure(node) || !first.TryGetValue(node, out Node? same))
            {
                if (!context.IsKept(node) && Purity.IsPure(node))
                    first.Add(node);
                continue;
            }

            var patch = new Patch($"{Name}: {node.Name} is {same.Name}");
            foreach (int port in context.Users(node).SelectMany(u => u.Inputs.AsSpan().ToArray()).Where(i => i.Node == node).Select(i => i.Port).Append(0).Distinct())
                patch.Replace(new Value(node, port), new Value(same, port));
            yield return patch.Remove(node);
        }
    }
}
