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
        foreach (Node node in patch.Added)
        {
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
        {
            foreach (Node reader in context.Users(old.Node).Where(r => !added.Contains(r) && r != with.Node).ToList())
            {
                context.Disconnect(reader);
                for (int i = 0; i < reader.Inputs.Count; i++)
                    reader.Inputs[i] = reader.Inputs[i] == old ? with : reader.Inputs[i];
                if (patch.Removed.Contains(old.Node) && reader.ControlInputs.Remove(old.Node) && !reader.ControlInputs.Contains(with.Node))
                    reader.ControlInputs.Add(with.Node);
                context.Connect(reader);
                touched.Add(reader);
            }
        }

        HashSet<Node> removed = [.. patch.Removed];
        foreach (Node node in patch.Removed)
            Detach(node, patch, context, removed);
        if (removed.Count > 0)
            graph.RemoveAll(removed.Contains);
        foreach (Node node in patch.Removed.Where(context.IsKept))
            PutInPlace(node, patch, context, added);
        return touched;
    }

    /// <summary>Makes what waits for a node wait for what the node waits for.</summary>
    private static void Detach(Node node, Patch patch, PassContext context, HashSet<Node> removed)
    {
        foreach (Node reader in context.Users(node).Where(r => !removed.Contains(r)).ToList())
        {
            if (reader.Inputs.Exists(i => i.Node == node))
                throw new InvalidOperationException($"the edit '{patch.Label}' removes '{node.Name}', which '{reader.Name}' still reads");
            context.Disconnect(reader);
            reader.ControlInputs.Remove(node);
            reader.ControlInputs.AddRange(Waits(node, removed).Distinct().Except(reader.ControlInputs).Where(n => n != reader));
            context.Connect(reader);
        }

        context.Disconnect(node);
    }

    /// <summary>What a removed node waits for and stays: of others that are removed too, what those wait for.</summary>
    private static IEnumerable<Node> Waits(Node node, HashSet<Node> removed)
    {
        foreach (Node before in node.ControlInputs)
        {
            if (!removed.Contains(before))
                yield return before;
            else
                foreach (Node earlier in Waits(before, removed))
                    yield return earlier;
        }
    }

    /// <summary>Gives what replaces a kept node the name of that.</summary>
    private static void PutInPlace(Node node, Patch patch, PassContext context, HashSet<Node> added)
    {
        Graph graph = context.Graph;
        string name = node.Name;
        Value with = patch.Replaced.FirstOrDefault(r => r.Old == new Value(node)).New;
        if (!with.IsPresent)
            throw new InvalidOperationException($"the edit '{patch.Label}' removes '{name}', which must be kept, without putting a value in its place");
        Node named = with.Node;
        if (with.Port == 0 && added.Contains(with.Node))
        {
            graph.Rename(with.Node, name);
        }
        else
        {
            DType dtype = OutputTypes.Of(with, context.Model.Functions).Deref();
            named = graph.Add(name, "Identity", [with], new AttributeMap { { "T", dtype } });
            context.Connect(named);
        }

        context.Keep(node, named);
    }
}
