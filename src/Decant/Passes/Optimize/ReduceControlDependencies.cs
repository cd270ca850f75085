using Decant.IR;

namespace Decant.Passes.Optimize;

/// <summary>
/// Removes control edges that order nothing: from a node that has no effect and needs none that has, and from one for which
/// another path already waits. An edge from a node that only was waited for becomes edges from what that needs.
/// </summary>
internal sealed class ReduceControlDependencies() : Pass("reduce_control_dependencies")
{
    public override IEnumerable<Patch> Patches(PassContext context)
    {
        var ordering = new Ordering(context);
        foreach (Node node in TopologicalOrder.Of(context.Graph))
        {
            Node[] before = node.ControlInputs.AsSpan().ToArray();
            if (before.Length == 0 || !context.IsThere(node))
                continue;
            Node[] kept = [.. before.SelectMany(b => Needed(b, ordering, context)).Distinct().Where(b => b != node)];
            kept = [.. kept.Where(b => !IsImplied(node, b, kept))];
            if (kept.Length > before.Length || kept.ToHashSet().SetEquals(before))
                continue;
            yield return new Patch($"{Name}: {node.Name} ({before.Length} to {kept.Length})").Change(node, n =>
            {
                n.ControlInputs.Clear();
                n.ControlInputs.AddRange(kept);
            });
        }
    }

    /// <summary>The nodes for which one must wait when one waits for a node.</summary>
    private static IEnumerable<Node> Needed(Node before, Ordering ordering, PassContext context)
    {
        if (!ordering.Matters(before))
            return [];
        Node[] inputs = [.. before.Inputs.Where(v => v.IsPresent).Select(v => v.Node)];
        Node[] needs = [.. inputs.Concat(before.ControlInputs).Where(ordering.Matters).Distinct()];
        bool isPlain = !Ordering.HasEffect(before, context) && !Ordering.IsControlFlow(before) && !Array.Exists(inputs, Ordering.IsControlFlow) && !context.IsKept(before) && before.Op != Function.ArgOp;
        return isPlain && needs.Length <= 1 && !context.Users(before).Any(u => u.Inputs.Exists(v => v.Node == before)) ? needs : [before];
    }

    /// <summary>Whether a node waits for another already because it needs something else that does. A <c>Merge</c> waits for one input only.</summary>
    private static bool IsImplied(Node node, Node before, Node[] others)
    {
        const int MaxVisited = 10_000;
        var open = new Stack<Node>(node.Inputs.Where(v => v.IsPresent).Select(v => v.Node).Concat(others.Where(o => o != before)));
        var reached = new HashSet<Node>(open);
        while (open.TryPop(out Node? next) && reached.Count < MaxVisited)
        {
            if (next == before)
                return true;
            if (next.Op.Name is "Merge" or "RefMerge")
                continue;
            foreach (Node input in next.Inputs.Where(v => v.IsPresent).Select(v => v.Node).Concat(next.ControlInputs))
            {
                if (reached.Add(input))
                    open.Push(input);
            }
        }

        return false;
    }
}
