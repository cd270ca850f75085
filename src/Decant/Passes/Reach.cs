using Decant.IR;

namespace Decant.Passes;

/// <summary>What a node needs, directly and through others.</summary>
internal static class Reach
{
    /// <summary>These nodes and all whose values or effects they need; what nodes need whose values are given is left out.</summary>
    public static HashSet<Node> Backward(IEnumerable<Node> roots, IEnumerable<Node>? given = null) => Upstream.Of(roots, given);

    /// <summary>The functions that nodes call, and those that these call, in the order of the model.</summary>
    public static IEnumerable<string> Functions(IEnumerable<Node> nodes, IReadOnlyDictionary<string, Function> functions)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<Function>();
        void Push(IEnumerable<Node> callers)
        {
            foreach (string name in callers.SelectMany(n => Effects.Called(n).Append(n.Op.Name)))
            {
                if (functions.TryGetValue(name, out Function? function) && reached.Add(name))
                    open.Push(function);
            }
        }

        Push(nodes);
        while (open.TryPop(out Function? function))
            Push(function.Nodes);
        return functions.Keys.Where(reached.Contains);
    }
}
