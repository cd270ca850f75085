namespace Decant.IR;

/// <summary>What nodes need.</summary>
internal static class Upstream
{
    /// <summary>These nodes and all whose values or effects they need; what nodes need whose values are given is left out.</summary>
    public static HashSet<Node> Of(IEnumerable<Node> roots, IEnumerable<Node>? given = null)
    {
        HashSet<Node> ends = given?.ToHashSet() ?? [];
        var reached = new HashSet<Node>();
        var open = new Stack<Node>();
        void Push(Node? node)
        {
            if (node is not null && reached.Add(node))
                open.Push(node);
        }

        foreach (Node root in roots)
            Push(root);
        while (open.TryPop(out Node? node))
        {
            if (ends.Contains(node))
                continue;
            foreach (Value input in node.Inputs)
                Push(input.Node);
            foreach (Node before in node.ControlInputs)
                Push(before);
        }

        return reached;
    }
}
