using Decant.IR;

namespace Decant.Lowering.Fusions;

/// <summary>A subgraph whose operators are being joined, with who reads what.</summary>
internal sealed class FusionGraph
{
    private readonly Dictionary<Value, List<Node>> _readers = [];

    public FusionGraph(Function function)
    {
        Function = function;
        foreach (Node node in function.Nodes)
        {
            foreach (Value input in node.Inputs)
                Readers(input).Add(node);
        }
    }

    public Function Function { get; }

    /// <summary>The nodes that read a value, once for each input that does.</summary>
    public List<Node> Readers(Value value)
    {
        if (!value.IsPresent)
            return [];
        if (!_readers.TryGetValue(value, out List<Node>? readers))
            _readers[value] = readers = [];
        return readers;
    }

    /// <summary>Whether one input reads the value, and it is no result.</summary>
    public bool HasOneUse(Value value) => Readers(value).Count == 1 && !Function.Results.Exists(r => r.Value == value);

    /// <summary>The operator of a name that gives a value, and nothing else.</summary>
    public static Node? Producer(Value value, params ReadOnlySpan<string> operators) =>
        value is { IsPresent: true, Port: 0, Node.Op: { Dialect: Dialect.TFLite, Name: var name } } && operators.Contains(name) ? value.Node : null;

    /// <summary>Makes all that reads a value read another.</summary>
    public void Replace(Value old, Value with)
    {
        List<Node> readers = Readers(old);
        foreach (Node reader in readers.Distinct().ToList())
        {
            for (int i = 0; i < reader.Inputs.Count; i++)
            {
                if (reader.Inputs[i] == old)
                    reader.Inputs[i] = with;
            }
        }

        Readers(with).AddRange(readers);
        readers.Clear();
        for (int i = 0; i < Function.Results.Count; i++)
        {
            if (Function.Results[i].Value == old)
                Function.Results[i] = (Function.Results[i].Result, with);
        }
    }

    /// <summary>Lets an operator give what the one behind it gave, under that one's name, and removes that one.</summary>
    public void Absorb(Node into, Node last)
    {
        Replace(last, into);
        into.Facts = [last.Facts[0], .. into.Facts.Skip(1)];
        Remove(last);
        string name = last.Name;
        Function.Rename(last, Function.FreeName($"{name}/fused"));
        Function.Rename(into, name);
    }

    /// <summary>Makes a node read something else.</summary>
    public void SetInput(Node node, int index, Value value)
    {
        while (node.Inputs.Count <= index)
            node.Inputs.Add(default);
        Readers(node.Inputs[index]).Remove(node);
        node.Inputs[index] = value;
        Readers(value).Add(node);
    }

    /// <summary>Adds a constant.</summary>
    public Value Const(string name, Tensor value)
    {
        Node node = Function.AddConst(Function.FreeName(name), value);
        node.Facts = [Fact.Of(value)];
        return node;
    }

    /// <summary>Takes away what a node reads, so that it is no longer counted; it goes with what nobody needs.</summary>
    public void Remove(Node node)
    {
        foreach (Value input in node.Inputs)
            Readers(input).Remove(node);
        node.Inputs.Clear();
    }
}
