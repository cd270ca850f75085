using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>
/// Names nodes <c>0</c>, <c>1</c>, ..., <c>Z</c>, <c>10</c>, ...: digits, small letters, capitals. Inputs come before what reads them, else the
/// order is that of the file. Inputs and outputs of the graph keep their names, and no other node gets one of them.
/// </summary>
internal sealed class ObfuscateNames(string name) : Pass(name)
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    public static PassEntry Entry { get; } = new("obfuscate_names", "Gives nodes names of a few letters", _ => new ObfuscateNames("obfuscate_names"));

    /// <summary>The spelling of the original's first versions, which its guide kept.</summary>
    public static PassEntry OldEntry { get; } = new("obsfucate_names", "The older spelling of `obfuscate_names`", _ => new ObfuscateNames("obsfucate_names"));

    public override IEnumerable<Patch> Patches(PassContext context)
    {
        Graph graph = context.Graph;
        HashSet<string> required = [.. graph.Nodes.Where(context.IsKept).Select(n => n.Name)];
        var names = new Dictionary<string, string>(graph.Nodes.Count);
        var patch = new Patch($"{Name}: {graph.Nodes.Count - required.Count} names");
        long next = 0;
        foreach (Node node in TopologicalOrder.Of(graph).Where(n => !context.IsKept(n)))
        {
            string shortest;
            do
                shortest = Spell(next++);
            while (required.Contains(shortest));
            if (node.Name == shortest)
                continue;
            names[node.Name] = shortest;
            patch.Rename(node, shortest);
        }

        if (names.Count > 0)
            yield return patch.Change(graph.Nodes[0], _ => Colocation.Rename(graph, names));
    }

    private static string Spell(long number)
    {
        string text = "";
        do
            text = Digits[(int)(number % Digits.Length)] + text;
        while ((number /= Digits.Length) > 0);
        return text;
    }
}
