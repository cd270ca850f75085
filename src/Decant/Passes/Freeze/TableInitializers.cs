using Decant.IR;

namespace Decant.Passes.Freeze;

/// <summary>Makes what reads a lookup table wait for the nodes that fill it, and decision forests for those that read their trees.</summary>
internal sealed class TableInitializers(Graph graph)
{
    public static bool IsInitializer(Node node) => node.Op.Name is "InitializeTable" or "InitializeTableV2"
        or "InitializeTableFromTextFile" or "InitializeTableFromTextFileV2" or "LookupTableImport" or "LookupTableImportV2" or "SimpleMLLoadModelFromPathWithHandle";

    public void Attach()
    {
        List<Node> initializers = [.. graph.Nodes.Where(n => IsInitializer(n) && n.Inputs.Count > 0)];
        if (initializers.Count == 0)
            return;
        ILookup<string, Node> byTable = initializers.ToLookup(n => Table(n.Inputs[0]));
        var upstream = initializers.ToDictionary(n => n, n => Reach.Backward([n]));
        foreach (Node node in graph.Nodes)
        {
            if (IsInitializer(node) || node.Op.Name is "Identity" or "IdentityN")
                continue;
            foreach (Node initializer in node.Inputs.Where(i => i.IsPresent && IsTable(Source(i).Node)).SelectMany(i => byTable[Table(i)]).Distinct())
            {
                if (!upstream[initializer].Contains(node) && !node.ControlInputs.Contains(initializer))
                    node.ControlInputs.Add(initializer);
            }
        }
    }

    private static bool IsTable(Node node) => node.Op.Name is "HashTable" or "HashTableV2" or "MutableHashTable" or "MutableHashTableV2"
        or "MutableDenseHashTable" or "MutableDenseHashTableV2" or "MutableHashTableOfTensors" or "MutableHashTableOfTensorsV2"
        or "SimpleMLCreateModelResource";

    /// <summary>The handle itself behind those that hand it on.</summary>
    public static Value Source(Value value)
    {
        while (value.Node.Op.Name is "Identity" or "IdentityN")
            value = value.Node.Inputs[value.Port];
        return value;
    }

    /// <summary>What two handles of the same table share: container and shared name, or the node's own name.</summary>
    private static string Table(Value handle)
    {
        Node node = Source(handle).Node;
        string shared = (node.Attributes["shared_name"] as StringAttr)?.Text ?? "";
        return shared.Length > 0 ? $"{(node.Attributes["container"] as StringAttr)?.Text}|{shared}" : $"node|{node.Name}";
    }
}
