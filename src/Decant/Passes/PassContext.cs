using Decant.IR;

namespace Decant.Passes;

/// <summary>What a pass may know while it runs over one graph.</summary>
public sealed class PassContext
{
    private readonly HashSet<Node> _kept;
    private readonly List<Value> _inputs;
    private readonly List<Value> _outputs;
    private readonly List<Decline> _declines = [];
    private readonly HashSet<(Node, string)> _declined = [];
    private string _pass = "";

    internal PassContext(Model model, Graph graph, IEnumerable<Node> kept, IEnumerable<Value> inputs, IEnumerable<Value> outputs)
    {
        (Model, Graph, _inputs, _outputs) = (model, graph, [.. inputs], [.. outputs]);
        _kept = [.. kept, .. _inputs.Concat(_outputs).Select(v => v.Node)];
        foreach (Node node in graph.Nodes)
            Connect(node);
    }

    /// <summary>The model.</summary>
    public Model Model { get; }

    /// <summary>The graph that is changed.</summary>
    public Graph Graph { get; }

    /// <summary>The values that are given from outside, as the user named them.</summary>
    public IReadOnlyList<Value> Inputs => _inputs;

    /// <summary>The values that are wanted, as the user named them.</summary>
    public IReadOnlyList<Value> Outputs => _outputs;

    /// <summary>What passes found but did not take.</summary>
    public IReadOnlyList<Decline> Declines => _declines;

    internal Dictionary<Node, Dictionary<Node, int>> Readers { get; } = [];

    internal IReadOnlyCollection<Node> Kept => _kept;

    /// <summary>Whether a node is still in the graph.</summary>
    public bool IsThere(Node node) => Graph.TryGet(node.Name, out Node? there) && there == node;

    /// <summary>The nodes that read a value of a node or wait for it.</summary>
    public IReadOnlyCollection<Node> Users(Node node) => Readers.TryGetValue(node, out Dictionary<Node, int>? readers) ? readers.Keys : [];

    /// <summary>Whether exactly one input reads the node's outputs, nothing waits for it, and its name need not be kept.</summary>
    public bool HasOneUse(Node node) => !IsKept(node) && Readers.TryGetValue(node, out Dictionary<Node, int>? readers) && readers is { Count: 1 } && readers.Values.Single() == 1
        && !readers.Keys.Single().ControlInputs.Contains(node);

    /// <summary>Whether a node and nothing else needs another: reads it any number of times, and does not wait for it.</summary>
    public bool IsOnlyReadBy(Node node, Node reader) => !IsKept(node) && Users(node) is { Count: 1 } users && users.Single() == reader && !reader.ControlInputs.Contains(node);

    /// <summary>Whether nothing reads, and nobody wants, another output of a node than its first.</summary>
    public bool HasOneOutputInUse(Node node) =>
        Users(node).All(u => !u.Inputs.Exists(i => i.Node == node && i.Port != 0)) && !_inputs.Concat(_outputs).Any(v => v.Node == node && v.Port != 0);

    /// <summary>Whether the node must stay findable by its name with the same outputs.</summary>
    public bool IsKept(Node node) => _kept.Contains(node);

    /// <summary>Says why a match is not taken.</summary>
    /// <returns>Null, to be returned in the place of a patch.</returns>
    public Patch? Decline(Node node, string reason)
    {
        if (_declined.Add((node, reason)))
            _declines.Add(new Decline(_pass, node.Name, reason));
        return null;
    }

    /// <summary>Says what the user should know of a pass as a whole.</summary>
    public void Note(string message)
    {
        var note = new Decline(_pass, "", message);
        if (!_declines.Contains(note))
            _declines.Add(note);
    }

    internal void Begin(Pass pass) => _pass = pass.Name;

    internal void Keep(Node node, Node instead)
    {
        if (!_kept.Remove(node))
            return;
        _kept.Add(instead);
        foreach (List<Value> values in (ReadOnlySpan<List<Value>>)[_inputs, _outputs])
        {
            for (int i = 0; i < values.Count; i++)
                values[i] = values[i].Node == node ? values[i] with { Node = instead } : values[i];
        }
    }

    internal void Connect(Node node) => Count(node, 1);

    internal void Disconnect(Node node) => Count(node, -1);

    private void Count(Node reader, int by)
    {
        foreach (Node read in reader.Inputs.Where(i => i.IsPresent).Select(i => i.Node).Concat(reader.ControlInputs))
        {
            if (!Readers.TryGetValue(read, out Dictionary<Node, int>? readers))
                Readers[read] = readers = [];
            int count = readers.GetValueOrDefault(reader) + by;
            if (count == 0)
                readers.Remove(reader);
            else
                readers[reader] = count;
        }
    }
}

/// <summary>A match that a pass did not take, or what there is to say of the pass as a whole.</summary>
/// <param name="Pass">The pass.</param>
/// <param name="Node">The node, or empty.</param>
/// <param name="Reason">Why.</param>
public sealed record Decline(string Pass, string Node, string Reason)
{
    /// <inheritdoc />
    public override string ToString() => Node.Length == 0 ? $"{Pass}: {Reason}" : $"{Pass}: {Node}: {Reason}";
}
