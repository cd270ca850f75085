using Decant.IR;

namespace Decant.Runtime;

/// <summary>
/// The nodes that some need, inputs before the nodes that read them. Depth first with a stack of its own: graphs may be deeper
/// than the call stack.
/// </summary>
internal static class NodeOrder
{
    public static List<Node> Of(IEnumerable<Node> roots, HashSet<Value> feeds)
    {
        const int Open = 1, Done = 2;
        HashSet<Node> fed = [.. feeds.Select(f => f.Node)];
        var order = new List<Node>();
        var state = new Dictionary<Node, int>();
        var stack = new Stack<(Node Node, int Next)>();
        foreach (Node root in roots)
        {
            if (state.TryAdd(root, Open))
                stack.Push((root, 0));
            while (stack.TryPop(out (Node Node, int Next) top))
            {
                (Node node, int next) = top;
                int count = node.Inputs.Count + node.ControlInputs.Count;
                if (next == count)
                {
                    state[node] = Done;
                    order.Add(node);
                    continue;
                }

                stack.Push((node, next + 1));
                bool isData = next < node.Inputs.Count;
                if (isData && (!node.Inputs[next].IsPresent || feeds.Contains(node.Inputs[next])))
                    continue;
                Node input = isData ? node.Inputs[next].Node : node.ControlInputs[next - node.Inputs.Count];
                if (!isData && fed.Contains(input))
                    continue;
                if (state.TryAdd(input, Open))
                    stack.Push((input, 0));
                else if (state[input] == Open)
                    throw GraphErrors.Cycle.At(node.At(), $"the graph has a cycle through '{input.Name}' and '{node.Name}'");
            }
        }

        return order;
    }
}
