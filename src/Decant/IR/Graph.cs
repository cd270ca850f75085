using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Decant.IR;

/// <summary>Nodes by name, in the order of the file they came from or in which they were added.</summary>
public class Graph
{
    private readonly Dictionary<string, Node> _byName;
    private readonly List<Node> _nodes;

    /// <summary>An empty graph.</summary>
    public Graph(int capacity = 0)
    {
        _byName = new Dictionary<string, Node>(capacity, StringComparer.Ordinal);
        _nodes = new List<Node>(capacity);
    }

    /// <summary>The nodes in order.</summary>
    public IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>What no <see cref="Node.Id"/> of the graph reaches.</summary>
    internal int IdLimit { get; private set; }

    /// <summary>The node of this name.</summary>
    /// <exception cref="ModelException">There is none.</exception>
    public Node this[string name] => _byName.TryGetValue(name, out Node? node) ? node : throw GraphErrors.NoSuchNode(this, name);

    /// <summary>Finds a node by name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out Node? node) => _byName.TryGetValue(name, out node);

    /// <summary>Finds a node by name without making a string of it.</summary>
    public bool TryGet(ReadOnlySpan<char> name, [NotNullWhen(true)] out Node? node) =>
        _byName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out node);

    /// <summary>The value that TensorFlow spells like this: <c>node</c> or <c>node:port</c>.</summary>
    /// <exception cref="ModelException">There is no such node.</exception>
    public Value Tensor(string name)
    {
        int colon = name.LastIndexOf(':');
        return colon > 0 && int.TryParse(name.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) ? new Value(this[name[..colon]], port) : this[name];
    }

    /// <summary>Makes room for this many nodes.</summary>
    public void EnsureCapacity(int count)
    {
        _byName.EnsureCapacity(count);
        _nodes.EnsureCapacity(count);
    }

    /// <summary>Adds a node; null when the name is taken.</summary>
    public Node? TryAdd(string name, OpName op)
    {
        var node = new Node(name, op);
        if (!_byName.TryAdd(name, node))
            return null;
        Append(node);
        return node;
    }

    /// <summary>Adds a node.</summary>
    /// <exception cref="ModelException">The name is taken.</exception>
    public Node Add(string name, OpName op) =>
        TryAdd(name, op) ?? throw GraphErrors.DuplicateName.At(new Location(Node: name, Op: op.ToString()), $"the graph has two nodes named '{name}'");

    /// <summary>Adds a node with inputs and attributes.</summary>
    public Node Add(string name, OpName op, ReadOnlySpan<Value> inputs, AttributeMap? attributes = null)
    {
        Node node = Add(name, op);
        node.Inputs.AddRange(inputs);
        if (attributes is not null)
            node.Attributes = attributes;
        return node;
    }

    /// <summary>Takes in a node that was made outside of graphs, under a name that is free.</summary>
    internal void Attach(Node node, string name)
    {
        node.Name = name;
        _byName.Add(name, node);
        Append(node);
    }

    private void Append(Node node)
    {
        node.Id = IdLimit++;
        _nodes.Add(node);
    }

    /// <summary>Adds a <c>Const</c>.</summary>
    public Node AddConst(string name, Tensor value) =>
        Add(name, "Const", [], new AttributeMap { { "dtype", value.DType }, { "value", new TensorAttr(value) } });

    /// <summary>A name that is free: the wanted one, or with the first free <c>_1</c>, <c>_2</c>, ... appended.</summary>
    public string FreeName(string wanted)
    {
        if (!_byName.ContainsKey(wanted))
            return wanted;
        for (int i = 1; ; i++)
        {
            string name = $"{wanted}_{i}";
            if (!_byName.ContainsKey(name))
                return name;
        }
    }

    /// <summary>Gives a node another name; edges stay, as they refer to the node.</summary>
    public void Rename(Node node, string name)
    {
        if (node.Name == name)
            return;
        if (!_byName.TryAdd(name, node))
            throw GraphErrors.DuplicateName.At(node.At(), $"cannot be renamed to '{name}': there is a node of that name");
        _byName.Remove(node.Name);
        node.Name = name;
    }

    /// <summary>Removes the nodes for which <paramref name="remove"/> says so. Edges to them must be gone or go with them.</summary>
    public int RemoveAll(Predicate<Node> remove) => _nodes.RemoveAll(node => remove(node) && _byName.Remove(node.Name));

    /// <summary>Puts the nodes in another order.</summary>
    public void Reorder(IEnumerable<Node> order)
    {
        List<Node> sorted = [.. order];
        if (sorted.Count != _nodes.Count)
            throw new ArgumentException($"the order has {sorted.Count} nodes, the graph {_nodes.Count}", nameof(order));
        _nodes.Clear();
        _nodes.AddRange(sorted);
    }

    /// <summary>Every node that reads a value of another, with the index of the input that does, by the node read.</summary>
    public Dictionary<Node, List<(Node User, int Input)>> Users()
    {
        var users = new Dictionary<Node, List<(Node, int)>>(_nodes.Count);
        foreach (Node node in _nodes)
        {
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                if (!node.Inputs[i].IsPresent)
                    continue;
                if (!users.TryGetValue(node.Inputs[i].Node, out List<(Node, int)>? list))
                    users[node.Inputs[i].Node] = list = [];
                list.Add((node, i));
            }
        }

        return users;
    }
}
