using Decant.IR;
using Decant.Ops.Catalogue;

namespace Decant.Passes.Transforms;

/// <summary>
/// Makes no node wait for others any more, so that asserts and the like are no longer needed. Waiting for what writes state (a table's
/// entries, a variable) stays, as what is read depends on it.
/// </summary>
internal sealed class RemoveControlDependencies() : Pass("remove_control_dependencies")
{
    public static PassEntry Entry { get; } = new("remove_control_dependencies", "Takes control inputs off nodes, except those from what writes state", _ => new RemoveControlDependencies());

    public override IEnumerable<Patch> Patches(PassContext context)
    {
        foreach (Node node in context.Graph.Nodes.Where(n => n.ControlInputs.Count > 0).ToList())
        {
            Node[] writers = [.. ((IEnumerable<Node>)node.ControlInputs).Where(c => Writes(c, context))];
            foreach (Node writer in writers)
                context.Decline(node, $"waits for '{writer.Name}', which writes state");
            if (writers.Length < node.ControlInputs.Count)
                yield return new Patch($"{Name}: {node.Name}").Change(node, n => n.ControlInputs.RemoveAll(c => !writers.Contains(c)));
        }
    }

    /// <summary>Whether a node writes to a resource or variable, or is a NoOp that stands for several of which one does.</summary>
    private static bool Writes(Node root, PassContext context)
    {
        var seen = new HashSet<Node> { root };
        var open = new Stack<Node>([root]);
        while (open.TryPop(out Node? node))
        {
            if (Effects.HasEffect(node, context.Model.Functions) && !Effects.OnlyReads(node)
                && OpCatalogue.Find(node.Op.Name) is { } op && op.Inputs.Any(i => i.IsRef || i.DType == DType.Resource))
            {
                return true;
            }

            foreach (Node before in node.Op == "NoOp" ? node.ControlInputs : [])
            {
                if (seen.Add(before))
                    open.Push(before);
            }
        }

        return false;
    }
}
