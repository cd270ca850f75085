using Decant.IR;
using Decant.Passes.Summarize;

namespace Decant.Passes.Transforms;

/// <summary>Puts nodes in the original's order of execution: inputs before readers, and what became ready last first.</summary>
internal sealed class SortByExecutionOrder() : Pass("sort_by_execution_order")
{
    public static PassEntry Entry { get; } = new("sort_by_execution_order", "Puts the nodes in an order in which they can run", _ => new SortByExecutionOrder());

    public override IEnumerable<Patch> Patches(PassContext context)
    {
        Graph graph = context.Graph;
        List<Node> order = ExecutionOrder.Of(graph);
        if (order.Count < graph.Nodes.Count)
        {
            HashSet<Node> sorted = [.. order];
            throw GraphErrors.Cycle.At(graph.Nodes.First(n => !sorted.Contains(n)).At(), $"{graph.Nodes.Count - order.Count} nodes in a cycle");
        }

        if (!order.SequenceEqual(graph.Nodes))
            yield return new Patch($"{Name}: {order.Count} nodes").Change(order[0], _ => graph.Reorder(order));
    }
}
