using Decant.IR;

namespace Decant.Passes;

/// <summary>A change of graphs for one purpose, which it makes as patches.</summary>
public abstract class Pass(string name)
{
    /// <summary>The name in the pass table and in labels.</summary>
    public string Name { get; } = name;

    /// <summary>Whether a fault of the model that stops the pass stops the pass alone, and not those behind it.</summary>
    public bool IgnoresErrors { get; set; }

    /// <summary>
    /// The edits of a graph, one at a time: each is applied before the next is asked for, so what the context tells is
    /// always up to date. A match that cannot be taken is declined with the reason, and is no error.
    /// </summary>
    public abstract IEnumerable<Patch> Patches(PassContext context);
}

/// <summary>A pass that looks at one node at a time, in topological order, again and again until it finds nothing more.</summary>
public abstract class NodePass(string name) : Pass(name)
{
    /// <inheritdoc />
    public sealed override IEnumerable<Patch> Patches(PassContext context)
    {
        for (bool changed = true; changed;)
        {
            changed = false;
            foreach (Node node in TopologicalOrder.Of(context.Graph))
            {
                if (!context.IsThere(node) || Try(node, context) is not { } patch)
                    continue;
                changed = true;
                yield return patch;
            }
        }
    }

    /// <summary>The edit of which this node is the last one, or null.</summary>
    protected abstract Patch? Try(Node node, PassContext context);
}
