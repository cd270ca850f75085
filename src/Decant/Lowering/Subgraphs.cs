using Decant.IR;

namespace Decant.Lowering;

/// <summary>Drops what no result needs.</summary>
internal static class Subgraphs
{
    /// <summary>Removes operators whose results nobody reads, and subgraphs that nobody calls.</summary>
    public static void Prune(Model model, IEnumerable<Signature> signatures)
    {
        foreach (Function function in model.Functions.Values.Prepend((Function)model.Graph))
            Prune(function);
        string[] signed = [.. signatures.Where(s => s.Function is not null).Select(s => s.Function!)];
        HashSet<string> called = [.. signed, .. Called(model, [(Function)model.Graph, .. signed.Select(n => model.Functions[n])])];
        foreach (string name in model.Functions.Keys.Where(n => !called.Contains(n)).ToList())
            model.Functions.Remove(name);
    }

    /// <summary>The names of the subgraphs that some call, and of those that these call.</summary>
    public static IReadOnlyCollection<string> Called(Model model, IEnumerable<Function> callers)
    {
        HashSet<string> called = [];
        var open = new Stack<Function>(callers);
        while (open.TryPop(out Function? function))
        {
            foreach (string name in Called(function))
            {
                if (called.Add(name))
                    open.Push(model.Functions[name]);
            }
        }

        return called;
    }

    private static IEnumerable<string> Called(Function function) =>
        from node in function.Nodes
        from attribute in node.Attributes
        where node.Op.Dialect == Dialect.TFLite && attribute.Value is FunctionAttr
        select ((FunctionAttr)attribute.Value).Name;

    private static bool RunsForEffect(Node node) => node.Op.Dialect == Dialect.TFLite && node.Facts.Count == 0;

    public static void Prune(Function function)
    {
        var needed = new HashSet<Node>();
        var open = new Stack<Node>([.. function.Results.Select(r => r.Value.Node), .. function.ArgNodes, .. function.Nodes.Where(RunsForEffect)]);
        while (open.TryPop(out Node? node))
        {
            if (!needed.Add(node))
                continue;
            foreach (Value input in node.Inputs)
            {
                if (input.IsPresent)
                    open.Push(input.Node);
            }

            foreach (Node before in node.ControlInputs)
                open.Push(before);
        }

        function.RemoveAll(n => !needed.Contains(n));
    }
}
