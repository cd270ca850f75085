using Decant.IR;

namespace Decant.Formats.TFJS;

/// <summary>
/// The graph that makes and fills lookup tables before the first run becomes a part of the main one. Handles go from one to the
/// other by numbers, or, in models of TensorFlow 1, are tables of the same name in both.
/// </summary>
internal static class Initializer
{
    /// <summary>Moves the nodes of an initializer into a model's graph.</summary>
    /// <param name="model">The model.</param>
    /// <param name="initializer">The initializer, which is empty of meaning afterwards.</param>
    /// <param name="made">The initializer's signature: the tables that it makes.</param>
    /// <param name="signature">The model's signature: the tables that it takes.</param>
    /// <exception cref="ModelException">The model takes a table that is not made.</exception>
    public static void Merge(Model model, Model initializer, SignatureJson? made, SignatureJson? signature)
    {
        Graph graph = model.Graph;
        foreach ((string name, Function function) in initializer.Functions)
            model.Functions.TryAdd(name, function);
        var handles = new Dictionary<long, Value>();
        foreach ((long number, string tensor) in made?.Resources ?? new Dictionary<long, string>())
            handles[number] = initializer.Graph.Tensor(tensor);
        List<(Node From, Value To)> replaced = [];
        foreach (Node node in initializer.Graph.Nodes)
        {
            if (graph.TryGet(node.Name, out Node? twin) && IsTable(node) && twin.Op == node.Op)
                replaced.Add((node, twin));
            graph.Attach(node, graph.FreeName(node.Name));
        }

        foreach ((long number, string tensor) in signature?.Resources ?? new Dictionary<long, string>())
        {
            replaced.Add((graph.Tensor(tensor).Node, handles.TryGetValue(number, out Value handle) ? handle
                : throw FormatErrors.BadWeights.At(new Location(Node: tensor), $"is the table {number}, which the model's initializer does not make")));
        }

        foreach ((Node from, Value to) in replaced)
            Replace(graph, from, to);
        HashSet<Node> gone = [.. replaced.Select(r => r.From)];
        graph.RemoveAll(gone.Contains);
        model.TensorFlow.TableInitializers = [.. graph.Nodes.Where(IsFilling).Select(n => n.Name)];
    }

    private static bool IsTable(Node node) => node.Op.Name is "HashTable" or "HashTableV2";

    private static bool IsFilling(Node node) => node.Op.Name is "InitializeTable" or "InitializeTableV2" or "LookupTableImport" or "LookupTableImportV2";

    private static void Replace(Graph graph, Node node, Value by)
    {
        foreach (Node user in graph.Nodes)
        {
            for (int i = 0; i < user.Inputs.Count; i++)
            {
                if (user.Inputs[i].Node == node)
                    user.Inputs[i] = by;
            }

            if (user.ControlInputs.Remove(node) && !user.ControlInputs.Contains(by.Node))
                user.ControlInputs.Add(by.Node);
        }
    }
}
