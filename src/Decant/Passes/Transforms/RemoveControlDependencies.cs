using Decant.IR;
using Decant.Ops.Catalogue;

namespace Decant.Passes.Transforms;

/// <summary>
/// Makes no node wait for others any more, so that asserts and the like are no longer needed. Waiting for what writes state (a table's
/// entries, a variable) stays, as what is read depends on it, and so does what places a node without inputs in a branch or loop of TF1.
/// </summary>
internal sealed class RemoveControlDependencies() : Pass("remove_control_dependencies")
{
    public static PassEntry Entry { get; } = new("remove_control_dependencies", "Takes control inputs off nodes, except where state or TF1's branches depend on them", _ => new RemoveControlDependencies());

    public override IEnumerable<Patch> Patches(PassContext context)
    {
        HashSet<Node> inFlow = InFlow(context.Graph);
        foreach (Node node in context.Graph.Nodes.Where(n => n.ControlInputs.Count > 0).ToList())
        {
            if (node.ControlInputs.Exists(inFlow.Contains) && !node.Inputs.Exists(i => i.IsPresent && inFlow.Contains(i.Node)))
            {
                context.Decline(node, "is in a branch or loop by what it waits for");
                continue;
            }

            Node[] writers = [.. ((IEnumerable<Node>)node.ControlInputs).Where(c => Writes(c, context))];
            foreach (Node writer in writers)
                context.Decline(node, $"waits for '{writer.Name}', which writes state");
            if (writers.Length < node.ControlInputs.Count)
                yield return new Patch($"{Name}: {node.Name}").Change(node, n => n.ControlInputs.RemoveAll(c => !writers.Contains(c)));
        }
    }

    /// <summary>The nodes that TF1's control flow reaches.</summary>
    private static HashSet<Node> InFlow(Graph graph)
    {
        var reached = new HashSet<Node>();
        foreach (Node node in TopologicalOrder.Of(graph))
        {
            if (node.Op.Name is "Switch" or "RefSwitch" or "_SwitchN" or "Enter" or "RefEnter" || node.Inputs.Exists(i => i.IsPresent && reached.Contains(i.Node)) || node.ControlInputs.Exists(reached.Contains))
                reached.Add(node);
        }

        return reached;
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
