namespace Decant.IR;

/// <summary>One op applied to values. Nodes belong to one <see cref="Graph"/>, which finds them by name.</summary>
public sealed class Node
{
    private EdgeList<Value> _inputs;
    private EdgeList<Node> _controlInputs;

    internal Node(string name, OpName op)
    {
        Name = name;
        Op = op;
    }

    /// <summary>The name, unique in its graph. Renamed by <see cref="Graph.Rename"/>.</summary>
    public string Name { get; internal set; }

    /// <summary>A number of the node in its graph, below <see cref="Graph.IdLimit"/>: for tables by node that need no hashing.</summary>
    internal int Id { get; set; }

    /// <summary>Which op.</summary>
    public OpName Op { get; set; }

    /// <summary>The data inputs in the op's order.</summary>
    public ref EdgeList<Value> Inputs => ref _inputs;

    /// <summary>Nodes that must have run before.</summary>
    public ref EdgeList<Node> ControlInputs => ref _controlInputs;

    /// <summary>The attributes that are given; defaults are the op catalogue's.</summary>
    public AttributeMap Attributes { get; set; } = new();

    /// <summary>The device the graph asks for, or empty.</summary>
    public string Device { get; set; } = "";

    /// <summary>What is known of each output; empty until inferred.</summary>
    public IReadOnlyList<Fact> Facts { get; set; } = [];

    /// <summary>Fields of the node's encoding that Decant keeps without reading them (debug info, full types, unknown ones).</summary>
    public BufferSlice Unknown { get; set; }

    /// <summary>
    /// In function bodies, for ops that the catalogue does not know: the names by which the file refers to each output
    /// (<c>out:0</c>), by port. Null elsewhere.
    /// </summary>
    public IReadOnlyList<string>? OutputNames { get; set; }

    /// <summary>
    /// What a TensorFlow Lite file declares of each output, and behind those of the operator's intermediate tensors, whose
    /// quantization counts. Empty elsewhere.
    /// </summary>
    public IReadOnlyList<TensorSpec> Tensors { get; set; } = [];

    /// <summary>What is known of an output; <see cref="Fact.None"/> when nothing is.</summary>
    public Fact Fact(int port) => port < Facts.Count ? Facts[port] : IR.Fact.None;

    /// <summary>Where a fault of this node is.</summary>
    public Location At(string? attribute = null) => new(Node: Name, Op: Op.ToString(), Attribute: attribute);

    /// <inheritdoc />
    public override string ToString() => $"{Name} ({Op})";
}
