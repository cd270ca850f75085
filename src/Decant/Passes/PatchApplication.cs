using System.Globalization;
using Decant.IR;

namespace Decant.Passes;

/// <summary>Applies patches.</summary>
internal static class PatchApplication
{
    /// <summary>Applies a patch to the graph of a context.</summary>
    /// <returns>The nodes that are new or read something else than before, those that feed others first.</returns>
    public static List<Node> Apply(Patch patch, PassContext context)
    {
        Graph graph = context.Graph;
        var touched = new List<Node>(patch.Added);
        var removed = patch.Removed.ToHashSet();
        List<(Node Node, string Name)> renames = [.. patch.Renamed];
        foreach (Node node in patch.Added)
        {
            if (graph.TryGet(node.Name, out Node? there) && removed.Contains(there))
                renames.Add((node, node.Name));
            graph.Attach(node, graph.FreeName(node.Name));
            context.Connect(node);
        }

        var added = patch.Added.ToHashSet();
        foreach ((Node node, Action<Node> change) in patch.Changed)
        {
            context.Disconnect(node);
            change(node);
            context.Connect(node);
            touched.Add(node);
        }

        foreach ((Value old, Value with) in patch.Replaced)
            Replace(old, with, context, added, removed, touched);
        foreach (Node node in patch.Removed)
            Disconnect(node, patch, context, removed);
        if (removed.Count > 0)
            graph.RemoveAll(removed.Contains);
        foreach (Node node in patch.Removed.Where(context.IsKept))
            Keep(node, patch, context, added, renames);
        Rename(graph, renames);
        return touched;
    }

    private static void Replace(Value old, Value with, PassContext context, HashSet<Node> added, HashSet<Node> removed, List<Node> touched)
    {
        foreach (Node reader in context.Users(old.Node).Where(r => !added.Contains(r) && r != with.Node).ToList())
        {
            context.Disconnect(reader);
            for (int i = 0; i < reader.Inputs.Count; i++)
                reader.Inputs[i] = reader.Inputs[i] == old ? with : reader.Inputs[i];
            if (removed.Contains(old.Node) && reader.ControlInputs.Remove(old.Node) && !reader.ControlInputs.Contains(with.Node))
                reader.ControlInputs.Add(with.Node);
            context.Connect(reader);
            touched.Add(reader);
        }
    }

    /// <summary>Makes what waits for a node wait for what the node waits for.</summary>
    private static void Disconnect(Node node, Patch patch, PassContext context, HashSet<Node> removed)
    {
        foreach (Node reader in context.Users(node).Where(r => !removed.Contains(r)).ToList())
        {
            if (reader.Inputs.Exists(i => i.Node == node))
                throw new InvalidOperationException($"the edit '{patch.Label}' removes '{node.Name}', which '{reader.Name}' still reads");
            context.Disconnect(reader);
            reader.ControlInputs.Remove(node);
            reader.ControlInputs.AddRange(Waits(node, removed).Except(reader.ControlInputs).Where(n => n != reader));
            context.Connect(reader);
        }

        context.Disconnect(node);
    }

    /// <summary>What a removed node waits for and stays: of others that are removed too, what those wait for.</summary>
    private static List<Node> Waits(Node node, HashSet<Node> removed)
    {
        var waits = new List<Node>();
        var seen = new HashSet<Node>();
        var open = new Stack<Node>([node]);
        while (open.TryPop(out Node? next))
        {
            foreach (Node before in next.ControlInputs)
            {
                if (!seen.Add(before))
                    continue;
                if (removed.Contains(before))
                    open.Push(before);
                else
                    waits.Add(before);
            }
        }

        return waits;
    }

    /// <summary>Puts a node with the name of a removed one that must stay findable: what replaces it, or an Identity of that.</summary>
    private static void Keep(Node node, Patch patch, PassContext context, HashSet<Node> added, List<(Node Node, string Name)> renames)
    {
        Graph graph = context.Graph;
        string name = node.Name;
        Value with = patch.Replaced.FirstOrDefault(r => r.Old == new Value(node)).New;
        if (!with.IsPresent)
            throw new InvalidOperationException($"the edit '{patch.Label}' removes '{name}', which must be kept, without putting a value in its place");
        Node named = with.Node;
        if (with.Port == 0 && added.Contains(named) && !context.IsKept(named))
        {
            renames.RemoveAll(r => r.Node == named);
            renames.Add((named, name));
        }
        else if (with.Port != 0 || !renames.Contains((named, name)))
        {
            DType dtype = OutputTypes.Of(with, context.Model.Functions).Deref();
            named = graph.Add(name, "Identity", [with], new AttributeMap { { "T", dtype } });
            context.Connect(named);
        }

        context.Keep(node, named);
    }

    /// <summary>Gives all their names at once: first names that no other node can have, as they may be names of one another.</summary>
    private static void Rename(Graph graph, List<(Node Node, string Name)> renames)
    {
        for (int i = 0; i < renames.Count; i++)
            graph.Rename(renames[i].Node, graph.FreeName(string.Create(CultureInfo.InvariantCulture, $"\0{i}")));
        foreach ((Node node, string name) in renames)
            graph.Rename(node, graph.FreeName(name));
    }
}
