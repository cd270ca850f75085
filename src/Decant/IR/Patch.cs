namespace Decant.IR;

/// <summary>
/// One edit of a graph, as a value: nodes to add, values to read instead of others, nodes to change and to remove. A pass
/// makes it; a driver applies it.
/// </summary>
/// <param name="label">What the edit does to which node, <c>fold_batch_norms: conv1</c>.</param>
public sealed class Patch(string label)
{
    private readonly List<Node> _added = [];
    private readonly List<(Value Old, Value New)> _replaced = [];
    private readonly List<Node> _removed = [];
    private readonly List<(Node Node, Action<Node> Change)> _changed = [];
    private readonly List<(Node Node, string Name)> _renamed = [];

    /// <summary>What the edit does.</summary>
    public string Label { get; } = label;

    /// <summary>The nodes to add. Their names are wishes: those that are taken, and not by a node that the patch removes, get a number.</summary>
    public IReadOnlyList<Node> Added => _added;

    /// <summary>The values that are no longer read, and what is read instead.</summary>
    public IReadOnlyList<(Value Old, Value New)> Replaced => _replaced;

    /// <summary>The nodes to remove.</summary>
    public IReadOnlyList<Node> Removed => _removed;

    /// <summary>The nodes to change in place.</summary>
    public IReadOnlyList<(Node Node, Action<Node> Change)> Changed => _changed;

    /// <summary>The nodes that get other names, all at once and after the removals.</summary>
    public IReadOnlyList<(Node Node, string Name)> Renamed => _renamed;

    /// <summary>Adds a node, which may be an input of others of the patch.</summary>
    public Node Add(string name, OpName op, ReadOnlySpan<Value> inputs, AttributeMap? attributes = null)
    {
        var node = new Node(name, op);
        node.Inputs.AddRange(inputs);
        if (attributes is not null)
            node.Attributes = attributes;
        _added.Add(node);
        return node;
    }

    /// <summary>Adds a <c>Const</c>.</summary>
    public Node AddConst(string name, Tensor value) =>
        Add(name, "Const", [], new AttributeMap { { "dtype", value.DType }, { "value", new TensorAttr(value) } });

    /// <summary>Makes everything that reads a value read another, nodes of the patch excepted.</summary>
    public Patch Replace(Value old, Value with)
    {
        _replaced.Add((old, with));
        return this;
    }

    /// <summary>Removes a node, which nothing may read after the replacements.</summary>
    public Patch Remove(params ReadOnlySpan<Node> nodes)
    {
        _removed.AddRange(nodes);
        return this;
    }

    /// <summary>Changes a node's op, attributes, device or inputs in place.</summary>
    public Patch Change(Node node, Action<Node> change)
    {
        _changed.Add((node, change));
        return this;
    }

    /// <summary>Gives a node another name, a removed node's for example; the name is a wish as those of new nodes are.</summary>
    public Patch Rename(Node node, string name)
    {
        _renamed.Add((node, name));
        return this;
    }
}
