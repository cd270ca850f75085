using Decant.IR;

namespace Decant.Formats.TFJS;

/// <summary>
/// The graph that makes and fills lookup tables, and reads decision forests, before the first run is apart in a file, and a part of the main one here. Handles go
/// from one to the other by numbers, or, in models of TensorFlow 1, are tables of the same name in both.
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
        HashSet<Node> gone = [], read = [.. initializer.Graph.Nodes.SelectMany(n => n.Inputs.Select(i => i.Node).Concat(n.ControlInputs))];
        foreach (Node node in initializer.Graph.Nodes)
        {
            if (!graph.TryGet(node.Name, out Node? twin) || !IsTable(node) || twin.Op != node.Op)
                continue;
            Replace(initializer.Graph, node, twin);
            gone.Add(node);
        }

        var names = new Dictionary<Node, string>();
        foreach ((long number, string tensor) in signature?.Resources ?? new Dictionary<long, string>())
        {
            Node placeholder = graph.Tensor(tensor).Node;
            if (!handles.TryGetValue(number, out Value handle))
                throw FormatErrors.BadWeights.At(new Location(Node: tensor), $"is the table {number}, which the model's initializer does not make");
            // What hands it on waits for the table to be filled, which now comes before any run.
            if (handle.Node.Op == "Identity" && !read.Contains(handle.Node) && handle.Node.Inputs is [{ IsPresent: true } table])
            {
                gone.Add(handle.Node);
                handle = table;
            }

            Replace(graph, placeholder, handle);
            graph.RemoveAll(n => n == placeholder);
            names.TryAdd(handle.Node, placeholder.Name);
        }

        foreach (Node node in initializer.Graph.Nodes.Where(n => !gone.Contains(n)))
            graph.Attach(node, graph.FreeName(names.GetValueOrDefault(node, node.Name)));
        model.TensorFlow.TableInitializers = [.. graph.Nodes.Where(IsFilling).Select(n => n.Name)];
    }

    /// <summary>Takes the nodes that make and fill tables out of a graph, where handles are placeholders instead.</summary>
    /// <param name="graph">The graph, which is changed.</param>
    /// <param name="wanted">The nodes that the signature names, which stay.</param>
    /// <returns>The initializer, and for each table the placeholder and the node of the initializer that gives the handle; null when there is nothing to fill.</returns>
    public static (Graph Graph, IReadOnlyList<(Node Placeholder, Node Handle)> Tables)? Split(Graph graph, IReadOnlySet<string> wanted)
    {
        Node[] filling = [.. graph.Nodes.Where(n => IsFilling(n) && n.Inputs is [{ IsPresent: true } table, ..] && IsTable(table.Node))];
        HashSet<Node> made = Upstream.Of(filling);
        // What depends on what is fed, or calls functions, cannot be computed apart.
        if (filling.Length == 0 || made.Any(n => n.Op.Name.StartsWith("Placeholder", StringComparison.Ordinal) || n.Attributes.Any(a => a.Value is FunctionAttr)))
            return null;
        var initializer = new Graph(made.Count);
        Dictionary<Node, Node> copies = [];
        foreach (Node node in graph.Nodes.Where(made.Contains))
        {
            Node copy = copies[node] = initializer.Add(node.Name, node.Op);
            (copy.Attributes, copy.OutputNames) = (node.Attributes, node.OutputNames);
        }

        foreach ((Node node, Node copy) in copies)
        {
            foreach (Value input in node.Inputs)
                copy.Inputs.Add(input with { Node = copies[input.Node] });
            foreach (Node before in node.ControlInputs)
                copy.ControlInputs.Add(copies[before]);
        }

        List<(Node, Node)> tables = [];
        foreach (Node table in graph.Nodes.Where(n => made.Contains(n) && IsTable(n)).ToList())
        {
            string name = table.Name;
            Node handle = initializer.Add(initializer.FreeName("Identity"), "Identity", [copies[table]], new AttributeMap { { "T", DType.Resource } });
            foreach (Node fill in filling.Where(f => f.Inputs[0].Node == table))
                handle.ControlInputs.Add(copies[fill]);
            var placeholder = new Node(graph.FreeName(name), "Placeholder") { Attributes = new AttributeMap { { "dtype", DType.Resource }, { "shape", Shape.Scalar } } };
            Replace(graph, table, placeholder);
            graph.RemoveAll(n => n == table);
            graph.Attach(placeholder, name);
            tables.Add((placeholder, handle));
        }

        HashSet<Node> fillers = [.. filling];
        foreach (Node node in graph.Nodes)
            node.ControlInputs.RemoveAll(fillers.Contains);
        graph.RemoveAll(fillers.Contains);
        HashSet<Node> needed = Upstream.Of(graph.Nodes.Where(n => !made.Contains(n) || wanted.Contains(n.Name)));
        graph.RemoveAll(n => made.Contains(n) && !needed.Contains(n));
        return (initializer, tables);
    }

    private static bool IsTable(Node node) => node.Op.Name is "HashTable" or "HashTableV2" or "SimpleMLCreateModelResource";

    private static bool IsFilling(Node node) => node.Op.Name is "InitializeTable" or "InitializeTableV2" or "LookupTableImport" or "LookupTableImportV2"
        or "SimpleMLLoadModelFromPathWithHandle";

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
